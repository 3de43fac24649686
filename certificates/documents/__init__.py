"""In this room signed documents are made by the worker, stored and downloaded."""
