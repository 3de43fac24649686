"""Tests that share the set-up of a module or a folder are run by one test process, all others by whichever is free.

Several processes would each start the same servers and fill the same database: a demonstration takes a minute to start,
an old database two to be migrated. (The groups that pytest-xdist has for this, `--dist loadgroup`, are not seen by the
node ids of pytest 9.2.)
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

ROOT = Path(__file__).parent.parent


class SharedSetups(LoadScopeScheduling):  # type: ignore[misc]
    """Hands out tests in the order of their collection."""

    def __init__(self, config: pytest.Config, log: Any) -> None:
        super().__init__(config, log)
        config.option.loadscopereorder = False

    def _split_scope(self, nodeid: str) -> str:
        """Answers what is handed out as one piece: a folder, a module, or the test alone."""
        return shared_by(nodeid.partition("::")[0]) or nodeid


@cache
def shared_by(module: str) -> str:
    """Answers the folder or module whose fixtures are made once for all its tests; nothing if it has no such fixtures."""
    path = ROOT / module
    if _has_fixture(path.parent / "conftest.py", "package"):
        return str(Path(module).parent)
    return module if _has_fixture(path, "module") else ""


@cache
def _has_fixture(file: Path, scope: str) -> bool:
    return file.exists() and re.search(rf'fixture\(.*scope="{scope}"', file.read_text(encoding="utf-8")) is not None
