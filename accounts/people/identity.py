"""How an ID number is searched for without being readable: one blind index for every table of every app."""

from __future__ import annotations

from common.encryption import blind_index

_LOGIN_PREFIX = "p:"


def id_number_index(id_number: str) -> str:
    """Of a normalised number of 18 characters."""
    return blind_index(id_number, "id_number")


def login_of(id_number: str) -> str:
    """A person's login. The colon keeps it apart from staff logins; nobody can read the number from it."""
    return _LOGIN_PREFIX + id_number_index(id_number)
