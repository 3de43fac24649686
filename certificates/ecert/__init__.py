"""The e-certificate: face (what is printed) → layout → render (PDF) or preview (image). Knows no models."""
