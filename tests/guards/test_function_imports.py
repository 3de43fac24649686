"""An import inside a function needs one of these reasons; ruff (PLC0415) refuses one that gives none."""

from __future__ import annotations

import re

from tests.guards.test_source import ROOT, sources

REASONS = frozenset({"models load later", "heavy library", "child process", "settings first"})
"""`models load later`: in AppConfig.ready; `heavy library`: what one path of few processes needs; `child process`: needed
there alone; `settings first`: the module reads settings that the lines before have prepared."""
NOQA = re.compile(r"# noqa: (?:[A-Z]+\d+, )*PLC0415(?P<reason>.*)")


def test_imports_in_functions_give_a_known_reason() -> None:
    unknown = []
    for path in [*sources(), ROOT / "manage.py"]:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            found = NOQA.search(line)
            if found and found["reason"].strip() not in REASONS:
                unknown.append(f"{path.relative_to(ROOT)}:{number}: {found['reason'].strip() or 'no reason'}")
    assert unknown == []
