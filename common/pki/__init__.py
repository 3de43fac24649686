"""Certificates, keys and the encodings around them, shared by e-certificates and CA keys."""
