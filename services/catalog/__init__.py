"""Catalog: what makers hand in, what jurors say of it, the products that come of it and their dated prices."""
