"""This room keeps the audit: names of its actions and the chain of hashes over its entries."""
