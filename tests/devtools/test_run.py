"""The demonstration survives the sudden end of each of its processes, and of itself."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from psycopg import sql

from devtools.ports import free_port
from devtools.postgres import Cluster
from devtools.run import MARK
from tests.waiting import wait_until


class Demonstration:
    """One folder with its data; its runner may be started several times."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.cluster = Cluster(folder / "pg")
        self.port = free_port()
        self.log = folder / "run.log"
        self.runner: subprocess.Popen[bytes] | None = None

    def command(self, *, port: int | None = None) -> subprocess.Popen[bytes]:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("DJANGO_", "JXCLOUD_"))}
        environment = {**inherited, "JXCLOUD_VAR": str(self.folder), "PORT": str(port or self.port)}
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "devtools.run"],
                cwd=settings.ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def start(self) -> None:
        # Not by its address alone: after a killed run the old web server may answer for another moment.
        earlier = self.times_ready()
        self.runner = self.command()
        self.wait(lambda: self.times_ready() > earlier and self.is_ready(), "did not get ready")

    def times_ready(self) -> int:
        return self.log.read_text().count("The portal runs at") if self.log.exists() else 0

    def is_ready(self) -> bool:
        assert self.runner is not None
        assert self.runner.poll() is None, self.log.read_text()
        with (
            contextlib.suppress(OSError, http.client.HTTPException),
            urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=30) as got,
        ):
            answer = json.load(got)
            return bool(answer["ready"]) and answer["worker"] == "alive"
        return False

    def children(self, word: str = "") -> list[int]:
        found = []
        for process in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                marked = f"{MARK}={self.folder}".encode() in (process / "environ").read_bytes().split(b"\0")
                if marked and word.encode() in (process / "cmdline").read_bytes():
                    found.append(int(process.name))
        return sorted(found)

    def wait(self, condition: Callable[[], bool], failure: str) -> None:
        wait_until(condition, lambda: f"{failure}\n{self.log.read_text()}")

    def stop(self) -> int:
        assert self.runner is not None
        self.runner.send_signal(signal.SIGINT)
        return self.runner.wait(timeout=400)


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demonstration]:
    demonstration = Demonstration(tmp_path_factory.mktemp("demonstration"))
    try:
        demonstration.start()
        yield demonstration
    finally:
        if demonstration.runner is not None and demonstration.runner.poll() is None:
            demonstration.stop()
        demonstration.cluster.stop()


def is_gone(pid: int) -> bool:
    return not Path(f"/proc/{pid}/exe").exists()


@pytest.mark.parametrize("word", ["granian", "manage.py"])
def test_a_killed_child_is_started_again(demonstration: Demonstration, word: str) -> None:
    before = demonstration.children(word)
    os.kill(before[0], signal.SIGKILL)
    demonstration.wait(lambda: is_gone(before[0]), "was not killed")
    demonstration.wait(lambda: len(demonstration.children(word)) == len(before), "was not started again")
    demonstration.wait(demonstration.is_ready, "did not get ready again")
    # The web server's own processes went with it: nothing old still answers.
    demonstration.wait(lambda: set(before).isdisjoint(demonstration.children(word)), "an old process is left")


def test_a_killed_database_is_started_again(demonstration: Demonstration) -> None:
    before = demonstration.cluster.server_pid()
    assert before is not None
    os.kill(before, signal.SIGKILL)
    demonstration.wait(lambda: demonstration.cluster.server_pid() not in {None, before}, "was not started again")
    demonstration.wait(demonstration.is_ready, "did not get ready again")


def test_nothing_of_the_demonstration_happens_later_than_now(demonstration: Demonstration) -> None:
    """Data that are made by moving the clock would tell of days that have not come."""
    with demonstration.cluster.connect("jxcloud") as session:
        for table, column in (("workflow_event", "at"), ("administration_auditentry", "at")):
            count = sql.SQL("SELECT count(*), count(*) FILTER (WHERE {0} > now()) FROM {1}")
            row = session.execute(count.format(sql.Identifier(column), sql.Identifier(table))).fetchone()
            assert row is not None
            assert (bool(row[0]), row[1]) == (True, 0), table


def test_a_second_run_from_the_same_folder_is_refused(demonstration: Demonstration) -> None:
    second = demonstration.command(port=free_port())
    assert second.wait(timeout=400) == 1
    assert "it already runs from this folder" in demonstration.log.read_text()
    # A worker reports every few seconds, and on a loaded machine a little later than that.
    demonstration.wait(demonstration.is_ready, "the first is no longer ready")


def test_after_a_killed_run_the_next_one_recovers_and_ctrl_c_leaves_nothing(demonstration: Demonstration) -> None:
    assert demonstration.runner is not None
    left = demonstration.children()
    demonstration.runner.kill()
    demonstration.runner.wait()
    demonstration.start()
    demonstration.wait(lambda: set(left).isdisjoint(demonstration.children()), "an old process is left")
    assert demonstration.stop() == 0
    demonstration.wait(lambda: demonstration.children() == [], "a process is left")
    assert demonstration.cluster.server_pid() is None


def test_a_taken_port_is_said(demonstration: Demonstration, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        other = Demonstration(tmp_path)
        assert other.command(port=port).wait(timeout=400) == 1
        assert f"127.0.0.1:{port} cannot be used" in other.log.read_text()
