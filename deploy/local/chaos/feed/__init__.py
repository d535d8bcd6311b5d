"""What the tills will report, made from a seed: pure, and the same for the same seed, goods and moment."""
