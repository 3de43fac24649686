"""Measures the shape of the source in figures, for comparison over time: `python -m devtools.measure`."""

from __future__ import annotations

import ast
import re
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import grimp

ROOT = Path(__file__).parent.parent
PACKAGES = (
    "common", "administration", "accounts", "enterprises", "workflow", "training", "employment", "certificates", "exams",
    "portal", "jxcloud", "clients", "devtools",
)  # fmt: skip
ROLES = frozenset({"__init__", "apps", "urls", "admin", "management", "migrations", "templatetags"})
FRAGMENT = re.compile(r"(Of|Come|What)\b")

Tree = tuple[str, ast.Module]


def trees() -> list[Tree]:
    """Answers address and syntax tree of every file of the packages that is under version control."""
    listed = subprocess.run(["git", "ls-files", "*.py"], cwd=ROOT, check=True, capture_output=True, text=True)
    files = [name for name in listed.stdout.split() if name.split("/")[0] in PACKAGES and "/migrations/" not in name]
    return [(name, ast.parse((ROOT / name).read_text(encoding="utf-8"))) for name in files]


def modules_at_top(found: list[Tree]) -> Counter[str]:
    """Counts modules and sub-packages directly below each package, without the names that Django gives."""
    names = {tuple(name.removesuffix(".py").split("/")[:2]) for name, _ in found}
    return Counter(package for package, module in names if module not in ROLES)


def arrows(graph: grimp.ImportGraph, package: str) -> set[tuple[str, str]]:
    """Answers pairs of rooms of a package of which the first imports the second."""
    rooms = graph.find_children(package)
    found = set()
    for importer in graph.find_descendants(package):
        for imported in graph.find_modules_directly_imported_by(importer):
            source, target = (".".join(one.split(".")[:2]) for one in (importer, imported))
            if source != target and {source, target} <= rooms:
                found.add((source, target))
    return found


def reachable(found: set[tuple[str, str]], start: str) -> set[str]:
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        here = waiting.pop()
        following = {target for source, target in found if source == here} - seen
        seen |= following
        waiting += following
    return seen


def arrows_in_circles(found: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """Answers arrows from whose end a path leads back to their beginning; without them the rooms have an order."""
    return {(source, target) for source, target in found if source in reachable(found, target)}


def registries(found: list[Tree]) -> int:
    """Counts the calls of `Registry("…")`."""
    calls = (node for _, tree in found for node in ast.walk(tree) if isinstance(node, ast.Call))
    return sum(isinstance(call.func, ast.Name) and call.func.id == "Registry" for call in calls)


def imports_in_functions(found: list[Tree]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for name, tree in found:
        functions = [one for one in ast.walk(tree) if isinstance(one, (ast.FunctionDef, ast.AsyncFunctionDef))]
        inside = {node for one in functions for node in ast.walk(one) if isinstance(node, (ast.Import, ast.ImportFrom))}
        counts[name.split("/")[0]] += len(inside)
    return +counts


def businesses() -> Iterator[tuple[str, int]]:
    for path in sorted(ROOT.glob("*/businesses/*.py")):
        if "@register" in (text := path.read_text(encoding="utf-8")):
            yield path.stem, len(text.splitlines())


def docstrings(tree: ast.Module) -> Iterator[tuple[bool, str]]:
    """Answers every docstring, and whether it stands below an attribute."""
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            before: ast.stmt | None = None
            for statement in node.body:
                value = statement.value if isinstance(statement, ast.Expr) else None
                if isinstance(value, ast.Constant) and isinstance(value.value, str):
                    yield isinstance(before, (ast.Assign, ast.AnnAssign)), value.value
                before = statement


def main() -> None:
    found = trees()
    named = [one for one in PACKAGES if (ROOT / one / "__init__.py").exists()]
    # A name that only type checkers import binds nothing at run time: a case names its business, a business its cases.
    graph = grimp.build_graph(*named, cache_dir=None, exclude_type_checking_imports=True)
    tops, total, back = modules_at_top(found), 0, 0
    for package in PACKAGES:
        between = arrows(graph, package)
        circles = arrows_in_circles(between)
        total, back = total + len(between), back + len(circles)
        print(f"{package}: {tops[package]} at the top, {len(between)} arrows, {len(circles)} of them in circles")
    late, texts = imports_in_functions(found), [one for _, tree in found for one in docstrings(tree)]
    lines = dict(businesses())
    print(f"all packages: {total} arrows between rooms, {back} of them in circles")
    print(f"registries: {registries(found)}")
    print(f"imports in functions: {late.total()} ({', '.join(f'{name} {count}' for name, count in late.items())})")
    print(f"lines of a business: {', '.join(f'{kind} {count}' for kind, count in lines.items())}")
    print(f"attribute docstrings: {sum(below for below, _ in texts)}")
    print(f"docstrings that begin with Of, Come or What: {sum(bool(FRAGMENT.match(text)) for _, text in texts)}")


if __name__ == "__main__":
    main()
