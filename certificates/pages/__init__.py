"""Pages that show certificates to persons, enterprises and offices."""
