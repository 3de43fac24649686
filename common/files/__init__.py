"""Uploaded files and pictures: what is accepted, and how it is read within limits."""
