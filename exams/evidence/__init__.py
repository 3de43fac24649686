"""In this room persons upload the scans that prove education, title and years of work, and offices open them."""
