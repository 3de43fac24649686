"""Businesses of this app; importing the package registers them."""

from . import (
    additional_a,
    c3_merge,
    cancellation,
    correction,
    employer_change,
    extension,
    late_entry,
    post_change,
    transfer_in,
    transfer_out,
)

__all__ = [
    "additional_a",
    "c3_merge",
    "cancellation",
    "correction",
    "employer_change",
    "extension",
    "late_entry",
    "post_change",
    "transfer_in",
    "transfer_out",
]
