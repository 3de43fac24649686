from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django.models import ProcrastinateJob

from common.jobs import enqueue
from common.operation import health

PROBES = [r"^healthz$", r"^readyz$"]
"""As production exempts them from https."""


@pytest.fixture
def no_database() -> Iterator[None]:
    """The server is away: nothing listens where the settings point."""
    host = connection.settings_dict["HOST"]
    connection.close()
    connection.settings_dict["HOST"] = str(settings.VAR / "nobody-listens-here")
    yield
    connection.close()
    connection.settings_dict["HOST"] = host


def test_healthz_asks_nothing_of_the_database(client: Client) -> None:
    # Without the `db` fixture every query fails.
    response = client.get("/healthz")
    assert response.status_code == 200
    assert response.content == b"ok\n"


@pytest.mark.django_db
def test_readyz_reports_database_migrations_and_worker(client: Client) -> None:
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json() == {"ready": True, "database": "ok", "migrations": "applied", "worker": "silent"}


@pytest.mark.django_db
def test_readyz_sees_the_heartbeat_of_a_worker(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers DEFAULT VALUES")
    assert client.get("/readyz").json()["worker"] == "alive"
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '2 minutes'")
    assert client.get("/readyz").json()["worker"] == "silent"


@pytest.mark.django_db
def test_readyz_is_503_while_a_migration_is_missing(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'accounts' AND name = '0001_initial'")
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["migrations"] == "missing"


@pytest.mark.django_db
def test_readyz_is_503_while_a_table_is_missing(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE procrastinate_workers RENAME TO workers_of_a_later_release")
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json() == {"ready": False, "database": "ok", "migrations": "missing", "worker": "unknown"}


@pytest.mark.django_db
def test_readyz_asks_once_beside_the_limits(client: Client) -> None:
    client.get("/readyz")
    with CaptureQueriesContext(connection) as captured:
        client.get("/readyz")
    # The limits are read below Django's wrapper, which does not see them.
    assert len(captured) == 1
    assert not any("pg_class" in query["sql"] for query in captured.captured_queries)


@pytest.mark.django_db
def test_readyz_counts_to_an_end(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "MOST_COUNTED", 2)
    for number, words in (
        (1, "1 jobs have failed"),
        (2, "2 or more jobs have failed"),
        (3, "2 or more jobs have failed"),
    ):
        pk = enqueue("administration.run_nightly_job", queueing_lock=f"job {number}", name="silence")
        ProcrastinateJob.objects.filter(pk=pk).update(status="failed")
        assert words in str(client.get("/readyz").json()["warnings"])


@pytest.mark.django_db(transaction=True)
def test_readyz_is_503_while_the_database_is_away(client: Client, no_database: None) -> None:
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json() == {"ready": False, "database": "unreachable"}


@pytest.mark.parametrize("host", ["10.1.2.3:8000", "portal.elsewhere", "localhost", "[::1]:8000"])
@pytest.mark.django_db
def test_probes_answer_by_any_host_name_and_nothing_else_does(client: Client, host: str) -> None:
    with override_settings(ALLOWED_HOSTS=["portal.example"], SECURE_SSL_REDIRECT=True, SECURE_REDIRECT_EXEMPT=PROBES):
        for address in ("/healthz", "/readyz"):
            response = client.get(address, headers={"host": host})
            assert response.status_code == 200
            assert response["X-Request-ID"]
            assert response["Content-Security-Policy"]
            assert client.post(address, headers={"host": host}).status_code == 405
        for address in ("/", "/healthz/", "//healthz", "/healthz%20", "/HEALTHZ", "/readyz/x", "/login/", "/nowhere"):
            response = client.get(address, headers={"host": host}, secure=True)
            assert response.status_code == 400, address
        assert client.get("/", headers={"host": "portal.example"}, secure=True).status_code == 200


@pytest.mark.django_db
def test_production_without_time_stamps_says_so(client: Client) -> None:
    assert "warnings" not in client.get("/readyz").json()
    with override_settings(IS_PRODUCTION=True, ECERT_TSA_URL=""):
        response = client.get("/readyz")
        assert response.status_code == 200
        assert response.json()["warnings"] == [health.NO_TIME_STAMPS]
    with override_settings(IS_PRODUCTION=True, ECERT_TSA_URL="https://stamps.example/"):
        assert "warnings" not in client.get("/readyz").json()
