"""Says how much one caller may verify: by address without a login, by login, and by key."""

from __future__ import annotations

from datetime import timedelta

from accounts.models import User
from administration.throttle import Limit, give_back, seconds_to_wait
from common.limited.slots import Slots

HOUR = timedelta(hours=1)
ROWS_OF_ADDRESS = Limit("list_rows", 600, HOUR)
ROWS_OF_LOGIN = Limit("list_rows_login", 30_000, HOUR)
REQUESTS_OF_KEY = Limit("verification_key", 120, timedelta(minutes=1))
WRONG_KEYS = Limit("verification_wrong", 30)
"""The unit is requests of one address in ten minutes with a key that is none."""
LISTS = Slots("lists", count=2, for_one_source=1)
"""A long list keeps its thread for seconds, so that few run at once."""


def seconds_for_rows(rows: int, *, user: User | None, address: str) -> int:
    """Counts the rows; answers 0 if they may be asked, else the seconds until they may. Then nothing is counted."""
    limit, source = (ROWS_OF_LOGIN, f"user {user.pk}") if user else (ROWS_OF_ADDRESS, address)
    wait = seconds_to_wait(limit, source, times=rows)
    if wait:
        give_back(limit, source, times=rows)
    return wait
