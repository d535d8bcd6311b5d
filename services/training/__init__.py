"""Training: who the makers are, what they are taught, minute by minute, and what they complete."""
