"""What has to leave a row in the audit does, and every row can be read."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from accounts.enums import Sphere
from administration.audit.actions import ACTIONS
from certificates.enums import AuthorityAction
from portal.audit.words import KEYS

from .test_addresses import ALL, access_of
from .test_source import sources

SENDS_A_FILE = {
    "picture",
    "jpeg",
    "pdf_response",
    "proof_response",
    "picture_response",
    "file_to_save",
    "FileResponse",
    "StreamingHttpResponse",
}
NOTES = {"record", "_note_download", "_applicant"}
OF_THEIR_OWN = {
    # The clerk's own upload.
    "office/counter/<int:pk>/photo/pending/",
    "office/counter/<int:pk>/photo/source/",
}


def calls(view: Callable[..., Any]) -> set[str]:
    tree = ast.parse(inspect.getsource(inspect.unwrap(view)))
    names = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return {
        name.attr if isinstance(name, ast.Attribute) else name.id
        for name in names
        if isinstance(name, ast.Attribute | ast.Name)
    }


def addresses_with_files_of_others() -> list[str]:
    found = []
    for route, pattern in ALL.items():
        access = access_of(pattern)
        if access is None or access.is_public or access.spheres == {Sphere.PERSON} or route in OF_THEIR_OWN:
            continue
        if calls(pattern.callback) & SENDS_A_FILE:
            found.append(route)
    return sorted(found)


def test_there_are_such_addresses() -> None:
    assert "office/applications/<slug:number>/portrait/" in addresses_with_files_of_others()


@pytest.mark.parametrize("route", addresses_with_files_of_others())
def test_whoever_is_sent_a_file_of_somebody_else_leaves_a_row(route: str) -> None:
    assert calls(ALL[route].callback) & NOTES


def test_every_exception_is_needed() -> None:
    """An address that sends nothing any more, or a name that nothing calls, would hide the next one."""
    assert [route for route in OF_THEIR_OWN if route not in ALL or not calls(ALL[route].callback) & SENDS_A_FILE] == []
    called = set().union(*(calls(pattern.callback) for pattern in ALL.values() if access_of(pattern)))
    assert (SENDS_A_FILE | NOTES) - called == set()


NAMED_FIRST = {"audit.record", "note_audit", "record_audits", "audit_list_taken"}


def actions_in_the_source() -> Iterator[str]:
    """First arguments of those in `NAMED_FIRST`, and `action=` of `record_audit`, where they are literals."""
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = ast.unparse(node.func)
            if name in NAMED_FIRST and node.args and isinstance(node.args[0], ast.Constant):
                yield node.args[0].value
            if name == "record_audit":
                for keyword in node.keywords:
                    if keyword.arg == "action" and isinstance(keyword.value, ast.Constant):
                        yield keyword.value.value


def test_every_action_has_words() -> None:
    derived = {f"authority_{action.value}" for action in AuthorityAction} | {
        f"registry_{word}" for word in ("add", "change", "delete")
    }
    used = set(actions_in_the_source()) | derived
    assert {"login", "reveal_id_number", "end_employment"} <= used
    assert sorted(used - set(ACTIONS)) == []


def keys_of_details() -> Iterator[str]:
    """Keys of the dictionaries that are given to those in `NAMED_FIRST` and `record_audit`, or to names that are given."""
    for path in sources():
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(function, ast.FunctionDef):
                continue
            given = [argument for call in recording_calls(function) for argument in arguments_of(call)]
            names = {argument.id for argument in given if isinstance(argument, ast.Name)}
            for written in (*given, *values_of(function, names)):
                for found in ast.walk(written):
                    if isinstance(found, ast.Dict):
                        yield from (key.value for key in found.keys if isinstance(key, ast.Constant))


def recording_calls(function: ast.FunctionDef) -> list[ast.Call]:
    calls = [node for node in ast.walk(function) if isinstance(node, ast.Call)]
    return [call for call in calls if ast.unparse(call.func) in {*NAMED_FIRST, "record", "record_audit"}]


def arguments_of(call: ast.Call) -> list[ast.expr]:
    return [*call.args[1:], *(word.value for word in call.keywords if word.arg in ("detail", "about"))]


def values_of(function: ast.FunctionDef, names: set[str]) -> Iterator[ast.expr]:
    for node in ast.walk(function):
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if {target.id for target in targets if isinstance(target, ast.Name)} & names:
                yield node.value


def test_every_key_of_a_detail_has_words() -> None:
    used = set(keys_of_details())
    assert {"method", "duties", "document_number", "reason"} <= used
    assert sorted(used - set(KEYS)) == []
