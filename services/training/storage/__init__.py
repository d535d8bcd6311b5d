"""Every statement that changes training's data, and the reads that its decisions need."""
