"""The worker ends with 0 when it was told to, and with an error when it lost its database."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from devtools.postgres import SUPERUSER, Cluster
from tests.waiting import wait_until


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory, django_db_setup: None) -> Iterator[Cluster]:
    """A server of the module's own, which may be stopped, with a copy of the tests' migrated database."""
    cluster = Cluster(tmp_path_factory.mktemp("worker") / "pg", durable=False)
    copy = str(tmp_path_factory.mktemp("copy") / "database.sql")
    own = {name: str(connection.settings_dict[name]) for name in ("HOST", "PORT", "USER", "PASSWORD", "NAME")}
    other = {"HOST": str(cluster.socket_directory), "PORT": "", "USER": SUPERUSER, "PASSWORD": "", "NAME": "jxcloud"}
    with cluster.session("jxcloud"):
        run_client(cluster, own, "pg_dump", "--no-owner", "--file", copy)
        run_client(cluster, other, "psql", "--set=ON_ERROR_STOP=1", "--file", copy)
        yield cluster


def run_client(cluster: Cluster, at: dict[str, str], program: str, *arguments: str) -> None:
    """Runs a program of PostgreSQL on the database that is named as in Django's settings."""
    place = [f"--host={at['HOST']}", f"--port={at['PORT'] or 5432}", f"--username={at['USER']}", at["NAME"]]
    subprocess.run(
        [cluster.binaries.path(program), *arguments, *place],
        env={**os.environ, "PGPASSWORD": at["PASSWORD"]},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        check=True,
    )


def environment(cluster: Cluster) -> dict[str, str]:
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "jxcloud.settings.test",
        "TEST_DATABASE_URL": cluster.url("jxcloud"),
    }


@pytest.fixture
def worker(cluster: Cluster, tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Two processes, as on a machine with two processors, under the one that is told."""
    with (tmp_path / "worker.log").open("wb") as log, cluster.connect("jxcloud") as session:
        command = [sys.executable, "manage.py", "worker", "--processes=2"]
        session.execute("DELETE FROM procrastinate_workers")
        with subprocess.Popen(command, cwd=settings.ROOT, env=environment(cluster), stdout=log, stderr=log) as process:
            try:
                wait_until_registered(session, process)
                yield process
            finally:
                process.kill()


def wait_until_registered(session: psycopg.Connection[tuple[object, ...]], process: subprocess.Popen[bytes]) -> None:
    registered = "SELECT count(*) FROM procrastinate_workers"
    wait_until(lambda: session.execute(registered).fetchone() == (2,), alive=process)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_told_to_stop_it_ends_in_order(worker: subprocess.Popen[bytes], number: signal.Signals) -> None:
    worker.send_signal(number)
    assert worker.wait(timeout=300) == 0


def processes_of(parent: subprocess.Popen[bytes]) -> set[int]:
    children = Path(f"/proc/{parent.pid}/task/{parent.pid}/children").read_text()
    return {int(one) for one in children.split()}


def wait_until_ended(processes: set[int]) -> None:
    """A process that has ended but waits to be asked for its code counts as ended."""
    wait_until(lambda: not any(is_running(one) for one in processes))


def is_running(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_where_one_process_is_killed_all_end_with_an_error(worker: subprocess.Popen[bytes]) -> None:
    processes = processes_of(worker)
    assert len(processes) == 2
    os.kill(min(processes), signal.SIGKILL)
    assert worker.wait(timeout=300) == 1
    wait_until_ended(processes)


def test_the_processes_end_with_the_one_that_started_them(worker: subprocess.Popen[bytes]) -> None:
    processes = processes_of(worker)
    worker.kill()
    worker.wait(timeout=300)
    wait_until_ended(processes)


def test_a_restart_of_the_database_ends_it_with_an_error(worker: subprocess.Popen[bytes], cluster: Cluster) -> None:
    cluster.stop()
    cluster.ensure_running()
    assert worker.wait(timeout=300) == 1
