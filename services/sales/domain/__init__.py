"""Decisions and values of sales: pure and synchronous."""
