"""Payouts through the cooperatives, and debts that are written off: nothing happens without two people."""
