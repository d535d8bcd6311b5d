"""The outlets' tills: what they hand in, by both ways, and their own record of what was confirmed."""
