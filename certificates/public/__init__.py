"""In this room anybody looks up a certificate, opens the QR page, and verifies a file."""
