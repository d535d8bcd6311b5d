"""A past for an installation: months of sales that were booked and told, written by SQL straight into the databases."""
