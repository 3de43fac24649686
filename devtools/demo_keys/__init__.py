"""This room makes the authority, keys and seal of the demonstration and the tests."""
