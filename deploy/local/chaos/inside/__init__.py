"""What only the harness adds to a service: moments to die at, guarantees switched off, and notes of what was seen."""

SWITCH, FOLDER, NAME = "KARYA_CHAOS_SWITCH", "KARYA_CHAOS_FOLDER", "KARYA_CHAOS_NAME"
"""Environment: a guarantee to do without, where the harness's files are, what the replica is recorded as."""
