"""This room keeps the calendar of working days."""
