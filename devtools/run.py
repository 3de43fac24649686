"""Runs the whole portal in the foreground, for a demonstration: database, web server and worker, watched until
Ctrl-C.

HOST, PORT and DEBUG may be given in the environment: `PORT=8001 make demo`.
"""

from __future__ import annotations

import argparse
import fcntl
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jxcloud.settings.development")
os.environ.setdefault("DEBUG", "0")

from django.conf import settings

from common.operation.process_group import end_with_parent
from devtools.demo_keys.pki import ensure_demo_pki
from devtools.ports import free_port
from jxcloud.server import web_command

from .demo_servers import business_registry
from .postgres import PostgresUnavailable

MARK = "JXCLOUD_RUN"
"""Every child has it in the environment, so that the next start finds those that a killed run left behind."""
STOP_SECONDS = 35
"""The unit is seconds, of which a worker gets 30 to finish its jobs."""
STEADY_SECONDS = 10
"""The unit is seconds after which a child is restarted at once; one that ends sooner waits longer each time."""
LONGEST_PAUSE = 15.0
SHOWN_OF_A_KIND = 4
DATA_OF_THE_DEMONSTRATION = ("pg", "private", "demo.json", "demo-registry.json")


class CannotRun(Exception):
    """The message says in one sentence why the run cannot start."""


class Stop(Exception):
    """Somebody asked the run to end."""


@dataclass
class Child:
    name: str
    command: list[str]
    environment: dict[str, str]
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    pause: float = 0.0
    due_at: float = field(default=0.0)

    def start(self) -> None:
        # The child has a session of its own, so that Ctrl-C reaches this program only, which then ends all in order.
        self.process = subprocess.Popen(
            self.command,
            cwd=settings.ROOT,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=end_with_parent,
        )
        self.started_at = time.monotonic()

    def watch(self) -> None:
        """Starts the child again when it has ended."""
        if self.process is not None and self.process.poll() is not None:
            self.signal(signal.SIGKILL)  # what it had started itself
            steady = time.monotonic() - self.started_at > STEADY_SECONDS
            self.pause = 0.0 if steady else min(LONGEST_PAUSE, self.pause * 2 or 0.5)
            self.due_at = time.monotonic() + self.pause
            say(f"{self.name} ended ({self.process.returncode}); it is started again.")
            self.process = None
        if self.process is None and time.monotonic() >= self.due_at:
            self.start()

    def signal(self, number: signal.Signals) -> None:
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, number)


def say(line: str) -> None:
    print(line, flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description="Runs the whole portal with demonstration data until Ctrl-C.")
    parser.add_argument("--reset", action="store_true", help="begin with empty data")
    parser.add_argument("--host", default=os.environ.get("HOST", "127.0.0.1"))
    parser.add_argument("--port", type=int, default=os.environ.get("PORT", "8000"))
    arguments = parser.parse_args()
    host, port = arguments.host, arguments.port
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    try:
        with only_run():
            end_orphans()
            check_port(host, port)
            if arguments.reset:
                remove_data()
            run(host, port)
    except Stop:
        say("Stopped.")
    except (CannotRun, PostgresUnavailable) as error:
        say(f"The portal cannot run: {error}")
        return 1
    return 0


def _stop(number: int, frame: FrameType | None) -> None:
    # A second Ctrl-C must not interrupt the orderly end.
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, signal.SIG_IGN)
    raise Stop


