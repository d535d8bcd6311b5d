"""Notify: tells makers what concerns them, once for each cause, in their language and by a way they agreed to."""
