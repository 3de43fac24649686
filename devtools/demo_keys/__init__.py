"""The authority, keys and seal of the demonstration and the tests."""
