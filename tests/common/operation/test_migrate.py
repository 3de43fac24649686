"""Two `migrate` at once: the second waits for the first."""

from __future__ import annotations

import threading
import time
from io import StringIO

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection, connections

from tests.waiting import wait_until


@pytest.mark.django_db(transaction=True)
def test_operations_17_a_second_migrate_waits_for_the_first() -> None:
    output, errors = StringIO(), StringIO()

    def migrate() -> None:
        try:
            call_command("migrate", stdout=output, stderr=errors)
        finally:
            connections.close_all()

    parameters = connection.get_connection_params()
    parameters.pop("cursor_factory", None)
    with psycopg.connect(**{**parameters, "context": None}, autocommit=True) as first:
        first.execute("SELECT pg_advisory_lock(hashtextextended('migrate', 0))")
        second = threading.Thread(target=migrate)
        second.start()
        wait_until(lambda: "waits for it" in errors.getvalue() or not second.is_alive())
        assert "waits for it" in errors.getvalue()
        time.sleep(1.2)  # in which it would try twice more
        assert second.is_alive()
        assert output.getvalue() == ""
        first.execute("SELECT pg_advisory_unlock(hashtextextended('migrate', 0))")
        second.join(timeout=300)
    assert not second.is_alive()
    assert "No migrations to apply" in output.getvalue()
