"""This room imports tables: they are uploaded, queued, run and reported row by row."""
