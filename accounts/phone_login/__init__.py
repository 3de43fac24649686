"""This room logs in on the phone: by face, by QR code of a web session, or by password."""
