"""Collects every Chinese sentence that the portal says, with its place in the code, for the writers of the department."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.template.base import Lexer, TokenType

PACKAGES = (
    "accounts", "administration", "certificates", "common", "employment", "enterprises", "exams", "portal", "training",
    "workflow",
)  # fmt: skip
CHINESE = re.compile(r"[\u4e00-\u9fff]")
_TAGS = re.compile(r"<[^>]*>")
_QUOTED = re.compile(r"\"([^\"]*)\"|'([^']*)'")
_BLANKS = re.compile(r"\s+")


@dataclass(frozen=True, order=True)
class Sentence:
    """`code` names the finding, the class or the function that says it; "" in a template. `…` stands for a value."""

    file: str
    line: int
    code: str
    text: str


def sentences(root: Path | None = None) -> list[Sentence]:
    """Answers them file by file, in the order of lines."""
    root = root or Path(settings.ROOT)
    found: set[Sentence] = set()
    for package in PACKAGES:
        for path in (root / package).rglob("*.py"):
            if "migrations" not in path.parts:
                found |= set(_of_python(path, str(path.relative_to(root))))
    for path in (root / "templates").rglob("*.html"):
        found |= set(_of_template(path, str(path.relative_to(root))))
    return sorted(found)


# --- Python ---


def _of_python(path: Path, file: str) -> Iterator[Sentence]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    yield from _inside(tree, file, "")


def _inside(node: ast.AST, file: str, place: str) -> Iterator[Sentence]:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        place = f"{place}.{node.name}" if place else node.name
    code = _finding_code(node) or place
    said = _said(node)
    if said is not None:
        if CHINESE.search(said):
            yield Sentence(file, getattr(node, "lineno", 0), code, said)
        return
    for child in ast.iter_child_nodes(node):
        if not _is_docstring(child, node):
            yield from _inside(child, file, code)


def _said(node: ast.AST) -> str | None:
    """Answers the text of a string; None for everything else."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in node.values)
    return None


def _finding_code(node: ast.AST) -> str:
    """A finding begins with its code, as in Finding("person.no_id_photo", …)."""
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args):
        return ""
    first = node.args[0]
    is_code = isinstance(first, ast.Constant) and isinstance(first.value, str) and "." in first.value
    return str(first.value) if node.func.id in ("Finding", "satisfied") and is_code else ""  # type: ignore[attr-defined]


def _is_docstring(child: ast.AST, parent: ast.AST) -> bool:
    return isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant) and not isinstance(parent, ast.Call)


# --- templates ---


def _of_template(path: Path, file: str) -> Iterator[Sentence]:
    """A sentence that a value interrupts is one; a tag of HTML ends it."""
    line, running, isolated = 0, "", ""
    for token in Lexer(path.read_text(encoding="utf-8")).tokenize():
        if token.token_type == TokenType.COMMENT or isolated == "comment":
            isolated = _isolated(token.contents, isolated)
            continue
        if token.token_type == TokenType.VAR:
            running += "…"
        elif token.token_type == TokenType.BLOCK:
            isolated = _isolated(token.contents, isolated)
            yield from _words(file, line, running)
            running = ""
            for double, single in _QUOTED.findall(token.contents):
                yield from _words(file, token.lineno or 0, double or single)
        else:
            line = line if running else token.lineno or 0
            running += token.contents
    yield from _words(file, line, running)


def _isolated(tag: str, before: str) -> str:
    return "comment" if tag.startswith("comment") else "" if tag.startswith("endcomment") else before


def _words(file: str, line: int, markup: str) -> Iterator[Sentence]:
    for piece in _TAGS.split(markup):
        text = _BLANKS.sub(" ", piece).strip()
        if CHINESE.search(text):
            yield Sentence(file, line, "", text)
