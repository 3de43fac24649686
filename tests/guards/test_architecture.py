"""The documents name what is there: paths, names in files, rooms, and every table in the glossary."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib import admin
from django.urls import get_resolver
from procrastinate.contrib.django import app

from common.apps import DISCOVERED
from devtools.documentation import addresses

from .test_source import ROOT, sources

DOCUMENTS = sorted(
    [*ROOT.glob("docs/*.md"), *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md"))]
)
ARCHITECTURE = ROOT / "docs" / "architecture.md"
GLOSSARY = ROOT / "docs" / "glossary.md"
EXAMPLES = frozenset({"certificates/businesses/photo_renewal.py", "tests/worlds/photo_renewal.py"})
"""Files that a recipe asks its reader to write."""
PACKAGES = sorted({path.relative_to(ROOT).parts[0] for path in sources() if len(path.relative_to(ROOT).parts) > 1})
NO_ROOMS = frozenset({"management", "migrations", "templatetags"})
QUESTIONS = 10

MARKED = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
LINKED = re.compile(r"\]\(([^)#\s]+)(?:#[^)\s]*)?\)")
PATH = re.compile(r"\.?[\w*.-]+(/[\w*.-]+)*/?(::\w+)?")
DOTTED = re.compile(rf"({'|'.join(PACKAGES)})(\.\w+)+")


def marked(document: Path) -> list[str]:
    return MARKED.findall(document.read_text(encoding="utf-8"))


@cache
def at_the_top() -> frozenset[str]:
    return frozenset(path.name for path in ROOT.iterdir()) - {"var", ".venv", ".git"}


def paths(document: Path) -> Iterator[tuple[str, str]]:
    """Path and name of every `path` and `path::name` that begins with something at the top of the project."""
    for text in marked(document):
        if PATH.fullmatch(text) and text.partition("::")[0].split("/")[0] in at_the_top() | {"*"}:
            path, _, name = text.partition("::")
            yield path, name


def defines(path: Path, name: str) -> bool:
    """A definition, an assignment or a key of this name; in anything but Python the word itself."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        return name in text
    return re.search(rf'(?m)\b(def|class) {name}\b|^\s*{name}\b.*=|"{name}"', text) is not None


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda one: one.name)
def test_every_path_in_a_document_exists(document: Path) -> None:
    named = [(path, name) for path, name in paths(document) if path not in EXAMPLES]
    missing = [path for path, _ in named if not any(ROOT.glob(path.rstrip("/")))]
    assert missing == []
    undefined = [f"{path}::{name}" for path, name in named if name and not defines(ROOT / path, name)]
    assert undefined == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda one: one.name)
def test_every_link_in_a_document_leads_to_a_file(document: Path) -> None:
    links = [one for one in LINKED.findall(document.read_text(encoding="utf-8")) if "://" not in one]
    assert [one for one in links if not (document.parent / one).exists()] == []


def resolves(dotted: str) -> bool:
    """A module, or something that a module holds."""
    parts = dotted.split(".")
    for length in range(len(parts), 0, -1):
        module = ".".join(parts[:length])
        try:
            known = find_spec(module) is not None
        except ModuleNotFoundError:
            continue
        if known:
            held = import_module(module) if length < len(parts) else None
            return held is None or hasattr(held, parts[length])
    return False


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda one: one.name)
def test_every_dotted_name_in_a_document_resolves(document: Path) -> None:
    """Names of background tasks look alike and are asked of the list of tasks."""
    named = [text for text in marked(document) if DOTTED.fullmatch(text) and text not in app.tasks]
    files = {"." + path.suffix.lstrip(".") for path in ROOT.iterdir()}
    assert [one for one in named if Path(one).suffix not in files and not resolves(one)] == []


# --- the map ---


def section(title: str) -> str:
    """The text below `### title`, to the next heading."""
    found = re.search(rf"(?ms)^### {re.escape(title)}$(.*?)(?=^##|\Z)", ARCHITECTURE.read_text(encoding="utf-8"))
    assert found is not None, f"docs/architecture.md does not describe {title}"
    return found[1]


def rooms(package: str) -> set[str]:
    folders = {path.parent.name for path in (ROOT / package).glob("*/__init__.py")}
    return folders - NO_ROOMS


@pytest.mark.parametrize("package", PACKAGES)
def test_every_room_is_described(package: str) -> None:
    described = re.findall(r"(?m)^\| `(\w+)` \| \S", section(package))
    assert sorted(described) == sorted(rooms(package))


def test_every_name_that_is_found_by_itself_is_described() -> None:
    text = ARCHITECTURE.read_text(encoding="utf-8").partition("## What is found by itself")[2].partition("\n## ")[0]
    assert re.findall(r"(?m)^\| `(\w+)` \| ", text) == list(DISCOVERED)


def test_ten_questions_have_answers_in_files() -> None:
    """That the files hold the names is tested with every other path."""
    rows = ARCHITECTURE.read_text(encoding="utf-8").partition("## Ten questions")[2]
    answers = re.findall(r"(?m)^\| (\d+) \| [^|]+ \| ([^|]+) \| [^|]+ \|$", rows)
    assert [int(number) for number, _ in answers] == list(range(1, QUESTIONS + 1))
    assert [number for number, answer in answers if not re.search(r"`[\w/]+\.\w+::\w+`", answer)] == []


# --- the glossary ---


def tables() -> dict[str, tuple[str, str, str]]:
    """Table → Chinese term, class and address, as the glossary says."""
    rows = re.findall(r"(?m)^\| ([^|]+?) \| `(\w+)` \| `(\w+)` \| ([^|]+?) \|$", GLOSSARY.read_text(encoding="utf-8"))
    return {table: (term, name, address) for term, name, table, address in rows}


def test_glossary_holds_every_table_with_its_term() -> None:
    own = {model for model in apps.get_models() if model.__module__.split(".")[0] in PACKAGES}
    names = {model._meta.db_table: (str(model._meta.verbose_name), model.__name__) for model in own}
    assert {table: entry[:2] for table, entry in tables().items()} == names


def test_addresses_of_the_glossary_exist() -> None:
    known = {f"/{route}" for route, _ in addresses(get_resolver())}
    registered = {f"/office/registry/{one._meta.app_label}/{one._meta.model_name}/" for one in admin.site._registry}
    told = {one for _, _, address in tables().values() for one in MARKED.findall(address)}
    assert sorted(told - known - registered) == []