@contextmanager
def only_run() -> Iterator[None]:
    settings.VAR.mkdir(parents=True, exist_ok=True)
    with (settings.VAR / "run.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotRun("it already runs from this folder; end that run with Ctrl-C first.") from None
        yield


def end_orphans() -> None:
    """Ends the children of an earlier run that was killed. It is only called under the lock, so no living run owns
    them.
    """
    mark = os.fsencode(f"{MARK}={settings.VAR}")
    deadline = time.monotonic() + STOP_SECONDS
    asked: set[int] = set()
    while orphans := [pid for pid in _other_processes() if mark in _environment(pid)]:
        for pid in orphans:
            number = signal.SIGKILL if time.monotonic() > deadline else signal.SIGTERM
            if pid not in asked or number == signal.SIGKILL:
                asked.add(pid)
                with suppress(ProcessLookupError):
                    os.kill(pid, number)
        time.sleep(0.1)
    if asked:
        say(f"Ended {len(asked)} processes that an earlier run had left behind.")


def _other_processes() -> list[int]:
    return [int(entry.name) for entry in Path("/proc").glob("[0-9]*") if int(entry.name) != os.getpid()]


def _environment(pid: int) -> list[bytes]:
    # Another user's, or ended meanwhile.
    with suppress(PermissionError, FileNotFoundError, ProcessLookupError):
        return Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    return []


def check_port(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            reason = f"{host}:{port} cannot be used ({error.strerror}); choose another one: PORT=8001 make demo"
            raise CannotRun(reason) from None


def remove_data() -> None:
    if settings.CLUSTER is None:
        raise CannotRun("DATABASE_URL names a database that is not ours to empty.")
    settings.CLUSTER.stop()
    for name in DATA_OF_THE_DEMONSTRATION:
        path = settings.VAR / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def run(host: str, port: int) -> None:
    if settings.CLUSTER is None:
        supervise(host, port)
    else:
        say("Starting the database …")
        with settings.CLUSTER.session("jxcloud"):
            supervise(host, port)


def supervise(host: str, port: int) -> None:
    address = f"http://localhost:{port}"
    environment = {**os.environ, MARK: str(settings.VAR), "PUBLIC_BASE_URL": os.environ.get("PUBLIC_BASE_URL", address)}
    ensure_demo_pki(settings.DEMO_PKI)
    say("Preparing tables and demonstration data; the first time takes a while …")
    manage(environment, "migrate", "--no-input", "--verbosity=0")
    manage(environment, "demo_data")
    registry, records = free_port(), str(business_registry.records_file(settings.VAR))
    environment |= {"REGISTRY_URL": f"http://127.0.0.1:{registry}", "REGISTRY_KEY": business_registry.KEY}
    web = [*web_command(host, port), "--log-level=warning", "jxcloud.wsgi:application"]
    children = [
        Child("web", web, environment),
        Child(
            "registry",
            [sys.executable, "-m", "devtools.demo_servers.business_registry", str(registry), records],
            environment,
        ),
        Child("worker", [sys.executable, "manage.py", "worker"], environment),
    ]
    told = False
    try:
        while True:
            # The database starts first, because the others need it.
            if settings.CLUSTER is not None and settings.CLUSTER.server_pid() is None:
                say("The database ended; it is started again.")
                settings.CLUSTER.ensure_running()
            for child in children:
                child.watch()
            if not told and is_ready(host, port):
                tell(address)
                told = True
            time.sleep(0.3)
    finally:
        end(children)


def manage(environment: dict[str, str], *arguments: str) -> None:
    command = [sys.executable, "manage.py", *arguments]
    # It has no session of its own, so that Ctrl-C ends it together with this program.
    answer = subprocess.run(command, cwd=settings.ROOT, env=environment, stdin=subprocess.DEVNULL)
    if answer.returncode:
        raise CannotRun(f"`manage.py {arguments[0]}` failed; its messages are above.")


def is_ready(host: str, port: int) -> bool:
    target = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
    try:
        with urllib.request.urlopen(f"http://{target}:{port}/readyz", timeout=2) as answer:
            return bool(json.load(answer)["ready"])
    except (OSError, ValueError):  # not yet
        return False


def tell(address: str) -> None:
    """Prints what a visitor needs; `manage.py demo_data` wrote the login pages and logins into `var/demo.json`."""
    file = settings.VAR / "demo.json"
    logins: list[dict[str, str]] = json.loads(file.read_text()) if file.exists() else []
    say(f"\nThe portal runs at {address}/ — Ctrl-C ends it.")
    shown: Counter[str] = Counter()
    for login in logins:
        kind = login["role"].split("（")[0]
        shown[kind] += 1
        if shown[kind] > SHOWN_OF_A_KIND:
            continue
        say(f"\n  {login.pop('role')}  {address}{login.pop('address')}")
        waiting = login.pop("waiting", "")
        say("    " + "  ".join(f"{label}: {value}" for label, value in login.items()))
        if waiting:
            say(f"    {waiting}")
    if any(count > SHOWN_OF_A_KIND for count in shown.values()):
        say(f"\n  All {len(logins)} logins: {file}")
    say("")


def end(children: list[Child]) -> None:
    for child in children:
        child.signal(signal.SIGTERM)
    deadline = time.monotonic() + STOP_SECONDS
    for child in children:
        if child.process is not None:
            with suppress(subprocess.TimeoutExpired):
                child.process.wait(timeout=max(0.0, deadline - time.monotonic()))
        child.signal(signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(main())
