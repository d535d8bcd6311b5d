"""Batches of payouts, write-offs, who agreed to them, and the ledger as they read it."""
