"""PgBouncer with transaction pooling in front: pages go by it, commands and the worker past it."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection, transaction
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from administration.models import JobRun
from administration.nightly import NIGHTLY_JOBS, NightlyJob, run_nightly
from common import jobs
from common.database.alone import only_one
from tests.concurrency import at_once
from tests.waiting import wait_until

from .pooler import SESSIONS, Pooler, running_pooler, through

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(settings.CLUSTER is None, reason="another server, to which no pooler leads"),
]
LIMITS = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout", "plan_cache_mode")


@pytest.fixture
def pooler(transactional_db: None) -> Iterator[Pooler]:
    name = str(connection.settings_dict["NAME"])
    with running_pooler(settings.CLUSTER, name) as found:
        yield found


def command(pooler: Pooler, *words: str, log: Path) -> subprocess.Popen[bytes]:
    """A command of manage.py with the settings of an installation that has a pooler."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "jxcloud.settings.test",
        "TEST_DATABASE_URL": pooler.url,
        "TEST_DATABASE_DIRECT_URL": f"{settings.CLUSTER.url(pooler.name)}?application_name=direct",
    }
    with log.open("wb") as file:
        line = [sys.executable, "manage.py", *words]
        return subprocess.Popen(line, cwd=settings.ROOT, env=environment, stdout=file, stderr=file)


def limits() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT setting FROM pg_settings WHERE name = ANY(%s) ORDER BY name", [sorted(LIMITS)])
        return [value for (value,) in cursor.fetchall()]


def test_limits_come_with_the_role_and_their_absence_is_told(
    pooler: Pooler, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    log = tmp_path / "migrate.log"
    with through(pooler):
        answer = Client().get("/readyz")
        assert answer.status_code == 503
        assert "lack statement_timeout=30000" in answer.json()["warnings"][0]
        assert "DATABASE_DIRECT_URL" in caplog.text
        for name in ("migrate", "worker"):
            with pytest.raises(CommandError, match="DATABASE_DIRECT_URL"):
                call_command(name, verbosity=0)
        # The lock goes by the pooler and the command past it: both are in one database.
        with only_one("migrate") as is_alone:
            assert is_alone
            process = command(pooler, "migrate", log=log)
            wait_until(lambda: b"waits for it" in log.read_bytes(), log.read_text, alive=process)
        assert process.wait(timeout=180) == 0, log.read_text()
        pooler.reconnect()
        connection.close()
        assert Client().get("/readyz").status_code == 200
        assert limits() == ["60000", "10000", "force_custom_plan", "30000"]
        wait_until(lambda: not sessions_of_the_command())


def test_more_clients_than_sessions_write_and_read(pooler: Pooler) -> None:
    """Nothing of one client reaches another: time zone, prepared statements, open transactions."""
    backends: set[int] = set()

    def visit() -> object:
        client = Client()
        for _ in range(3):
            assert client.get("/lookup/").status_code == 200
            assert client.post("/login/", {"id_number": "x", "password": "y"}).status_code < 500
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid(), current_setting('TimeZone')")
                pid, zone = cursor.fetchone()
                assert zone == "UTC"
                backends.add(pid)
        return "done"

    with through(pooler):
        assert at_once([visit] * 10) == ["done"] * 10
        assert len(list(JobRun.objects.iterator())) == 0
    assert 1 <= len(backends) <= SESSIONS


def test_a_nightly_job_runs_once_at_a_time(pooler: Pooler, monkeypatch: pytest.MonkeyPatch) -> None:
    inside, tried = threading.Event(), threading.Event()
    ran: list[int] = []

    def work(run: JobRun) -> dict[str, int]:
        inside.set()
        assert tried.wait(timeout=180)
        ran.append(run.pk)
        return {"done": 1}

    def second() -> object:
        assert inside.wait(timeout=180)
        try:
            return run_nightly("pooled")
        finally:
            tried.set()

    monkeypatch.setattr(NIGHTLY_JOBS, "_items", dict(NIGHTLY_JOBS._items))
    NIGHTLY_JOBS.register("pooled", NightlyJob("pooled", "试", work, {}))
    with through(pooler):
        first, other = at_once([lambda: run_nightly("pooled"), second])
    assert other is None
    assert isinstance(first, JobRun)
    assert ran == [first.pk]


def test_the_worker_hears_of_jobs_past_the_pooler(pooler: Pooler, tmp_path: Path) -> None:
    log = tmp_path / "worker.log"
    process = command(pooler, "worker", log=log)
    try:
        with through(pooler):
            wait_until(listeners, log.read_text, alive=process)
            # A lock of its own: every minute the worker's timetable queues this task too, and then another is refused.
            pk = jobs.enqueue("common.retry_stalled_jobs", queueing_lock="asked by a test", timestamp=0)
            assert pk is not None
            done = ProcrastinateJob.objects.filter(pk=pk, status="succeeded")
            wait_until(done.exists, log.read_text, alive=process)
    finally:
        process.terminate()
        assert process.wait(timeout=180) == 0, log.read_text()


def listeners() -> bool:
    return any(query.startswith("LISTEN") for query in sessions_of_the_command())


def sessions_of_the_command() -> list[str]:
    """Answers the last statement of each. A session ends a moment after its process; other tests have databases of their
    own on this server.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT query FROM pg_stat_activity WHERE application_name = 'direct' AND datname = current_database()"
        )
        return [query for (query,) in cursor.fetchall()]


def test_statements_are_ended_by_the_limit_of_the_role(pooler: Pooler) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER ROLE CURRENT_USER IN DATABASE {pooler.name} SET statement_timeout = 2000")
    try:
        with through(pooler), connection.cursor() as cursor, pytest.raises(OperationalError, match="statement timeout"):
            cursor.execute("SELECT pg_sleep(600)")
    finally:
        # Otherwise every later test of this process would have the limit.
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER ROLE CURRENT_USER IN DATABASE {pooler.name} RESET statement_timeout")
