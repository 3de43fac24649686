"""Tests of lists that offices take out of the portal."""
