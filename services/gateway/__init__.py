"""The gateway: the only HTTP. It knows who may ask what, and nothing of crafts, stock or money."""
