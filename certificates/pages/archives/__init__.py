"""This room packs all e-certificates of an enterprise's people into one file."""
