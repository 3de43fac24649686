"""Fixtures of all tests: a real PostgreSQL, strict templates, background jobs. Browser fixtures are in tests/e2e/."""

from __future__ import annotations

import contextlib
import fcntl
import gc
import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.template import Engine
from django.test import TransactionTestCase
from django.utils import timezone
from procrastinate.contrib.django import app as job_app
from procrastinate.contrib.django.models import ProcrastinateJob, ProcrastinateWorker
from psycopg import sql
from pytest_django.plugin import DjangoDbBlocker

from common.limited.client import prestart
from common.operation.structure import STRUCTURE
from devtools.demo_keys.pki import ensure_demo_pki
from tests.emptying import Emptying
from tests.shared_setups import SharedSetups
from tests.strict_templates import UndefinedVariable
from tests.waiting import wait_until

ROOT = Path(__file__).parent
IN_CI = os.environ.get("CI") == "true"


# --- the database ---


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A database of this process's own, copied from a migrated one: runs beside each other do not meet."""
    name = f"test_jxcloud_{os.getpid()}"
    server = settings.CLUSTER.session() if settings.CLUSTER is not None else contextlib.nullcontext()
    with server, django_db_blocker.unblock():
        with _template_lock(), _maintenance() as session:
            template = _migrated_template(session)
            _drop_leftovers(session)
            copy = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
            session.execute(copy.format(sql.Identifier(name), sql.Identifier(template)))
        _switch_to(name)
        with pytest.MonkeyPatch.context() as patch:
            # The deletion needs the superuser of our own server; elsewhere Django's flush does the same.
            if settings.CLUSTER is not None:
                emptying = Emptying()
                patch.setattr(TransactionTestCase, "_fixture_teardown", lambda test: emptying())
            yield
        connection.close()
        with _maintenance() as session:
            _drop(session, name)


def _migrated_template(session: psycopg.Connection[tuple[object, ...]]) -> str:
    """Named by what the migrations and the seed data say, so it is made anew exactly when they change."""
    digest = hashlib.sha256()
    for pattern in ("*/migrations/*.py", "*/data/*", "*/seed.py", "*/parameters.py", "*/apps.py", "common/**/*.py"):
        for file in sorted(ROOT.glob(pattern)):
            digest.update(f"{file.relative_to(ROOT)}\0".encode() + file.read_bytes())
    for file in (ROOT / "requirements.txt", STRUCTURE):
        digest.update(file.read_bytes())
    name = f"template_jxcloud_{digest.hexdigest()[:16]}"
    if name in _databases(session, "template_jxcloud_"):
        return name
    for old in _databases(session, "template_jxcloud_"):
        _drop(session, old)
    unfinished = f"unfinished_{name}"
    _drop(session, unfinished)
    session.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(unfinished)))
    _switch_to(unfinished)
    call_command("migrate", verbosity=0, interactive=False)
    connection.close()
    session.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(unfinished), sql.Identifier(name)))
    return name


def _drop_leftovers(session: psycopg.Connection[tuple[object, ...]]) -> None:
    """Databases of runs that were killed. Only on our own server: elsewhere the process ids are not ours to judge."""
    if settings.CLUSTER is None:
        return
    for name in _databases(session, "test_jxcloud_"):
        owner = re.fullmatch(r"test_jxcloud_(\d+)", name)
        if owner and not Path(f"/proc/{owner[1]}").exists():
            _drop(session, name)


@contextlib.contextmanager
def _template_lock() -> Iterator[None]:
    settings.VAR.mkdir(exist_ok=True)
    with (settings.VAR / ".test-template.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextlib.contextmanager
def _maintenance() -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    parameters = {**connection.get_connection_params(), "dbname": "postgres", "options": ""}
    for name in ("context", "cursor_factory", "server_side_binding"):
        parameters.pop(name, None)
    with psycopg.connect(**parameters, autocommit=True) as session:
        yield session


def _databases(session: psycopg.Connection[tuple[object, ...]], beginning: str) -> list[str]:
    rows = session.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [beginning])
    return [str(name) for (name,) in rows]


