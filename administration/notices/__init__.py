"""Public notices, as a whole and line by line."""
