"""Signed documents: made by the worker, kept, downloaded."""
