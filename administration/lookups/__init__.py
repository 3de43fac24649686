"""This room limits lookups of people by ID number and raises alarms about them."""
