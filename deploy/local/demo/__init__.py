"""The demo: a whole programme played through the gateway on real till data, and its books counted a second time."""
