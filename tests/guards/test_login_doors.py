"""Sessions are opened in one place, so that no new door forgets the second factor of a person."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import RequestFactory

from accounts.access import sessions
from tests.factories import make_person

from .test_source import ROOT, trees

OPENS_SESSIONS = "accounts/access/sessions.py"
ADMITS_PERSONS = "accounts/login/admission.py"
OTHER_DOORS = {"accounts/login/views_office.py", "enterprises/ca_login/views.py"}
"""Of staff and operators; `sessions.log_in` refuses a person who comes by them."""


def modules() -> Iterator[tuple[str, ast.Module]]:
    return ((str(path.relative_to(ROOT)), tree) for path, tree in trees())


def names_of_django_login(tree: ast.Module) -> set[str]:
    """Under which the module can reach `django.contrib.auth.login` or `login_user`'s like."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "django.contrib.auth":
            found |= {alias.name for alias in node.names if alias.name in ("login", "alogin", "*")}
        if isinstance(node, ast.ImportFrom) and node.module == "django.contrib":
            found |= {f"{alias.name} as a module" for alias in node.names if alias.name == "auth"}
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names if alias.name == "django.contrib.auth"}
        if isinstance(node, ast.Attribute) and node.attr in ("SESSION_KEY", "HASH_SESSION_KEY"):
            found.add(node.attr)
        if isinstance(node, ast.Constant) and node.value == "_auth_user_id":
            found.add("_auth_user_id")
        if isinstance(node, ast.ImportFrom) and node.module == "django.contrib.auth.views":
            found |= {alias.name for alias in node.names if alias.name == "LoginView"}
    return found


def calls_of_log_in(tree: ast.Module) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name == "log_in":
                yield node


def test_only_one_module_reaches_the_login_of_django() -> None:
    assert {path for path, tree in modules() if names_of_django_login(tree)} == {OPENS_SESSIONS}


def test_only_these_doors_open_sessions_and_one_those_of_persons() -> None:
    callers = {path: list(calls_of_log_in(tree)) for path, tree in modules()}
    assert {path for path, calls in callers.items() if calls} == {ADMITS_PERSONS, *OTHER_DOORS}
    admitting = {
        path for path, calls in callers.items() for call in calls if any(k.arg == "is_admitted" for k in call.keywords)
    }
    assert admitting == {ADMITS_PERSONS}
    assert len(callers[ADMITS_PERSONS]) == 1


@pytest.mark.django_db
def test_a_person_cannot_come_in_by_another_door(rf: RequestFactory) -> None:
    request = rf.post("/office/login/code/")
    with pytest.raises(ValueError, match="admission"):
        sessions.log_in(request, make_person().user)  # type: ignore[arg-type]


def test_the_guard_sees_a_new_door() -> None:
    """It would be no guard if a door in another spelling went by it."""
    for source in (
        "from django.contrib.auth import login as enter",
        "from django.contrib import auth\nauth.login(request, user)",
        "import django.contrib.auth",
        "request.session['_auth_user_id'] = 1",
        "from django.contrib.auth.views import LoginView",
    ):
        assert names_of_django_login(ast.parse(source)), source
    assert list(calls_of_log_in(ast.parse("sessions.log_in(request, user)")))


def test_no_template_or_setting_names_another_login_view() -> None:
    assert "LoginView" not in (Path(ROOT) / "jxcloud" / "urls.py").read_text(encoding="utf-8")
