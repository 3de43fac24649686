"""This room reads tables that offices upload (csv and xlsx)."""
