"""This room shows the pages of the workflow: one set of pages for every business and every party."""
