"""This room limits and counts lookups of people by ID number and shows unusual ones."""
