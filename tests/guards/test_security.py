"""SECURITY.md names the tests that show each defence, and security.txt says whom to tell of a gap."""

from __future__ import annotations

import ast
import re
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
NAMED = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", DOCUMENT)
PATHS = sorted(
    set(
        re.findall(
            r"`((?:accounts|administration|certificates|docs|jxcloud|templates|tests)/[\w./-]+\.(?:py|md|html))[`:]",
            DOCUMENT,
        )
    )
)


@cache
def functions_in(file: str) -> set[str]:
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_every_test_that_it_names_exists() -> None:
    assert len(NAMED) >= 30
    assert [
        f"{file}::{name}" for file, name in NAMED if not (ROOT / file).exists() or name not in functions_in(file)
    ] == []


def test_every_file_that_it_names_exists() -> None:
    assert PATHS
    assert [path for path in PATHS if not (ROOT / path).exists()] == []


def test_every_threat_names_its_test() -> None:
    rows = DOCUMENT.split("## Who may attack what")[1].split("\n## ")[0].splitlines()
    threats = [row for row in rows if row.startswith("| ") and not row.startswith(("| Who ", "| ---"))]
    assert len(threats) >= 15
    assert [row for row in threats if "::test_" not in row] == []


@pytest.mark.parametrize("contact", ["mailto:security@portal.example", "https://portal.example/report"])
def test_security_txt_names_the_operators_contact(client: Client, settings: Settings, contact: str) -> None:
    settings.SECURITY_CONTACT = contact
    answer = client.get("/.well-known/security.txt")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    entries = dict(line.split(": ", 1) for line in answer.text.splitlines())
    assert entries["Contact"] == contact
    assert entries["Canonical"].endswith("/.well-known/security.txt")
    assert timedelta(days=30) < datetime.fromisoformat(entries["Expires"]) - timezone.now() < timedelta(days=365)


@pytest.mark.parametrize("contact", ["", "security@portal.example", "mailto:a@b\nContact: x", "javascript:alert(1)"])
def test_security_txt_without_a_usable_contact_is_not_there(client: Client, settings: Settings, contact: str) -> None:
    settings.SECURITY_CONTACT = contact
    assert client.get("/.well-known/security.txt").status_code == 404
