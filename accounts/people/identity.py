"""Makes the one blind index by which all tables search for an ID number without holding it in clear."""

from __future__ import annotations

from common.encryption import blind_index

_LOGIN_PREFIX = "p:"


def id_number_index(id_number: str) -> str:
    """`id_number` is normalised and has 18 characters."""
    return blind_index(id_number, "id_number")


def login_of(id_number: str) -> str:
    """Answers the login of a person. The colon keeps it apart from staff logins; nobody can read the number from it."""
    return _LOGIN_PREFIX + id_number_index(id_number)
