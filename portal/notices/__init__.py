"""This room shows the public notice board."""
