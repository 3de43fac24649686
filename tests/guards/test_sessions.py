"""Nothing of the portal lives in a session of the database: a pooler gives the next transaction another one."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from .test_source import ROOT, sources

OF_SESSIONS = {
    "a setting of the session; write SET LOCAL": r"^\s*SET\s+(?!LOCAL\b|CONSTRAINTS\b)\w+\s*(=|TO\b)|\bSET\s+SESSION\b",
    "a setting of the session; the last argument must be true": r"\bset_config\s*\((?![^)]*,\s*true\s*\))",
    "a lock of the session; use common.database.alone or pg_…_xact_lock": r"\bpg_(try_)?advisory_(un)?lock(_shared)?\b",
    "a message for a session": r"^\s*(?-i:UNLISTEN|LISTEN)\s+\w",
    "a table of the session; write ON COMMIT DROP": r"\bTEMP(ORARY)?\s+TABLE\b(?!(?s:.*)\bON\s+COMMIT\s+DROP\b)",
    "a cursor that outlives its transaction": r"\bWITH\s+HOLD\b",
    "a prepared statement": r"^\s*(?-i:PREPARE|DEALLOCATE|DISCARD)\s+\w",
    "a value of the session": r"\b(currval|lastval)\s*\(",
}
PAST_THE_POOLER = {
    ("certificates/legacy/importing.py", "a table of the session; write ON COMMIT DROP"): (
        "old certificates are imported in many transactions, by a command or a job, and both go past the pooler"
    ),
}


def product() -> Iterator[Path]:
    yield from (path for path in sources() if path.relative_to(ROOT).parts[0] not in ("devtools", "clients"))
    yield from ROOT.glob("*/migrations/*.py")


HINTS = re.compile(
    r"set\s+(?!local)\w+\s*(=|to)|set_config|advisory|listen\s|temp|\bhold|prepare|discard|(curr|last)val", re.I
)


def texts(path: Path) -> Iterator[tuple[int, str]]:
    """Files that hold no such word at all are not taken apart."""
    content = path.read_text(encoding="utf-8")
    for node in ast.walk(ast.parse(content)) if HINTS.search(content) else ():
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, node.value


def test_no_statement_needs_a_session() -> None:
    found, excused = [], set()
    for path in product():
        name = str(path.relative_to(ROOT))
        for line, text in texts(path):
            for what, pattern in OF_SESSIONS.items():
                if re.search(pattern, text, re.IGNORECASE | re.MULTILINE):
                    if (name, what) in PAST_THE_POOLER:
                        excused.add((name, what))
                    else:
                        found.append(f"{name}:{line}: {what}")
    assert found == []
    assert excused == set(PAST_THE_POOLER), "nothing is excused any more"


@pytest.mark.parametrize(
    "statement",
    [
        "SET lock_timeout = '300ms'",
        "set session characteristics as transaction read only",
        "SELECT set_config('x', 'y', false)",
        "SELECT pg_try_advisory_lock(1)",
        "SELECT pg_advisory_unlock(1)",
        "LISTEN jobs",
        "CREATE TEMPORARY TABLE t (a int)",
        "DECLARE c CURSOR WITH HOLD FOR SELECT 1",
        "PREPARE p AS SELECT 1",
        "SELECT lastval()",
    ],
)
def test_the_guard_sees_it(statement: str) -> None:
    assert any(re.search(pattern, statement, re.IGNORECASE | re.MULTILINE) for pattern in OF_SESSIONS.values())


@pytest.mark.parametrize(
    "statement",
    [
        "SET LOCAL lock_timeout = '300ms'",
        "UPDATE t SET a = 1",
        "SELECT pg_advisory_xact_lock(1)",
        "SELECT set_config('x', 'y', true)",
        "CREATE TEMP TABLE t (a int) ON COMMIT DROP",
        "SET CONSTRAINTS ALL IMMEDIATE",
    ],
)
def test_the_guard_lets_transactions_be(statement: str) -> None:
    assert not any(re.search(pattern, statement, re.IGNORECASE | re.MULTILINE) for pattern in OF_SESSIONS.values())
