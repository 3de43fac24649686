"""This package is an example client of batch verification (docs/batch-verification.md).

It needs the standard library only and imports nothing of the server.
"""
