from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from django.core.management import call_command

LIMIT = "what no writer can leave out"


def test_certificates_are_measured_beside_their_peer(tmp_path: Path) -> None:
    """The time is not judged, since the machine may be busy; the number of bytes is."""
    file = tmp_path / "figures.json"
    # The peer begins an event loop of its own, and that of the browser tests may be running in this thread.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(call_command, "bench_certificates", count=5, file=file).result()
    rows = {row["what"]: row for row in json.loads(file.read_text(encoding="utf-8"))["figures"]}
    assert {"draw", "sign and check", "face, draw, sign, time-stamp", "plain ReportLab + pyHanko", LIMIT} <= rows.keys()
    assert rows["face, draw, sign"]["bytes"] <= 110_000
    assert rows["face, draw, sign, time-stamp"]["bytes"] <= 110_000
    assert rows[LIMIT]["least"] < rows["draw"]["least"] + rows["sign and check"]["least"]
    assert all(row["median"] >= row["least"] > 0 for row in rows.values())
