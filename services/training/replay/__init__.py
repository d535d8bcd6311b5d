"""The funnel made anew out of nothing but the event logs."""
