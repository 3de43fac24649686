"""Serves the portal as the only owner of its port: `python -m jxcloud.web`.

Granian shares a port with whoever else listens on it, so a second start, or an old process that an upgrade left behind,
would go on answering half of the visitors. GRANIAN_… variables change the address and the number of processes
(.env.example); `jxcloud.server` has the limits.
"""

from __future__ import annotations

import fcntl
import os
import socket
import sys
import tempfile
from pathlib import Path

from .server import web_command

DEFAULTS = {
    "GRANIAN_HOST": "127.0.0.1",
    "GRANIAN_PORT": "8000",
    "GRANIAN_WORKERS": "2",
    "GRANIAN_LOG_LEVEL": "warning",
}
IN_USE = 75
"""The value is EX_TEMPFAIL: a supervisor may try again."""


class PortInUse(Exception):
    """Another program listens on the port already."""


def main() -> int:
    for name, value in DEFAULTS.items():
        os.environ.setdefault(name, value)
    host, port = os.environ["GRANIAN_HOST"], int(os.environ["GRANIAN_PORT"])
    try:
        own(host, port)
    except PortInUse as error:
        print(f"The portal does not start: {error}", file=sys.stderr)
        return IN_USE
    # Granian takes the place of this process, so that signals reach it and the lock lives as long as it does.
    command = [*web_command(host, port), f"--workers={os.environ['GRANIAN_WORKERS']}", "jxcloud.wsgi:application"]
    os.execv(command[0], command)  # noqa: S606


def own(host: str, port: int) -> int:
    """Answers the locked file, open across exec. Raises PortInUse."""
    file = os.open(_lock_path(port), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(file)
        raise PortInUse(f"another web process owns port {port}; stop it first.") from None
    os.set_inheritable(file, True)
    # The lock knows only starts of this kind; whoever else listens is found by asking for the port alone.
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise PortInUse(f"{host}:{port} cannot be used ({error.strerror}); stop what listens there.") from None
    return file


def _lock_path(port: int) -> Path:
    """The file is in the folder that systemd makes for the service (RuntimeDirectory=), else among this user's
    temporary files.
    """
    folder = os.environ.get("RUNTIME_DIRECTORY") or tempfile.gettempdir()
    return Path(folder) / f"jxcloud-web-{os.geteuid()}-{port}.lock"


if __name__ == "__main__":
    sys.exit(main())
