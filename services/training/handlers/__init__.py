"""Every change of training's data: read, decide, store, say."""
