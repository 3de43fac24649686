"""The audit: names of its actions and the chain of hashes over its entries."""
