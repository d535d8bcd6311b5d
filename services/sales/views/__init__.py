"""Every question that sales answers."""
