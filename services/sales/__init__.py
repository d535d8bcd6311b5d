"""Sales: outlets and their agreements, consigned stock, tills' reports, the split of every piece, the ledger."""
