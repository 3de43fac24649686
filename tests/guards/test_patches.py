"""Nothing that the portal ships is replaced in its tests. What may be replaced are limits, registries and named faults."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parent.parent

NAMED = {
    # Faults: what a broken machine, file or key would do.
    ("certificates/bulk_extension/test_bulk_extension.py", "reissue"): "the process dies in the second chunk",
    ("certificates/ecert/test_signing.py", "sign"): "a signing key that signs wrongly",
    (
        "certificates/ecert/test_token.py",
        "_wrong_pins",
    ): "the tokens that this process has given up are forgotten afterwards",
    ("certificates/ecert/test_token.py", "pin"): "the operator has configured a wrong PIN",
    ("certificates/documents/test_orders.py", "_sync"): "a full disk; what is made durable is noted",
    ("certificates/documents/test_orders.py", "save"): "the database refuses the row of a stored file",
    ("certificates/documents/test_orders.py", "sign"): "another worker is faster while this one signs",
    ("certificates/ecert/test_verifying.py", "_examined"): "reading a known file would fail: it is not read",
    ("certificates/ecert/test_verifying.py", "VERIFYING"): "the child process cannot be started",
    ("certificates/pages/test_pages.py", "_ground"): "drawing again would fail: it is drawn once",
    ("certificates/test_nightly.py", "change_states"): "the process dies in the second chunk",
    ("certificates/test_nightly.py", "refresh_for_people"): "the process dies in the third chunk",
    ("employment/expiry/test_services.py", "end_locked"): "the process dies in the second chunk",
    ("workflow/views/test_nothing_typed_is_lost.py", "mark_read"): "a defect, and a database that is away",
    ("workflow/views/test_whole_lists.py", "act_many"): "the process dies in the second slice",
    ("workflow/test_unseen_and_stuck.py", "send"): "the connection ends in the second round",
    ("workflow/test_unseen_and_stuck.py", "_escalate"): "a defect that one case alone brings out",
    # Folders and servers of the test's own.
    ("accounts/faces/test_faces.py", "_folder"): "a folder with another model file",
    ("common/limited/test_limited.py", "_server"): "children of the test's own, with other limits",
    ("common/files/test_images.py", "PICTURES"): "the limit of computing time, for a slow machine",
    ("devtools/test_postgres.py", "_candidate_folders"): "a machine without the binaries of PostgreSQL",
    ("devtools/test_postgres.py", "gettempdir"): "a folder of the test's own in place of the machine's",
    # Models and apps that exist in one test only.
    ("common/database/test_constraints.py", "apps"): "a registry with a model of the test's own",
    ("guards/test_businesses.py", "newapp"): "an app of the test's own",
    ("guards/test_businesses.py", "kind"): "a world of the test's own",
    # Waiting, and the look of the pages.
    ("accounts/kiosk/test_client.py", "__init__"): "the kiosk's client notes how long it would wait",
    ("e2e/test_registration.py", "check"): "the look of these pages is checked by another test",
    # The tests' own tool.
    ("conftest.py", "name"): "rows without an order are mixed",
}
"""File below tests/ and what it replaces → why that is no mock."""

MAKES_LIMITS = frozenset({"Limit", "timedelta"})


@dataclass(frozen=True)
class Patch:
    file: str
    line: int
    name: str
    value: ast.expr | None
    words: dict[str, ast.expr]

    @property
    def is_clock(self) -> bool:
        return self.name in ("now", "utc_now", "localdate", "today", "time")

    @property
    def is_limit(self) -> bool:
        """A constant in capitals that becomes another number, duration, limit or table of them."""
        if not re.fullmatch(r"_?[A-Z][A-Z_]*", self.name) or self.value is None:
            return False
        calls = [node for node in ast.walk(self.value) if isinstance(node, ast.Call)]
        plain = isinstance(self.value, (ast.Constant, ast.UnaryOp, ast.Dict)) and not calls
        limit = isinstance(self.value, ast.Call) and all(ast.unparse(call.func) in MAKES_LIMITS for call in calls)
        return plain or limit

    @property
    def is_registry(self) -> bool:
        """The items of a registry, so that what a test registers is gone afterwards; or a registry of the test's own."""
        return self.name == "_items" or (
            self.name.isupper() and ast.unparse(self.value or ast.Constant(0)) == "registry"
        )

    @property
    def is_spy(self) -> bool:
        """Counted and done all the same."""
        return "autospec" in self.words and ast.unparse(self.words.get("side_effect", ast.Constant(0))).endswith(
            f".{self.name}"
        )


