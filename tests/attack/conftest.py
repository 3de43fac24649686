"""What the attacks share: our keys and files, and a process that examines uploads as the portal's child process does."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from certificates.ecert import verifying
from devtools.demo_keys.pki import ensure_demo_pki
from devtools.demo_servers.time_stamping import demo_tsa_server
from tests.attack.pdf.variant import World
from tests.certificates.ecert.signed_files import verification_config

REFERENCE_SECONDS = 0.12
"""What `calibration` takes on the machine for which the limits of computing time are stated, when it is idle."""

HOSTILE_TEXTS = [
    "\0",
    "a\0b",
    "".join(map(chr, range(1, 32))),
    "\x7f\x80\x9f",
    "\u202e\u2066\u200b\ufeff",
    "\ud7ff\ue000\uffff\U0010ffff",
    '"><script>alert(1)</script>',
    "<img src=x onerror=alert(1) >",
    "{{ 7*7 }}{% debug %}${7*7}<%= 7*7 %>",
    "' OR 1=1 --",
    "'; DROP TABLE accounts_user; --",
    "%s%n%(id)s{0.__class__}",
    "../../../../etc/passwd",
    "\r\nSet-Cookie: a=b",
    "=cmd|' /C calc'!A1",
    "9" * 5000,
    "-1",
    "1e309",
    "NaN",
    "一" * 20_000,
]
"""Each into every field: control characters, markup, templates, SQL, format strings, paths, headers, formulas, numbers."""


def calibration() -> float:
    begun = time.process_time()
    total = 0
    for number in range(1_500_000):
        total += number * number % 7
    return time.process_time() - begun


def slowness() -> float:
    """How many times slower than the reference this machine computes at this moment."""
    return max(1.0, calibration() / REFERENCE_SECONDS)


@dataclass(frozen=True)
class Examined:
    verdict: str
    cpu_seconds: float
    memory_mb: float


class Examiner:
    """Many files through `tests.attack.examiner`: one process and its limits for each."""

    def __init__(self, world: World) -> None:
        config = verification_config(world.pki)
        names = ("signer", "chain", "roots", "crls")
        self.trust = {name: [str(path) for path in getattr(config, name)] for name in names}
        self.program = subprocess.Popen(
            [sys.executable, "-m", "tests.attack.examiner", json.dumps(asdict(verifying.VERIFYING.limits))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=Path(__file__).parents[2],
        )
        self._slowness_of_its_start = slowness()

    def __call__(self, pdf: bytes) -> Examined:
        header = json.dumps({"trust": self.trust, "now": datetime.now(UTC).isoformat()}).encode()
        self.program.stdin.write(header + b"\n%d\n" % len(pdf) + pdf)
        self.program.stdin.flush()
        outcome = json.loads(self.program.stdout.readline())
        code = outcome["returncode"]
        # As `verifying._examined` tells it.
        verdict = json.loads(outcome["said"])["verdict"] if code == 0 else "unreadable" if code < 0 else "unavailable"
        return Examined(verdict, outcome["cpu_seconds"], outcome["memory_mb"])

    def slowness(self) -> float:
        """What a file costs is computed partly now, and partly when the process started, which may have been a busier time."""
        return max(self._slowness_of_its_start, slowness())

    def close(self) -> None:
        self.program.stdin.close()
        self.program.stdout.close()
        self.program.wait(timeout=180)


@pytest.fixture(scope="session")
def attack_world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder: Path = tmp_path_factory.mktemp("attack")
    pki = ensure_demo_pki(folder / "pki")
    with demo_tsa_server(pki.tsa_certificate, pki.tsa_key) as url:
        yield World(pki, url, folder)


@pytest.fixture(scope="session")
def examiner(attack_world: World) -> Iterator[Examiner]:
    examiner = Examiner(attack_world)
    yield examiner
    examiner.close()
