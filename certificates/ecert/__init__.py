"""Makes the e-certificate: face (what is printed) → layout → render (PDF) or preview (image), without models."""
