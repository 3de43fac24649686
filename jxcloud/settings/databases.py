"""Makes the settings of the database: with limits for every session, and by a pooler where there is one."""

from __future__ import annotations

import os
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

from .database_url import DatabaseUrl, merged

env = environ.Env()
IS_COMMAND = "JXCLOUD_COMMAND" in os.environ
"""Set by manage.py. Pages answer within seconds or not at all; commands and workers take the time they need."""

PAGE_LIMITS: dict[str, str] = {
    "statement_timeout": str(env.int("DATABASE_STATEMENT_TIMEOUT_MS", default=30_000)),
    "lock_timeout": str(env.int("DATABASE_LOCK_TIMEOUT_MS", default=10_000)),
    "idle_in_transaction_session_timeout": str(env.int("DATABASE_IDLE_TIMEOUT_MS", default=60_000)),
    # A generic plan for LIKE on ten million rows takes seconds instead of half a millisecond.
    "plan_cache_mode": "force_custom_plan",
    # That of solid state disks: by the default for turning disks whole tables are read where an index serves.
    "random_page_cost": "1.1",
}
"""Parameters of PostgreSQL and their values as `pg_settings` shows them; times are milliseconds."""
LIMITS = {**PAGE_LIMITS, "statement_timeout": "0"} if IS_COMMAND else PAGE_LIMITS

STARTUP_OPTIONS = " ".join(f"-c {name}={value}" for name, value in LIMITS.items())
CONNECT_SECONDS = 10
REPLICA_OPTIONS = {
    "connect_timeout": 2,
    # A replica whose machine vanished answers nothing, not even that it is gone. Milliseconds, then seconds twice.
    "tcp_user_timeout": 5000,
    "keepalives_idle": 3,
    "keepalives_interval": 1,
    "keepalives_count": 3,
}
"""Whoever waits for a replica that is away could have read from the primary meanwhile."""


def databases(
    url: str | DatabaseUrl, direct: str | DatabaseUrl | None = None, replica: str | DatabaseUrl | None = None
) -> dict[str, dict[str, Any]]:
    """With `direct`, the addresses `url` and `replica` may lead to poolers. Pages go by them; commands and workers, which
    listen for jobs and have no time limit, go past them. Only pages read from the replica.
    """
    if IS_COMMAND:
        return {"default": database(url if direct is None else direct)}
    found = {"default": database(url, is_pooled=direct is not None)}
    if replica is not None:
        asked = replica if isinstance(replica, DatabaseUrl) else DatabaseUrl(replica)
        found["replica"] = database(asked, is_pooled=direct is not None)
        found["replica"]["OPTIONS"] |= {
            name: value for name, value in REPLICA_OPTIONS.items() if name not in asked.settings["OPTIONS"]
        }
    return found


def database(url: str | DatabaseUrl, *, is_pooled: bool = False) -> dict[str, Any]:
    """Makes the settings of one database. Connections stay open, because opening one costs more than a page."""
    read = url if isinstance(url, DatabaseUrl) else DatabaseUrl(url)
    if read.complaints:
        raise ImproperlyConfigured(f"The address of the database {'; it '.join(read.complaints)}.")
    own: dict[str, Any] = {"connect_timeout": CONNECT_SECONDS}
    if is_pooled:
        # A pooler gives each transaction another session: nothing may be prepared in one, nor fetched from it later.
        own["prepare_threshold"] = None
    else:
        own["options"] = STARTUP_OPTIONS
    return {
        **read.settings,
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": is_pooled,
        "OPTIONS": merged(read.settings["OPTIONS"], own),
    }
