"""The worker ends with 0 when it was told to, and with an error when it lost its database."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.conf import settings

from devtools.postgres import Cluster


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    cluster = Cluster(tmp_path_factory.mktemp("worker") / "pg", durable=False)
    with cluster.session("jxcloud"):
        manage = [sys.executable, "manage.py", "migrate", "--no-input", "--verbosity=0"]
        subprocess.run(manage, cwd=settings.ROOT, env=environment(cluster), check=True)
        yield cluster


def environment(cluster: Cluster) -> dict[str, str]:
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "jxcloud.settings.test",
        "TEST_DATABASE_URL": cluster.url("jxcloud"),
    }


@pytest.fixture
def worker(cluster: Cluster, tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    with (tmp_path / "worker.log").open("wb") as log, cluster.connect("jxcloud") as connection:
        command = [sys.executable, "manage.py", "worker"]
        connection.execute("DELETE FROM procrastinate_workers")
        with subprocess.Popen(command, cwd=settings.ROOT, env=environment(cluster), stdout=log, stderr=log) as process:
            try:
                wait_until_registered(connection, process)
                yield process
            finally:
                process.kill()


def wait_until_registered(connection: psycopg.Connection[tuple[object, ...]], process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 120
    while not connection.execute("SELECT 1 FROM procrastinate_workers").fetchone():
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.1)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_told_to_stop_it_ends_in_order(worker: subprocess.Popen[bytes], number: signal.Signals) -> None:
    worker.send_signal(number)
    assert worker.wait(timeout=60) == 0


def test_a_restart_of_the_database_ends_it_with_an_error(worker: subprocess.Popen[bytes], cluster: Cluster) -> None:
    cluster.stop()
    cluster.ensure_running()
    assert worker.wait(timeout=120) == 1
