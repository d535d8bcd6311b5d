"""What a replay reads: the logs of several services as one, and what of them one has taken in."""
