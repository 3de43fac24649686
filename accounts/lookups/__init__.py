"""Looks for people by ID number: limited, counted, and shown when unusual."""
