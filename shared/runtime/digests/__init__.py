"""Consumers compare with their producers what has arrived, and have sent again what has not."""
