"""Many strangers send bombs at once while somebody asks for the health checks and a page; for a bounded time.

Against a running portal on this machine: `python -m tests.attack.flood http://127.0.0.1:8000 var/demo.json`.
"""

from __future__ import annotations

import http.client
import itertools
import json
import os
import re
import statistics
import sys
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from .bombs import pdf_bombs, picture_bombs

STEPS = ("front", "turn_left", "turn_right", "nod", "blink")
PROBES = ("/healthz", "/readyz", "/lookup/")
PROCESSES = 2
NICE = 19
"""Strangers have machines of their own in life; here they leave the two cores to the portal."""
Files = list[tuple[str, bytes]]


@dataclass
class Stranger:
    """One visitor with cookies, at an address of the loopback network."""

    url: str
    address: str = "127.0.0.1"
    timeout: float = 120
    cookies: dict[str, str] = field(default_factory=dict)

    def ask(self, method: str, path: str, body: bytes = b"", kind: str = "") -> tuple[int, str]:
        where = urlsplit(self.url)
        connection = http.client.HTTPConnection(
            str(where.hostname), where.port, timeout=self.timeout, source_address=(self.address, 0)
        )
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if kind:
            headers["Content-Type"] = kind
        try:
            connection.request(method, path, body or None, headers)
            answer = connection.getresponse()
            for line in answer.msg.get_all("Set-Cookie") or []:
                name, _, rest = line.partition("=")
                self.cookies[name] = rest.partition(";")[0]
            return answer.status, answer.read().decode(errors="replace")
        finally:
            connection.close()

    def token(self, path: str) -> str:
        found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', self.ask("GET", path)[1])
        return found[1] if found else ""

    def post(self, path: str, fields: dict[str, str]) -> tuple[int, str]:
        return self.ask("POST", path, urlencode(fields).encode(), "application/x-www-form-urlencoded")

    def send(self, path: str, fields: dict[str, str], files: Files) -> tuple[int, str]:
        boundary = uuid.uuid4().hex
        parts = [
            f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
            for name, value in fields.items()
        ]
        for name, data in files:
            head = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; filename="a"\r\n\r\n'
            parts.append(head.encode() + data + b"\r\n")
        body = b"".join(parts) + f"--{boundary}--\r\n".encode()
        return self.ask("POST", path, body, f"multipart/form-data; boundary={boundary}")


Attack = Callable[[Stranger, Iterator[bytes]], int]


def verify(stranger: Stranger, bombs: Iterator[bytes]) -> int:
    token = stranger.token("/verify/")
    return stranger.send("/verify/", {"csrfmiddlewaretoken": token}, [("file", next(bombs))])[0]


def face(id_number: str) -> Attack:
    return partial(_face, id_number)


def _face(id_number: str, stranger: Stranger, bombs: Iterator[bytes]) -> int:
    token = stranger.token("/m/login/face/")
    answer = stranger.post("/m/face/challenge/", {"csrfmiddlewaretoken": token, "purpose": "login"})[1]
    try:
        challenge = json.loads(answer)
        nonce, steps = challenge["nonce"], [step["name"] for step in challenge["steps"]]
    except (ValueError, KeyError):
        nonce, steps = "", list(STEPS[:2])
    fields = {"csrfmiddlewaretoken": token, "id_number": id_number, "consent": "on", "nonce": nonce}
    bomb = next(bombs)
    # Bytes at the end make each frame another file.
    files = [(step, bomb + bytes([place])) for step in steps for place in range(6)]
    return stranger.send("/m/login/face/", fields, files)[0]


def photo(cookies: dict[str, str]) -> Attack:
    return partial(_photo, cookies)


def _photo(cookies: dict[str, str], stranger: Stranger, bombs: Iterator[bytes]) -> int:
    stranger.cookies.update(cookies)
    token = stranger.token("/person/photo/")
    return stranger.send("/person/photo/", {"csrfmiddlewaretoken": token}, [("photo", next(bombs))])[0]


def logged_in(url: str, id_number: str, password: str) -> dict[str, str]:
    person = Stranger(url)
    token = person.token("/login/")
    person.post("/login/", {"csrfmiddlewaretoken": token, "id_number": id_number, "password": password})
    return {name: value for name, value in person.cookies.items() if name == "sessionid"}


