"""Sign-up of employees by their enterprise, and whether each may."""
