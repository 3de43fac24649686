"""Measures pages on a database of made-up people of any size: `manage.py bench`."""
