"""Businesses of this app; importing the package registers them, in the order in which menus offer them."""

# ruff: noqa: I001

from . import (
    extension,
    employer_change,
    late_entry,
    correction,
    post_change,
    c3_merge,
    additional_a,
    transfer_in,
    transfer_out,
    cancellation,
    enterprise_rename,
)

__all__ = [
    "additional_a",
    "c3_merge",
    "cancellation",
    "correction",
    "employer_change",
    "enterprise_rename",
    "extension",
    "late_entry",
    "post_change",
    "transfer_in",
    "transfer_out",
]
