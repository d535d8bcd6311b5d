"""Every change in the catalog: read, decide, store, say."""
