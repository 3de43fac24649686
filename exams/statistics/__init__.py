"""In this room the figures of each exam are counted."""
