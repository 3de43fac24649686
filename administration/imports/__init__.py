"""Imports of tables: uploaded, queued, run and reported row by row."""
