"""Measures what a web process holds after thousands of requests, so that what grows with every one is seen."""

from __future__ import annotations

import http.client
import os
import re
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from django.conf import settings

from devtools.ports import free_port
from devtools.postgres import Cluster
from jxcloud.server import web_command

from .measure import client_of
from .pages import NOBODY, OPERATOR, PERSON, PROVINCE

ASKED = (
    (NOBODY, "/"), (NOBODY, "/notices/"), (NOBODY, "/lookup/"), (PERSON, "/person/"), (PERSON, "/person/certificates/"),
    (PERSON, "/messages/"), (OPERATOR, "/enterprise/confirmations/"), (PROVINCE, "/office/queue/provincial/"),
)  # fmt: skip
START_SECONDS = 120
EACH = 1_000


@dataclass(frozen=True)
class Held:
    """Megabytes that the largest web process holds after so many requests."""

    requests: int
    megabytes: float

    def as_row(self) -> dict[str, Any]:
        return asdict(self)


def held(cluster: Cluster, database: str, requests: int) -> Iterator[Held]:
    """One web process with its threads as it is installed; the first figure is that of a process nobody has asked."""
    cookies = {reader: _cookie(reader) for reader, _ in ASKED}
    with _web(cluster, database) as (web, port):
        yield Held(0, _megabytes(web))
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        for number, (reader, address) in enumerate(islice(cycle(ASKED), requests), start=1):
            connection.request("GET", address, headers={"Cookie": cookies[reader]})
            answer = connection.getresponse()
            answer.read()
            if answer.status != 200:
                raise RuntimeError(f"{address}: {answer.status} {answer.headers['Location'] or ''}")
            if number % EACH == 0 or number == requests:
                yield Held(number, _megabytes(web))


def _cookie(reader: str) -> str:
    return "; ".join(f"{name}={morsel.value}" for name, morsel in client_of(reader).cookies.items())


@contextmanager
def _web(cluster: Cluster, database: str) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    port = free_port()
    command = [*web_command("127.0.0.1", port), "--workers=1", "--log-level=error", "jxcloud.wsgi:application"]
    environment = {
        **os.environ, "DJANGO_SETTINGS_MODULE": "jxcloud.settings.development", "DEBUG": "false",
        "DATABASE_URL": cluster.url(database),
    }  # fmt: skip
    with subprocess.Popen(
        command, cwd=settings.ROOT, env=environment, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as web:
        try:
            _wait_for(port)
            yield web, port
        finally:
            web.terminate()


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/healthz")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.2)
        finally:
            connection.close()
    raise RuntimeError("the web process does not start")


def _megabytes(web: subprocess.Popen[bytes]) -> float:
    """Granian's own process starts the one that serves; the companion that reads uploads is a child of that one."""
    kilobytes = [0]
    for path in Path("/proc").glob("[0-9]*/status"):
        try:
            status = path.read_text(encoding="utf-8", errors="replace")
        except OSError:
            continue  # it has ended meanwhile
        found = dict(re.findall(r"(?m)^(PPid|VmRSS):\s+(\d+)", status))
        if int(found["PPid"]) == web.pid:
            kilobytes.append(int(found.get("VmRSS", 0)))
    return round(max(kilobytes) / 1024, 1)
