"""This room imports files in the back office."""
