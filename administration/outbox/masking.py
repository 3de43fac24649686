"""Masks addresses for pages and logs."""

from __future__ import annotations

from administration.enums import Channel
from common.text.masking import mask_phone


def mask_address(channel: str, address: str) -> str:
    """Writes 138****1234 and z***@example.com."""
    if channel == Channel.SMS:
        return mask_phone(address)
    name, _, domain = address.rpartition("@")
    return f"{name[:1]}***@{domain}" if name else "***"
