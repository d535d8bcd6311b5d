"""Every change in sales: read, decide, store, tell."""