@dataclass
class Figures:
    seconds: dict[str, list[float]]
    """Of each probe, by path."""
    refused: dict[str, int]
    """Probes that got no good answer."""
    statuses: dict[str, Counter[int]]
    """Of the bombs."""
    longest: dict[str, float]

    def lines(self) -> list[str]:
        out = []
        for path, times in self.seconds.items():
            middle, most, worst = statistics.median(times), share(times, 0.9), max(times)
            out.append(
                f"{path}: {len(times)} probes, median {middle:.3f} s, 90 % {most:.3f} s, worst {worst:.3f} s,"
                f" bad {self.refused[path]}"
            )
        for name, counts in self.statuses.items():
            out.append(f"{name}: {dict(sorted(counts.items()))}, longest answer {self.longest[name]:.1f} s")
        return out


@dataclass(frozen=True)
class Crowd:
    """Strangers that share a process apart from the probes, so that building bodies takes no time from these."""

    url: str
    attacks: dict[str, tuple[Attack, list[bytes]]]
    seconds: float
    numbers: range

    def run(self) -> tuple[dict[str, Counter[int]], dict[str, float]]:
        os.nice(NICE)
        statuses = {name: Counter[int]() for name in self.attacks}
        longest = dict.fromkeys(self.attacks, 0.0)
        ends_at = time.monotonic() + self.seconds
        threads = [
            threading.Thread(target=self._attack, args=(number, ends_at, statuses, longest)) for number in self.numbers
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return statuses, longest

    def _attack(
        self, number: int, ends_at: float, statuses: dict[str, Counter[int]], longest: dict[str, float]
    ) -> None:
        name = list(self.attacks)[number % len(self.attacks)]
        attack, files = self.attacks[name]
        bombs = itertools.cycle(files[number % 7 :] + files)
        stranger = Stranger(self.url, f"127.0.1.{number + 1}")
        while time.monotonic() < ends_at:
            begun = time.monotonic()
            try:
                status = attack(stranger, bombs)
            except (OSError, http.client.HTTPException):
                status = 0
            statuses[name][status] += 1
            longest[name] = max(longest[name], time.monotonic() - begun)


def share(times: list[float], part: float) -> float:
    """The time within which this part of the probes was answered."""
    return sorted(times)[min(int(len(times) * part), len(times) - 1)]


def flood(url: str, attacks: dict[str, tuple[Attack, list[bytes]]], *, seconds: float, strangers: int = 50) -> Figures:
    """Every stranger has an address of its own, so that limits by address alone stop none of them at first."""
    figures = Figures({}, dict.fromkeys(PROBES, 0), {name: Counter() for name in attacks}, dict.fromkeys(attacks, 0.0))
    figures.seconds = {path: [] for path in PROBES}
    crowds = [Crowd(url, attacks, seconds, range(first, strangers, PROCESSES)) for first in range(PROCESSES)]
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        running = [pool.submit(crowd.run) for crowd in crowds]
        ends_at = time.monotonic() + seconds
        probes = [threading.Thread(target=_probe, args=(url, path, ends_at, figures)) for path in PROBES]
        for probe in probes:
            probe.start()
        for probe in probes:
            probe.join()
        for crowd in running:
            statuses, longest = crowd.result()
            for name in attacks:
                figures.statuses[name] += statuses[name]
                figures.longest[name] = max(figures.longest[name], longest[name])
    return figures


def _probe(url: str, path: str, ends_at: float, figures: Figures) -> None:
    probe = Stranger(url)
    while time.monotonic() < ends_at:
        begun = time.monotonic()
        try:
            status = probe.ask("GET", path)[0]
        except (OSError, http.client.HTTPException):
            status = 0
        figures.seconds[path].append(time.monotonic() - begun)
        figures.refused[path] += status != 200
        time.sleep(0.1)


def attacks_on(url: str, id_number: str, password: str) -> dict[str, tuple[Attack, list[bytes]]]:
    pictures = list(picture_bombs().values())
    # What a frame may weigh, so that its size alone does not refuse it.
    frames = [bomb for bomb in pictures if len(bomb) < 1_000_000]
    return {
        "/verify/": (verify, list(pdf_bombs().values())),
        "/m/login/face/": (face(id_number), frames),
        "/person/photo/": (photo(logged_in(url, id_number, password)), pictures),
    }


def main() -> None:
    url, file = sys.argv[1].rstrip("/"), Path(sys.argv[2])
    person = next(login for login in json.loads(file.read_text()) if login["role"].startswith("个人"))
    figures = flood(url, attacks_on(url, person["login"], person["password"]), seconds=30)
    sys.stdout.write("\n".join(figures.lines()) + "\n")


if __name__ == "__main__":
    main()
