"""The doors by which sessions open, and the security page of each login."""
