"""A real PgBouncer with transaction pooling before the server of the tests."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
from django.db import connections

from devtools.postgres import SUPERUSER, Cluster
from jxcloud.settings.databases import database
from tests.waiting import wait_until

PROGRAM = shutil.which("pgbouncer") or "/usr/sbin/pgbouncer"
PORT = 6432
SESSIONS = 3
"""So few that every transaction may get the session of another client."""


@dataclass(frozen=True)
class Pooler:
    folder: Path
    name: str

    @property
    def url(self) -> str:
        return f"postgres://{SUPERUSER}@/{self.name}?host={self.folder}&port={PORT}"

    def reconnect(self) -> None:
        """Its sessions begin anew, with what the role brings now."""
        place = f"host={self.folder} port={PORT} user={SUPERUSER} dbname=pgbouncer"
        with psycopg.connect(place, autocommit=True) as console:
            console.execute(b"RECONNECT")


@contextlib.contextmanager
def running_pooler(cluster: Cluster, name: str) -> Iterator[Pooler]:
    """In the identity of the server, because PgBouncer refuses to run as root and the socket is the owner's only."""
    with tempfile.TemporaryDirectory(prefix="pooler-") as text:
        folder = Path(text)
        identity = cluster._identity()
        (folder / "users.txt").write_text(f'"{SUPERUSER}" ""\n')
        settings = {
            "pool_mode": "transaction",
            "listen_port": PORT,
            "listen_addr": "",
            "unix_socket_dir": folder,
            "auth_type": "trust",
            "auth_file": folder / "users.txt",
            "admin_users": SUPERUSER,
            "max_client_conn": 100,
            "default_pool_size": SESSIONS,
        }
        lines = [f"{key} = {value}" for key, value in settings.items()]
        target = f"* = host={cluster.socket_directory}"
        file = folder / "pooler.ini"
        file.write_text("\n".join(["[databases]", target, "[pgbouncer]", *lines]) + "\n")
        if os.geteuid() == 0:
            cluster._own(folder, identity)
        command = [*identity.prefix, PROGRAM, str(file)]
        with (folder / "log").open("wb") as log, subprocess.Popen(command, stdout=log, stderr=log) as process:
            try:
                place, told = folder / f".s.PGSQL.{PORT}", folder / "log"
                wait_until(lambda: _is_open(place), lambda: told.read_text(errors="replace"), alive=process)
                yield Pooler(folder, name)
            finally:
                process.terminate()


@contextlib.contextmanager
def through(pooler: Pooler) -> Iterator[None]:
    """The connection of this process and of its threads goes by the pooler, with the settings of production."""
    own = connections["default"].settings_dict
    kept = dict(own)
    pooled = database(pooler.url, is_pooled=True)
    connections.close_all()
    own.update({name: pooled[name] for name in ("HOST", "PORT", "OPTIONS", "DISABLE_SERVER_SIDE_CURSORS")})
    try:
        yield
    finally:
        connections.close_all()
        own.update(kept)


def _is_open(place: Path) -> bool:
    """The file is there a moment before somebody listens on it."""
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as visitor:
        visitor.connect(str(place))
        return True
    return False
