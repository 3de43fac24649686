"""Logins on the phone: by face, by QR code of a web session, by password."""
