"""One port has one owner, whichever way the other one was started."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from devtools.ports import free_port
from jxcloud.web import PortInUse, own


@pytest.fixture(autouse=True)
def folder_of_locks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RUNTIME_DIRECTORY", str(tmp_path))


def test_a_second_start_is_refused_while_the_first_one_lives() -> None:
    port = free_port()
    first = own("127.0.0.1", port)
    with pytest.raises(PortInUse, match="another web process owns port"):
        own("127.0.0.1", port)
    os.close(first)
    os.close(own("127.0.0.1", port))


def test_whoever_shares_the_port_is_found() -> None:
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(PortInUse, match="cannot be used"):
            own("127.0.0.1", other.getsockname()[1])


def test_the_program_says_so_and_ends() -> None:
    port = free_port()
    first = own("127.0.0.1", port)
    answer = subprocess.run(
        [sys.executable, "-m", "jxcloud.web"],
        cwd=settings.ROOT,
        env={**os.environ, "GRANIAN_PORT": str(port)},
        capture_output=True,
        text=True,
        timeout=300,
    )
    os.close(first)
    assert answer.returncode == 75
    assert f"another web process owns port {port}" in answer.stderr
