"""This room publishes notices and withdraws them, as a whole and line by line."""
