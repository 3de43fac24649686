"""This room records that a person has died, and takes it back where it was an error; two people decide it."""
