"""The catalog's decisions: pure and synchronous."""
