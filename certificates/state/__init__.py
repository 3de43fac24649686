"""Legal state and displayed status of a certificate, computed and stored."""
