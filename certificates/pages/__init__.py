"""This room shows certificates to persons, enterprises and offices."""
