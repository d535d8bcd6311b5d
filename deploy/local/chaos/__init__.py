"""Faults against invariants: a private installation is broken in every planned way, and its books are checked."""