def _drop(session: psycopg.Connection[tuple[object, ...]], name: str) -> None:
    session.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _switch_to(name: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = name


# --- everywhere ---


@pytest.fixture(scope="session", autouse=True)
def strict_templates(django_test_environment: None) -> None:
    """A template of ours that prints an unknown variable fails its test."""
    Engine.get_default().string_if_invalid = UndefinedVariable()


@pytest.fixture(scope="session", autouse=True)
def demo_pki() -> None:
    """The certificates that the settings name; made once per checkout."""
    ensure_demo_pki(settings.DEMO_PKI)


@pytest.fixture(scope="session", autouse=True)
def limited_work() -> None:
    """As in a web process: the children's parent has started before the first request."""
    prestart(wait=True)


# --- background jobs ---


@pytest.fixture(autouse=True)
def no_jobs_left(request: pytest.FixtureRequest, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Set up before the database, so that it comes after its flush: what was committed is not met by the next test."""
    yield
    marker = request.node.get_closest_marker("django_db")
    committing = {"transactional_db", "live_server"} & set(request.fixturenames)
    if committing or (marker is not None and marker.kwargs.get("transaction")):
        with django_db_blocker.unblock():
            _forget_jobs()


@pytest.fixture
def run_jobs(db: None) -> Callable[..., list[str]]:
    """Runs the queued jobs in this process and transaction, and those they enqueue; answers with the tasks' names.

    A failing job raises. Jobs for later are left alone unless `scheduled=True`.
    """

    def run(*, scheduled: bool = False) -> list[str]:
        done: list[str] = []
        while job := _next_job(scheduled=scheduled):
            job_app.tasks[job.task_name].func(**job.args)
            with connection.cursor() as cursor:
                cursor.execute("UPDATE procrastinate_jobs SET status = 'succeeded' WHERE id = %s", [job.pk])
            done.append(job.task_name)
        return done

    return run


def _next_job(*, scheduled: bool) -> ProcrastinateJob | None:
    waiting = ProcrastinateJob.objects.filter(status="todo").order_by("id")
    if not scheduled:
        waiting = waiting.exclude(scheduled_at__gt=timezone.now())
    job: ProcrastinateJob | None = waiting.first()
    return job


@pytest.fixture
def live_worker(transactional_db: None) -> Iterator[None]:
    """A real worker process on this test's database, gone with the test: the next one runs its jobs itself."""
    _forget_jobs()
    with start_worker() as process:
        try:
            wait_until(ProcrastinateWorker.objects.exists, lambda: "the worker's output is above", alive=process)
            yield
            deadline = time.monotonic() + 400
            # A job that still runs while the tables are emptied would fail, or fill them for the next test.
            while ProcrastinateJob.objects.filter(status="doing").exists() and time.monotonic() < deadline:
                time.sleep(0.05)
        finally:
            process.terminate()


def start_worker() -> subprocess.Popen[bytes]:
    """Starts a real worker on this test's database; whoever starts it ends it."""
    return subprocess.Popen(
        [sys.executable, "manage.py", "worker"],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "jxcloud.settings.test", "TEST_DATABASE_URL": _database_url()},
        stdin=subprocess.DEVNULL,
    )


def _database_url() -> str:
    database = connection.settings_dict
    if settings.CLUSTER is not None:
        return settings.CLUSTER.url(str(database["NAME"]))
    return (
        f"postgres://{database['USER']}:{database['PASSWORD']}@{database['HOST']}:{database['PORT']}/{database['NAME']}"
    )


def _forget_jobs() -> None:
    """These tables are not Django's own and survive its flush."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
        cursor.execute("DELETE FROM procrastinate_workers")


# --- the order, and the garbage collection ---


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests of whole installations are long. They come before the last third, so that no process ends with them alone."""
    long: list[pytest.Item] = []
    others: list[pytest.Item] = []
    for item in items:
        (long if item.path.is_relative_to(ROOT / "tests/operation") else others).append(item)
    at = len(others) * 6 // 10
    while at < len(others) and others[at].path == others[at - 1].path:
        at += 1
    items[:] = [*others[:at], *long, *others[at:]]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> SharedSetups:
    return SharedSetups(config, log)


def pytest_collection_finish() -> None:
    """Thousands of collected tests stay to the end: looking through them for garbage took a fifth of all computing time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 100)


# --- nothing is left out silently ---


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None or not IN_CI:
        return
    if skipped := reporter.stats.get("skipped", []):
        reporter.ensure_newline()
        reporter.write_line(f"CI=true, and {len(skipped)} test(s) were skipped: that counts as a failure.", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_unconfigure(config: pytest.Config) -> None:
    files = os.environ.get("JXCLOUD_TEST_FILES")
    if files and not hasattr(config, "workerinput"):
        shutil.rmtree(files, ignore_errors=True)
