"""In this room the municipal office reviews entries."""
