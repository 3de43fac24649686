"""Certificates of other provinces: the imported register and what persons declare."""
