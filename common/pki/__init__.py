"""Reads certificates, keys and their encodings for e-certificates and CA keys."""
