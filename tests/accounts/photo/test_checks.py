"""The nine checks of an ID photo, each with both outcomes: on measures at its limits and on pictures that were spoilt."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO

import cv2
import numpy as np
import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from PIL import Image

from accounts.enums import Duty
from accounts.faces import engine
from accounts.models import Person, PhotoCheck, User
from accounts.photo import checks, framing
from accounts.photo import measures as photo_measures
from accounts.photo.crop_box import Crop
from accounts.photo.measures import Ground, Light, Measures
from accounts.photo.services import set_id_photo
from administration.models import AuditEntry
from common.files.images import crop_to_aspect
from common.findings import Refused
from tests import idphoto_pictures
from tests.accounts.cards import picture, rotated_picture, upload
from tests.accounts.registration.test_registration import NOW
from tests.face_pictures import face_pictures
from tests.factories import PASSWORD, make_office, make_person, make_staff

LIGHT = Light(mean=150, clipped=0, difference=5, colour=10)
GROUND = Ground(lightness=95, spread=2)
FINE = Measures(1, 100, 0, 0, 0.58, 0.42, 0, 200, LIGHT, GROUND)
ALL = [check.code for check in checks.CHECKS]

# --- on measures ---


def test_there_are_nine_checks_and_a_good_photo_passes_them_all() -> None:
    examination = checks.judge(FINE)
    assert len(ALL) == 9
    assert examination.passed == ALL
    assert examination.findings == []


@pytest.mark.parametrize(
    ("code", "good", "bad", "words"),
    [
        ("one_face", {"faces": 1}, {"faces": 2}, ("2 张人脸", "只有您一个人")),
        ("resolution", {"eye_distance": 60}, {"eye_distance": 59}, ("59 像素", "至少需要 60", "原始照片")),
        ("frontal", {"yaw": 10}, {"yaw": 10.6}, ("左边转了约 11°", "正对镜头")),
        ("frontal", {"yaw": -10}, {"yaw": -14}, ("右边转了约 14°", "重拍")),
        ("frontal", {"roll": 8}, {"roll": 9}, ("左肩歪了约 9°",)),
        ("frontal", {"roll": -8}, {"roll": -12}, ("右肩歪了约 12°",)),
        ("frontal", {"pitch_ratio": 0.4}, {"pitch_ratio": 0.39}, ("抬得太高",)),
        ("frontal", {"pitch_ratio": 0.72}, {"pitch_ratio": 0.73}, ("低得太多",)),
        ("face_size", {"face_share": 0.25}, {"face_share": 0.2}, ("头部太小", "20%")),
        ("face_size", {"face_share": 0.75}, {"face_share": 0.8}, ("头部太大", "80%")),
        ("centred", {"off_centre": 0.12}, {"off_centre": 0.2}, ("右侧", "20%")),
        ("centred", {"off_centre": -0.12}, {"off_centre": -0.2}, ("左侧", "重新裁剪")),
        ("sharp", {"sharpness": 60}, {"sharpness": 59}, ("模糊", "59", "对焦")),
        ("exposure", {"light": replace(LIGHT, mean=70)}, {"light": replace(LIGHT, mean=60)}, ("太暗", "60", "70")),
        ("exposure", {"light": replace(LIGHT, mean=215)}, {"light": replace(LIGHT, mean=220)}, ("太亮", "220")),
        ("exposure", {"light": LIGHT}, {"light": replace(LIGHT, clipped=0.2)}, ("太亮", "20%")),
        ("exposure", {"light": LIGHT}, {"light": replace(LIGHT, difference=50)}, ("明暗不匀", "50")),
        (
            "ground",
            {"ground": replace(GROUND, lightness=70)},
            {"ground": replace(GROUND, lightness=40)},
            ("太深", "40%"),
        ),
        ("ground", {"ground": replace(GROUND, spread=14)}, {"ground": replace(GROUND, spread=30)}, ("不干净", "30")),
        ("ground", {"ground": GROUND}, {"ground": None}, ("看不到", "更大的范围")),
        ("colour", {"light": LIGHT}, {"light": replace(LIGHT, colour=0.4)}, ("黑白照片", "彩色")),
    ],
)
def test_each_check_passes_up_to_its_limit_and_says_what_is_wrong_beyond(
    code: str, good: dict[str, object], bad: dict[str, object], words: tuple[str, ...]
) -> None:
    assert checks.judge(replace(FINE, **good)).failed == []  # type: ignore[arg-type]
    examination = checks.judge(replace(FINE, **bad))  # type: ignore[arg-type]
    assert examination.failed == [code]
    [finding] = examination.findings
    for word in words:
        assert word in finding.message + finding.detail
    assert finding.message
    assert finding.detail, "how far, and what to do"


def test_everything_that_is_wrong_is_told_at_once() -> None:
    spoilt = Measures(3, 20, 30, 20, 0.2, 0.9, 0.4, 1, Light(10, 0, 90, 0), Ground(5, 90))
    assert checks.judge(spoilt).failed == ALL


def test_without_a_face_nothing_else_is_asked() -> None:
    [finding] = checks.judge(Measures(0)).findings
    assert "没有找到人脸" in finding.message


# --- on pictures ---

Spoil = Callable[[engine.Image], engine.Image]


def turned(image: engine.Image, degrees: float) -> engine.Image:
    height, width = image.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1)
    wall = (idphoto_pictures.WALL,) * 3
    return np.asarray(cv2.warpAffine(image, matrix, (width, height), borderValue=wall), np.uint8)


def shifted(image: engine.Image, right: int) -> engine.Image:
    wall = (idphoto_pictures.WALL,) * 3
    matrix = np.array([[1, 0, right], [0, 1, 0]], np.float32)
    return np.asarray(cv2.warpAffine(image, matrix, image.shape[1::-1], borderValue=wall), np.uint8)


def far_away(image: engine.Image) -> engine.Image:
    page = np.full_like(image, idphoto_pictures.WALL)
    small = cv2.resize(image, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    height, width = small.shape[:2]
    left = (page.shape[1] - width) // 2
    page[-height:, left : left + width] = small
    return page


def close_up(image: engine.Image) -> engine.Image:
    face = engine.detect(image)[0]
    height = face.height * 1.22
    width = height * 25 / 35
    top, left = round(face.centre[1] - height / 2), round(face.centre[0] - width / 2)
    cut = image[max(0, top) : round(top + height), max(0, left) : round(left + width)]
    return np.asarray(cv2.resize(cut, (500, 700), interpolation=cv2.INTER_CUBIC), np.uint8)


def half_lit(image: engine.Image) -> engine.Image:
    shade = np.linspace(1.6, -0.2, image.shape[1])[None, :, None]
    return np.asarray(np.clip(image * np.clip(shade, 0.1, 1.3), 0, 255), np.uint8)


def on_a_dark_wall(image: engine.Image) -> engine.Image:
    wall = np.all(np.abs(image.astype(int) - idphoto_pictures.WALL) < 6, axis=2)
    return np.asarray(np.where(wall[:, :, None], 40, image), np.uint8)


def with_stripes(image: engine.Image) -> engine.Image:
    wall = np.all(np.abs(image.astype(int) - idphoto_pictures.WALL) < 6, axis=2)
    stripes = (np.arange(image.shape[1]) // 12 % 2 * 70)[None, :, None]
    return np.asarray(np.where(wall[:, :, None], image - stripes, image), np.uint8)


@pytest.mark.parametrize(
    ("code", "spoil"),
    [
        ("one_face", lambda image: np.hstack([image, image])),
        ("resolution", lambda image: cv2.resize(image, None, fx=0.4, fy=0.4, interpolation=cv2.INTER_AREA)),
        ("frontal", lambda image: turned(image, 15)),
        ("frontal", lambda image: turned(image, -15)),
        ("face_size", far_away),
        ("face_size", close_up),
        ("centred", lambda image: shifted(image, 90)),
        ("centred", lambda image: shifted(image, -90)),
        ("sharp", lambda image: cv2.GaussianBlur(image, (0, 0), 6)),
        ("exposure", lambda image: (image * 0.35).astype(np.uint8)),
        ("exposure", lambda image: np.clip(image * 1.3 + 90, 0, 255).astype(np.uint8)),
        ("exposure", half_lit),
        ("ground", on_a_dark_wall),
        ("ground", with_stripes),
        ("colour", lambda image: np.repeat(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)[:, :, None], 3, axis=2)),
    ],
    ids=[
        "two",
        "small",
        "tilted-left",
        "tilted-right",
        "far",
        "close",
        "right",
        "left",
        "blurred",
        "dark",
        "glaring",
        "half-lit",
        "dark-wall",
        "striped-wall",
        "grey",
    ],
)
def test_spoilt_picture_fails_the_check_it_was_spoilt_for(code: str, spoil: Spoil) -> None:
    good = engine.read(idphoto_pictures.good_photo())
    assert checks.judge(photo_measures.measure(good)).failed == []
    assert code in checks.judge(photo_measures.measure(spoil(good))).failed


def test_turned_head_is_told_by_the_persons_own_side() -> None:
    pictures = face_pictures()
    straight, turned_right = (engine.read(data) for data in pictures.one[:2])
    assert "frontal" in checks.judge(photo_measures.measure(straight)).passed
    for image, side in ((turned_right, "右"), (np.ascontiguousarray(turned_right[:, ::-1]), "左")):
        told = {one.code: one.detail for one in checks.judge(photo_measures.measure(image)).findings}
        assert f"头向您的{side}边转了约" in told["photo.frontal"]


def test_wall_without_a_person_and_drawn_head_have_no_face() -> None:
    assert checks.examine(picture(500, 700)).failed == ["one_face"]


def test_picture_that_lies_on_its_side_by_exif_is_judged_upright() -> None:
    image = Image.open(BytesIO(idphoto_pictures.good_photo()))
    exif = Image.Exif()
    exif[0x0112] = 6
    stream = BytesIO()
    image.rotate(90, expand=True).save(stream, "JPEG", quality=95, exif=exif)
    assert checks.examine(stream.getvalue()).failed == []
    assert checks.examine(rotated_picture(500, 700)).failed == ["one_face"]


@pytest.mark.parametrize("at", [(300, 500), (600, 600), (900, 700)])
def test_frame_follows_the_face_through_the_picture(at: tuple[int, int]) -> None:
    wide = engine.read(idphoto_pictures.wide_photo())
    face = engine.detect(wide)[0]
    matrix = np.array([[1, 0, at[0] - face.centre[0]], [0, 1, at[1] - face.centre[1]]], np.float32)
    wall = (idphoto_pictures.WALL,) * 3
    moved = np.asarray(cv2.warpAffine(wide, matrix, wide.shape[1::-1], borderValue=wall), np.uint8)
    data = idphoto_pictures.jpeg(moved)
    measures = checks.examine(crop_to_aspect(data, framing.frame(data).box)).measures
    assert measures.faces == 1
    assert abs(measures.off_centre) < 0.03
    assert 0.36 <= measures.face_share <= 0.48


def test_frame_of_a_picture_without_a_face_is_its_middle() -> None:
    assert framing.frame(picture(1200, 900)) == Crop.centred(1200, 900)


def test_examination_takes_little_time_and_memory() -> None:
    """Measured on two shared cores: 0.04 s of CPU, and no growth after the first; the limits leave room."""
    good = idphoto_pictures.good_photo()
    checks.examine(good)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.process_time()
    for _ in range(5):
        checks.examine(good)
    assert (time.process_time() - started) / 5 < 1
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200 * 1024


# --- stored with what was found ---


@pytest.fixture
def person(db: None) -> Person:
    return make_person("王检查", photo=False)


@pytest.fixture
def clerk(db: None) -> User:
    return make_staff(make_office(), Duty.REGISTER)


def test_stored_photo_keeps_what_passed(person: Person) -> None:
    assert person.user is not None
    stored = set_id_photo(person, idphoto_pictures.good_photo(), by=person.user, now=NOW)
    record = PhotoCheck.objects.get(person=person)
    assert (record.passed, record.overridden, record.reason) == (ALL, [], "")
    assert record.photo == stored.id_photo.name
    assert record.by == person.user
    assert record.measures["faces"] == 1
    with pytest.raises(DatabaseError), transaction.atomic():
        PhotoCheck.objects.update(reason="改写")
    with pytest.raises(DatabaseError), transaction.atomic():
        PhotoCheck.objects.all().delete()


def test_only_a_clerk_who_registers_people_overrides(person: Person, clerk: User) -> None:
    assert person.user is not None
    for by in (person.user, make_staff(make_office(), Duty.REVIEW), make_staff(make_office(), Duty.COUNTER)):
        with pytest.raises(Refused) as refused:
            set_id_photo(person, picture(500, 700), by=by, now=NOW, override_reason="本人要求")
        assert [finding.code for finding in refused.value.findings] == ["photo.override"]
    with pytest.raises(Refused) as refused:
        set_id_photo(person, picture(500, 700), by=clerk, now=NOW, override_reason="  ")
    assert [finding.code for finding in refused.value.findings] == ["photo.one_face"]
    set_id_photo(person, picture(500, 700), by=clerk, now=NOW, override_reason="面部烧伤，本人到场核对")
    record = PhotoCheck.objects.get(person=person)
    assert (record.overridden, record.reason) == (["one_face"], "面部烧伤，本人到场核对")
    entry = AuditEntry.objects.get(action="override_photo_checks")
    assert entry.detail["checks"] == ["one_face"]


def test_size_and_shape_are_never_overridden(person: Person, clerk: User) -> None:
    with pytest.raises(Refused) as refused:
        set_id_photo(person, picture(200, 200), by=clerk, now=NOW, override_reason="理由")
    assert len(refused.value.findings) == 2


def test_reason_without_anything_to_override_is_not_kept(person: Person, clerk: User) -> None:
    set_id_photo(person, idphoto_pictures.good_photo(), by=clerk, now=NOW, override_reason="以防万一")
    assert PhotoCheck.objects.get(person=person).reason == ""
    assert not AuditEntry.objects.filter(action="override_photo_checks").exists()


# --- pages ---


def test_person_is_told_everything_and_where_a_clerk_helps(person: Person) -> None:
    client = Client()
    client.post("/login/", {"id_number": person.id_number, "password": PASSWORD})
    dark = (engine.read(idphoto_pictures.good_photo()) * 0.3).astype(np.uint8)
    response = client.post("/person/photo/", {"photo": upload(idphoto_pictures.jpeg(dark))})
    assert response.status_code == 400
    assert "脸部太暗" in response.text
    assert "背景太深" in response.text
    assert "/person/registration-points/" in response.text
    person.refresh_from_db()
    assert not person.has_id_photo


@pytest.fixture
def counter(clerk: User, person: Person) -> Client:
    client = Client()
    client.force_login(clerk, backend="django.contrib.auth.backends.ModelBackend")
    client.post("/office/counter/", {"id_number": person.id_number})
    return client


def test_clerk_overrides_with_a_reason_on_the_counter_page(counter: Client, person: Person) -> None:
    address = f"/office/counter/{person.pk}/photo/"
    assert counter.post(address, {"photo": upload(picture(1200, 900))}).url == f"{address}crop/"
    page = counter.get(f"{address}crop/").text
    assert "没有找到人脸" in page
    assert "放行并保存" in page
    assert counter.post(f"{address}crop/", {"action": "closer"}).status_code == 302
    assert Image.open(BytesIO(counter.get(f"{address}pending/").content)).height == 810
    assert "没有找到人脸" in counter.post(f"{address}crop/", {"action": "save"}).text
    empty = counter.post(f"{address}crop/", {"action": "override", "reason": " "})
    assert empty.status_code == 400
    assert "请填写放行理由" in empty.text
    saved = counter.post(f"{address}crop/", {"action": "override", "reason": "面部烧伤"})
    assert saved.url == f"/office/counter/{person.pk}/"
    person.refresh_from_db()
    assert person.has_id_photo
    assert "面部烧伤" in counter.get(address).text
    assert counter.get(f"{address}image/").status_code == 200
    assert AuditEntry.objects.filter(action="view_photo", object_id=str(person.pk)).count() == 1
    assert counter.get(f"{address}pending/").status_code == 404


def test_clerk_saves_a_good_photo_without_a_reason(counter: Client, person: Person) -> None:
    address = f"/office/counter/{person.pk}/photo/"
    counter.post(address, {"photo": upload(idphoto_pictures.wide_photo())})
    assert "放行" not in counter.get(f"{address}crop/").text.split("<form")[-1]
    assert counter.post(f"{address}crop/", {"action": "save"}).status_code == 302
    assert PhotoCheck.objects.get(person=person).overridden == []


def test_counter_photo_opens_only_after_the_number_was_searched(clerk: User, person: Person) -> None:
    client = Client()
    client.force_login(clerk, backend="django.contrib.auth.backends.ModelBackend")
    for part in ("", "crop/", "pending/", "source/", "image/"):
        assert client.get(f"/office/counter/{person.pk}/photo/{part}").status_code == 404, part


def test_counter_crop_can_be_left(counter: Client, person: Person) -> None:
    address = f"/office/counter/{person.pk}/photo/"
    counter.post(address, {"photo": upload(picture(1200, 900))})
    assert counter.post(f"{address}crop/", {"action": "cancel"}).url == address
    assert counter.get(f"{address}crop/").url == address
    assert counter.post(address, {"photo": upload(b"%PDF-1.7")}).status_code == 400
