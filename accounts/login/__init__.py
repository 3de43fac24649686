"""This room holds the login pages and the security page of each login."""
