"""Every write of certificates."""

from .documents import make_document
from .issuing import Extension, Move, Reissue, extend, issue_electronic, move, reissue
from .numbers import allocate_serials
from .snapshots import refresh_for_people

__all__ = [
    "Extension",
    "Move",
    "Reissue",
    "allocate_serials",
    "extend",
    "issue_electronic",
    "make_document",
    "move",
    "refresh_for_people",
    "reissue",
]
