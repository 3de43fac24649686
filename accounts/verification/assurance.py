"""Decides how much a face proves (docs/adr/0014)."""

from __future__ import annotations

from django.conf import settings

FACE_LOGIN, FACE_RESET = "face_login", "face_reset"
BY_FACE_ALONE = frozenset({FACE_LOGIN, FACE_RESET})
CERTIFIABLE = frozenset({"http", "page"})
"""The embedded models have no certificate."""


def is_certified() -> bool:
    return settings.FACE_PROVIDER in CERTIFIABLE and bool(settings.FACE_PROVIDER_CERTIFICATE)


def face_suffices() -> bool:
    """Tells whether ID number and face alone prove a person: with a certified service, and in demonstrations.

    Otherwise a face is one factor beside another one: the password, the one-time password or a code from the counter.
    It alone opens no session, resets no password and enrols no authenticator.
    """
    return is_certified() or is_demonstration_only()


def is_demonstration_only() -> bool:
    """Tells whether a face suffices only because this is a demonstration, which the pages then say."""
    return bool(settings.FACE_ALONE_IN_DEMONSTRATION) and not is_certified()
