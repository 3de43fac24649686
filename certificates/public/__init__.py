"""Public lookup, the QR page and the verification of uploaded files."""
