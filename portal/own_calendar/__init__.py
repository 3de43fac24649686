"""This room gives persons a calendar file with their exam days and the ends of their certificates."""
