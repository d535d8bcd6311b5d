"""Training's decisions and values: pure and synchronous."""
