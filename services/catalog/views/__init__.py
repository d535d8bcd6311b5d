"""Every question about the catalog: SQL in, contract reply out."""
