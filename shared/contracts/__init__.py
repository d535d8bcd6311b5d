"""The published language: what services say to each other, one file per owner. No I/O, no rules."""
