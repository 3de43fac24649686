"""This room makes pictures at run time that attack the recognition of faces, and counts how many pass as a live head."""
