"""Lists the first bytes by which files are recognised, wherever somebody asks."""

ARCHIVE = b"PK\x03\x04"
"""Workbooks, documents and OFD files are archives too."""
PDF = b"%PDF-"
JPEG = b"\xff\xd8\xff"
PNG = b"\x89PNG\r\n\x1a\n"
