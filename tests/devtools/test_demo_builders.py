"""Every module of demonstration data registers itself."""

from __future__ import annotations

from pathlib import Path

import devtools.demo
from devtools.demo.builders import BUILDERS, discover_builders

SHARED = {"__init__", "build", "builders", "context"}


def test_every_module_registers_a_builder() -> None:
    discover_builders()
    modules = {path.stem for path in Path(devtools.demo.__file__).parent.glob("*.py")} - SHARED
    assert {builder.__module__.rpartition(".")[2] for builder in BUILDERS} == modules


def test_builders_follow_their_order() -> None:
    discover_builders()
    names = BUILDERS.names()
    wanted = ["offices and notices", "staff", "enterprises", "people", "old records", "registrations", "certificates"]
    assert names[: len(wanted)] == wanted
    assert names[-1] == "logins"
