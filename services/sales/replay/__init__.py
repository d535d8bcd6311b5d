"""The books made anew out of nothing but the event logs: what was booked is posted again, and nothing is decided."""
