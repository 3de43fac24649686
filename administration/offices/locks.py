"""Orders what is routed and changes of the routing: a case never goes to an office that has just lost its region.

The lock stands before those of persons. Whoever routes shares it, so that only a change of the routing waits for them,
and they for it.
"""

from __future__ import annotations

from django.db import connection

_KEY = "hashtextextended('office routing', 0)"


def share_routing() -> None:
    """Keeps the routing as it is until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_xact_lock_shared({_KEY})")


def lock_routing() -> None:
    """Waits for everybody who is routing, and lets nobody route until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_xact_lock({_KEY})")
