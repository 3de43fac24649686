"""The shape of the source: small files and functions, rooms by name, sentences in English, queries outside views."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from common.apps import DISCOVERED

from .test_source import ROOT, sources

LONGEST_FILE = 400
LONGEST_FUNCTION = 40
MOST_ROOMS = 16

DJANGO_S_OWN = frozenset(
    {"__init__", "admin", "apps", "forms", "management", "migrations", "models", "signals", "tasks", "templatetags",
     "tests", "urls", "views"}
)  # fmt: skip
"""Names that Django or its custom gives; they are no rooms."""
EVERYWHERE = frozenset({"enums", *DISCOVERED})
"""Names that mean the same in every app."""

QUERY = frozenset(
    {"aggregate", "annotate", "bulk_create", "exclude", "filter", "objects", "only", "order_by", "prefetch_related",
     "select_for_update", "select_related", "values_list", "_default_manager"}
)  # fmt: skip
LOADERS = frozenset({"get_object_or_404", "get_list_or_404"})
FRAGMENT = re.compile(
    r"(Of|Come|What|How|Who|Whom|Whose|Which|Why|The ones? that)\b"  # a part of a sentence
    r"|Where\b[^,]*[.:]"  # one without a main clause
    r"|[a-z]|[^.:`]* → "  # telegram style
)


@cache
def modules() -> list[tuple[str, str, ast.Module]]:
    """Address, text and tree of every module of the product and its workshop."""
    texts = ((str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")) for path in sources())
    return [(address, text, ast.parse(text)) for address, text in texts]


def package(address: str) -> str:
    return address.split("/")[0]


# --- views ---


def is_views(address: str) -> bool:
    return "/views/" in address or Path(address).name.startswith("views")


def queries(tree: ast.Module) -> Iterator[int]:
    """Lines that ask the database by an expression of the ORM."""
    for node in ast.walk(tree):
        named = isinstance(node, ast.Attribute) and node.attr in QUERY
        loads = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in LOADERS
        if named or loads:
            yield getattr(node, "lineno", 0)


def test_views_hold_no_query() -> None:
    found = [address for address, _, tree in modules() if is_views(address) and any(queries(tree))]
    assert found == [], "a read belongs into selectors.py, a write into services.py"


@pytest.mark.parametrize(
    ("line", "asks"),
    [
        ("Person.objects.get(pk=1)", True),
        ("rows = person.certificates.filter(state='01')", True),
        ("get_object_or_404(Person, pk=pk)", True),
        ("request.GET.get('q')", False),
        ("render(request, 'x.html', {'rows': certificates_of(person)})", False),
    ],
)
def test_a_query_is_told_from_other_calls(line: str, asks: bool) -> None:
    assert any(queries(ast.parse(line))) is asks


def writes_unless_it_is_a_get(tree: ast.Module) -> Iterator[int]:
    """Lines of views that take whatever is no GET for a POST: a HEAD passes the CSRF check and would write."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare) and ast.unparse(node) in (
            "request.method == 'GET'",
            "request.method != 'GET'",
        ):
            yield node.lineno


def test_only_a_post_writes() -> None:
    found = [address for address, _, tree in modules() if is_views(address) and any(writes_unless_it_is_a_get(tree))]
    assert found == [], 'ask whether request.method is "POST", since a HEAD is answered like a GET'
    assert any(writes_unless_it_is_a_get(ast.parse('if request.method == "GET": pass')))


def takes_a_post_unmarked(text: str) -> bool:
    """A login never leads to an address that `common.web.methods.require_POST` marks, and to others it may."""
    return 'require_http_methods(["POST"])' in text or bool(
        re.search(r"from django\.views\.decorators\.http import .*\brequire_POST\b", text)
    )


def test_views_for_forms_only_are_marked() -> None:
    found = [
        address for address, text, _ in modules() if address != "common/web/methods.py" and takes_a_post_unmarked(text)
    ]
    assert found == [], "import require_POST from common.web.methods"
    assert takes_a_post_unmarked("from django.views.decorators.http import require_POST, require_safe")


# --- sizes and names ---


def test_files_stay_small() -> None:
    found = {address for address, text, _ in modules() if len(text.splitlines()) > LONGEST_FILE}
    assert found == set()


def test_functions_stay_small() -> None:
    found = {
        f"{address}: {node.name}"
        for address, _, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        and (node.end_lineno or 0) - node.lineno >= LONGEST_FUNCTION
    }
    assert found == set()


def test_no_module_is_a_part_of_another_by_its_name() -> None:
    """A module that outgrows its size becomes a room."""
    assert [address for address, _, _ in modules() if re.search(r"_(forms|models)\.py$", address)] == []


def only_hands_on(tree: ast.Module) -> bool:
    """The module has imports and `__all__`, and nothing else."""
    kept = [
        node
        for node in tree.body
        if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
        and not (isinstance(node, ast.ImportFrom) and node.module == "__future__")
    ]
    return bool(kept) and all(
        isinstance(node, (ast.Import, ast.ImportFrom))
        or (isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__")
        for node in kept
    )


def test_no_module_only_hands_on_what_another_defines() -> None:
    """Django finds the models of an app by its module `models`, so a package of that name hands on its own."""
    found = [
        address for address, _, tree in modules() if only_hands_on(tree) and not address.endswith("/models/__init__.py")
    ]
    assert found == []


def test_a_package_has_few_rooms() -> None:
    rooms = {(package(address), address.split("/")[1].removesuffix(".py")) for address, _, _ in modules()}
    found = Counter(owner for owner, name in rooms if name not in DJANGO_S_OWN | EVERYWHERE)
    assert {name: count for name, count in found.items() if count > MOST_ROOMS} == {}


# --- sentences ---


def first_sentence(docstring: str) -> str:
    return docstring.strip().partition("\n\n")[0].strip()


def test_every_module_says_in_a_sentence_what_it_is_for() -> None:
    assert [
        address
        for address, _, tree in modules()
        if tree.body and not first_sentence(ast.get_docstring(tree) or "").endswith(".")
    ] == []


def docstrings(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Of modules, classes and functions, and the texts below attributes."""
    for node in ast.walk(tree):
        if not isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            continue
        before: ast.stmt | None = None
        for statement in node.body:
            text = statement.value if isinstance(statement, ast.Expr) else None
            documents = before is None or isinstance(before, (ast.Assign, ast.AnnAssign))
            if documents and isinstance(text, ast.Constant) and isinstance(text.value, str):
                yield statement.lineno, text.value.strip()
            before = statement


def is_fragment(text: str) -> bool:
    return FRAGMENT.match(text) is not None or not text.endswith(".")


def test_docstrings_are_sentences() -> None:
    found = {package(address) for address, _, tree in modules() for _, text in docstrings(tree) if is_fragment(text)}
    assert found == set()


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("Of a valid form.", True),
        ("What a decision says.", True),
        ("Which decisions the authority may take.", True),
        ("The one that counts now.", True),
        ("Where the QR code leads.", True),
        ("person → the certificates in force, in one query.", True),
        ("Answers key → versions by their day.", True),
        ("Answers the latest term", True),
        ("Where the record does not say, the term was three years.", False),
        ("Whether the order counts, the caller decides.", False),
        ("Locks: persons → enterprise → batch.", False),
        ("`events` are those of one certificate, in order.", False),
        ("Maps a person to the certificates in force, in one query.", False),
    ],
)
def test_a_fragment_is_told_from_a_sentence(text: str, is_one: bool) -> None:
    assert is_fragment(text) is is_one
