"""The private server, on real processes. The test's own cluster is another one."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.conf import settings

from devtools import postgres
from devtools.postgres import SOCKET_PATH_LIMIT, Cluster, PostgresUnavailable
from tests.waiting import wait_until

START = "import sys; from pathlib import Path; from devtools.postgres import Cluster; "


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    cluster = Cluster(tmp_path / "pg")
    yield cluster
    cluster.stop()


def start_processes(cluster: Cluster, program: str, count: int) -> list[subprocess.Popen[str]]:
    command = [sys.executable, "-c", f"{START}cluster = Cluster(Path(sys.argv[1])); {program}", str(cluster.home)]
    return [
        subprocess.Popen(command, cwd=settings.ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(count)
    ]


def kill(cluster: Cluster) -> None:
    pid = cluster.server_pid()
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    wait_until(lambda: cluster.server_pid() is None)


def commit(cluster: Cluster, number: int) -> None:
    with cluster.connect("jxcloud") as session:
        session.execute("CREATE TABLE IF NOT EXISTS kept (number int)")
        session.execute("INSERT INTO kept VALUES (%s)", [number])


def kept(cluster: Cluster) -> list[object]:
    with cluster.connect("jxcloud") as session:
        return [number for (number,) in session.execute("SELECT number FROM kept ORDER BY number")]


def test_processes_that_start_at_once_share_one_server(cluster: Cluster) -> None:
    processes = start_processes(cluster, "cluster.ensure_running('jxcloud'); print(cluster.server_pid())", 4)
    answers = {process.communicate(timeout=400)[0].strip() for process in processes}
    assert answers == {str(cluster.server_pid())}
    with cluster.connect("jxcloud") as session:
        assert session.execute("SHOW server_encoding").fetchone() == ("UTF8",)


def test_a_killed_server_keeps_what_was_committed(cluster: Cluster) -> None:
    for number in range(3):
        cluster.ensure_running("jxcloud")
        commit(cluster, number)
        kill(cluster)
    cluster.ensure_running("jxcloud")
    assert kept(cluster) == [0, 1, 2]


def test_a_pid_that_now_belongs_to_another_program_does_not_hinder(cluster: Cluster) -> None:
    cluster.ensure_running("jxcloud")
    pid_file = cluster.data / "postmaster.pid"
    lines = pid_file.read_text().split("\n")
    cluster.stop()
    pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]))
    if os.geteuid() == 0:
        owner = cluster.data.stat()
        os.chown(pid_file, owner.st_uid, owner.st_gid)
    assert cluster.server_pid() is None
    cluster.ensure_running("jxcloud")
    assert cluster.server_pid() not in {None, os.getpid()}


def test_a_first_start_that_was_killed_half_way_is_begun_anew(cluster: Cluster) -> None:
    (cluster.home / "data.new").mkdir(parents=True)
    (cluster.home / "data.new" / "PG_VERSION").write_text("18\n")
    cluster.ensure_running("jxcloud")
    commit(cluster, 1)
    assert kept(cluster) == [1]


def test_a_path_too_long_for_a_socket_gets_a_private_folder_elsewhere(tmp_path: Path) -> None:
    cluster = Cluster(tmp_path / ("很长的路径" * 8) / "pg", durable=False)
    assert len(os.fsencode(cluster.socket_directory)) < SOCKET_PATH_LIMIT
    assert not cluster.socket_directory.is_relative_to(tmp_path)
    try:
        cluster.ensure_running("jxcloud")
        assert stat.S_IMODE(cluster.socket_directory.stat().st_mode) == 0o700
        commit(cluster, 1)
        assert kept(cluster) == [1]
    finally:
        cluster.stop()
        cluster.socket_directory.rmdir()


def test_a_trap_where_the_private_folder_should_be_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres.tempfile, "gettempdir", lambda: str(tmp_path))
    cluster = Cluster(tmp_path / ("d" * 90) / "pg")
    (tmp_path / "elsewhere").mkdir()
    cluster.socket_directory.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(PostgresUnavailable, match="belongs to somebody else"):
        cluster.ensure_running()


def test_a_path_with_blanks_and_quotes_works(tmp_path: Path) -> None:
    cluster = Cluster(tmp_path / "it's a path", durable=False)
    with cluster.session("jxcloud"):
        commit(cluster, 1)
        assert kept(cluster) == [1]


def test_the_last_session_to_end_stops_the_server(cluster: Cluster) -> None:
    (other,) = start_processes(
        cluster,
        "c = cluster.session('jxcloud'); c.__enter__(); print('in', flush=True); input(); c.__exit__(*[None]*3)",
        1,
    )
    assert other.stdin is not None
    assert other.stdout is not None
    with cluster.session("jxcloud"):
        assert other.stdout.readline() == "in\n"
    assert cluster.is_ready()
    other.communicate("leave\n", timeout=400)
    assert cluster.server_pid() is None


def test_stop_ends_open_sessions_and_may_be_repeated(cluster: Cluster) -> None:
    cluster.ensure_running("jxcloud")
    session = cluster.connect("jxcloud")
    cluster.stop()
    cluster.stop()
    with pytest.raises(psycopg.OperationalError):
        session.execute("SELECT 1")
    assert not cluster.is_ready()


def test_trigrams_of_chinese_text_are_not_empty(cluster: Cluster) -> None:
    cluster.ensure_running("jxcloud")
    with cluster.connect("jxcloud") as session:
        session.execute("CREATE EXTENSION pg_trgm")
        assert session.execute("SELECT show_trgm('南昌建筑') <> '{}'").fetchone() == (True,)


def test_no_binaries_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "_candidate_folders", lambda: iter([Path("/nowhere")]))
    with pytest.raises(PostgresUnavailable, match="set DATABASE_URL"):
        postgres.find_binaries()
