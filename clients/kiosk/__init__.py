"""This package is the reference client of the registration machines for the interface of docs/kiosk.md.

It needs the standard library and `cryptography` only and imports nothing of the server.
"""
