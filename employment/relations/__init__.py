"""This room starts, shows and ends employments."""
