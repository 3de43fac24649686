from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from devtools.face_attacks import attacks, trials
from tests.face_pictures import FacePictures, small
from tests.factories import photo_jpeg

pytestmark = pytest.mark.django_db


def test_errors_of_the_models_are_counted(face_pictures: FacePictures, tmp_path: Path) -> None:
    for owner, pictures in (("one", face_pictures.one[:3]), ("other", (face_pictures.other,)), ("drawn", ())):
        (tmp_path / owner).mkdir()
        for number, data in enumerate(pictures):
            (tmp_path / owner / f"{number}.jpg").write_bytes(small(data))
    (tmp_path / "drawn" / "head.jpg").write_bytes(photo_jpeg())
    output = StringIO()
    call_command("bench_faces", tmp_path, stdout=output)
    report = output.getvalue()
    assert "no face found: drawn/head.jpg" in report
    assert "accept from 0.45: 0 of 3 pairs of one person below it, 0 of 3 pairs of two persons above it" in report
    assert "milliseconds a picture" in report
    assert "memory:" in report


def test_attacks_are_tried_and_counted(face_pictures: FacePictures, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trials, "_SEEDS", 1)
    monkeypatch.setattr(trials.attacks, "ATTACKS", {"smooth warp": attacks.ATTACKS["smooth warp"]})
    rows = list(trials.attack_table({"one": [face_pictures.one[2]]}))
    assert rows[:4] == [
        "attack | tries | accepted",
        "rendered head that turns (to be accepted) | 1 | 1",
        "accepted frames sent again | 1 | 0",
        "smooth warp | 1 | 0",
    ]
    assert "milliseconds" in rows[4]


def test_a_folder_without_pictures_is_told(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no pictures"):
        call_command("bench_faces", tmp_path)
    with pytest.raises(CommandError, match="no folder"):
        call_command("bench_faces", tmp_path / "nowhere")
