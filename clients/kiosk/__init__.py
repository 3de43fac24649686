"""Reference client of the registration machines: the interface of docs/kiosk.md, from a machine's side.

Standard library and `cryptography` only; nothing of the server is imported.
"""
