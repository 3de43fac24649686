"""Admit cards are measured; the time is not judged, since the machine may be busy, and the number of bytes is."""

from __future__ import annotations

import json
from pathlib import Path

from django.core.management import call_command


def test_admit_cards_are_measured(tmp_path: Path) -> None:
    file = tmp_path / "figures.json"
    call_command("bench_admit_cards", count=6, file=file)
    rows = {row["what"]: row for row in json.loads(file.read_text(encoding="utf-8"))["figures"]}
    assert {"first file, with its fonts", "admit card", "all admit cards"} == rows.keys()
    assert all(row["median"] >= row["least"] > 0 for row in rows.values())
    assert rows["admit card"]["bytes"] < 60_000
