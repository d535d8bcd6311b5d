"""Every question that training answers."""