def name_of(target: ast.expr) -> str:
    return target.value if isinstance(target, ast.Constant) and isinstance(target.value, str) else ast.unparse(target)


def patches_in(source: str, file: str) -> Iterator[Patch]:
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        called, arguments = ast.unparse(node.func), node.args
        words = {word.arg: word.value for word in node.keywords if word.arg}
        sets = re.search(r"(monkeypatch|patch|MonkeyPatch\(\))\.(setattr|setitem|delattr|delitem)$", called)
        if called in ("patch", "mock.patch") or (sets and isinstance(arguments[0], ast.Constant)):
            name, rest = name_of(arguments[0]).rpartition(".")[2], arguments[1:]
        elif sets or re.search(r"\bpatch\.object$", called):
            name, rest = name_of(arguments[1]), arguments[2:]
        elif re.search(r"\bpatch\.(dict|multiple)$|^(Magic|Async)?Mock$|^mock\.\w*Mock$|create_autospec$", called):
            name, rest = called, []
        else:
            continue
        yield Patch(file, node.lineno, name, rest[0] if rest else None, words)


def patches() -> Iterator[Patch]:
    for path in sorted(TESTS.rglob("*.py")):
        yield from patches_in(path.read_text(encoding="utf-8"), str(path.relative_to(TESTS)))


def is_of_an_allowed_kind(patch: Patch) -> bool:
    return not patch.is_clock and (patch.is_limit or patch.is_registry or patch.is_spy)


def test_only_limits_registries_and_named_faults_are_replaced() -> None:
    found = [
        f"tests/{patch.file}:{patch.line} replaces {patch.name}"
        for patch in patches()
        if not is_of_an_allowed_kind(patch) and (patch.is_clock or (patch.file, patch.name) not in NAMED)
    ]
    assert found == [], "the clock is stopped by tests/clock.py; try the real thing, or name the fault in NAMED"


def test_every_named_replacement_is_there() -> None:
    there = {(patch.file, patch.name) for patch in patches() if not is_of_an_allowed_kind(patch)}
    assert NAMED.keys() - there == set(), "an allowance that nothing uses"


@pytest.mark.parametrize(
    ("line", "allowed"),
    [
        ("monkeypatch.setattr(nightly, 'CHUNK', 2)", True),
        ("monkeypatch.setattr(views, 'LOOKUPS', Limit('lookup', 2))", True),
        ("monkeypatch.setattr(one_time_password_receipt, 'KEPT_FOR', timedelta(seconds=-1))", True),
        ("monkeypatch.setattr(BOXES, '_items', {})", True),
        ("mock.patch.object(Hasher, 'encode', autospec=True, side_effect=Hasher.encode)", True),
        ("monkeypatch.setattr(timezone, 'now', lambda: NOW)", False),
        ("mock.patch('administration.throttle.timezone.now', return_value=NOW)", False),
        ("monkeypatch.setattr('enterprises.chain.check_certificate', lambda *args: [])", False),
        ("monkeypatch.setattr(chain, 'CHECKS', Mock())", False),
        ("patch('certificates.documents.tasks.make_document')", False),
        ("mock.patch.object(Hasher, 'encode', autospec=True, side_effect=lambda *args: '')", False),
        ("service = MagicMock()", False),
    ],
)
def test_the_guard_tells_a_limit_from_a_mock(line: str, allowed: bool) -> None:
    assert all(is_of_an_allowed_kind(patch) for patch in patches_in(line, "x.py")) is allowed
