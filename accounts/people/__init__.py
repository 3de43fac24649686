"""This room keeps the identity and the profile of persons and says what is missing."""
