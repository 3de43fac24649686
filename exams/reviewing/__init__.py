"""Review of entries by the municipal office."""
