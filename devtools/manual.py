"""Says which browser story takes which picture of the manual, by reading the stories."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STORIES = ROOT / "tests" / "e2e"
PICTURES = ROOT / "static" / "manual"
CODE = re.compile(r"\d+(\.\d+)*-\d\d")


def named_steps() -> Iterator[tuple[str, Path]]:
    """Answers each code of a step in a story, as often as it stands there."""
    for story in sorted(STORIES.rglob("*.py")):
        for node in ast.walk(ast.parse(story.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and CODE.fullmatch(node.value):
                yield node.value, story
