from __future__ import annotations

import json
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pillow_heif
import pytest
from django.conf import settings
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from accounts import signals
from accounts.access import temporary_uploads
from accounts.enums import Duty
from accounts.faces import engine
from accounts.models import Person
from accounts.photo.crop_box import ACTIONS, Crop
from accounts.photo.services import set_id_photo
from administration.models import AuditEntry
from common.encryption import decrypt_text
from common.files.images import ASPECT
from common.findings import Refused
from tests import idphoto_pictures
from tests.accounts.cards import picture, rotated_picture, upload
from tests.accounts.registration.test_registration import NOW
from tests.factories import PASSWORD, make_office, make_person, make_staff

GOOD = picture(500, 700)
pillow_heif.register_heif_opener()


@pytest.fixture
def person(db: None) -> Person:
    return make_person(photo=False)


@pytest.fixture
def client(person: Person) -> Client:
    client = Client()
    client.post("/login/", {"id_number": person.id_number, "password": PASSWORD})
    return client


def store(person: Person, data: bytes) -> Person:
    """By a clerk who lets everything pass: what a picture shows is tested elsewhere."""
    clerk = make_staff(make_office(), Duty.REGISTER)
    return set_id_photo(person, data, by=clerk, now=NOW, override_reason="测试用图")


def test_photo_is_stored_as_master_and_small_version(person: Person) -> None:
    store(person, GOOD)
    person.refresh_from_db()
    assert person.has_id_photo
    assert person.id_photo_uploaded_at == NOW
    with person.id_photo.open("rb") as master, person.id_photo_small.open("rb") as small:
        assert Image.open(BytesIO(master.read())).size == (500, 700)
        assert Image.open(BytesIO(small.read())).size == (110, 140)
    assert AuditEntry.objects.filter(action="set_id_photo", object_id=str(person.pk)).count() == 1


def test_former_files_stay_because_issued_versions_refer_to_them(person: Person) -> None:
    first = store(person, GOOD)
    master, small = first.id_photo.name, first.id_photo_small.name
    second = store(person, picture(295, 413))
    assert {second.id_photo.name, second.id_photo_small.name}.isdisjoint({master, small})
    assert second.id_photo.storage.exists(master)
    assert second.id_photo.storage.exists(small)


def test_change_is_told_to_other_apps(person: Person) -> None:
    told: list[int] = []

    def listen(sender: object, person: Person, **_: object) -> None:
        told.append(person.pk)

    signals.id_photo_changed.connect(listen)
    try:
        store(person, GOOD)
    finally:
        signals.id_photo_changed.disconnect(listen)
    assert told == [person.pk]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "photo.image-unreadable"),
        (b"GIF89a" + b"\0" * 100, "photo.image-unreadable"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "photo.image-unreadable"),
        (GOOD[: len(GOOD) // 2], "photo.image-damaged"),
        (picture(5000, 10000, mode="L", kind="PNG"), "photo.image-too-large"),
        (picture(250, 350), "photo.image-too-small"),
        (picture(700, 500), "photo.image-aspect"),
    ],
)
def test_unusable_photo_is_refused_with_the_reason(person: Person, data: bytes, code: str) -> None:
    with pytest.raises(Refused) as refused:
        store(person, data)
    assert code in [finding.code for finding in refused.value.findings]
    person.refresh_from_db()
    assert not person.has_id_photo


def test_several_problems_are_told_at_once(person: Person) -> None:
    with pytest.raises(Refused) as refused:
        store(person, picture(200, 200))
    assert {finding.code for finding in refused.value.findings} == {"photo.image-too-small", "photo.image-aspect"}


@pytest.mark.parametrize(
    "data",
    [picture(500, 700, mode="CMYK"), rotated_picture(500, 700), picture(500, 700, mode="RGBA", kind="PNG")],
    ids=["cmyk", "exif-rotated", "transparent"],
)
def test_photo_is_turned_upright_and_written_anew_in_rgb(person: Person, data: bytes) -> None:
    with store(person, data).id_photo.open("rb") as stored:
        image = Image.open(BytesIO(stored.read()))
        assert (image.mode, image.size, image.format) == ("RGB", (500, 700), "JPEG")
        assert not image.getexif()


# --- pages ---


def test_good_photo_is_saved_at_once_and_shown_as_printed(client: Client, person: Person) -> None:
    response = client.post("/person/photo/", {"photo": upload(idphoto_pictures.good_photo())})
    assert response.url == "/person/photo/"
    page = client.get("/person/photo/").text
    assert "证件照已保存" in page
    assert "印在证书上的样子" in page
    master = client.get("/person/photo/image/")
    assert master["Content-Type"] == "image/jpeg"
    assert "private" in master["Cache-Control"]
    assert "no-store" in master["Cache-Control"]
    assert Image.open(BytesIO(master.content)).height >= 413
    assert Image.open(BytesIO(client.get("/person/photo/image/small/").content)).size == (110, 140)


def test_bad_photo_is_answered_with_every_reason(client: Client, person: Person) -> None:
    response = client.post("/person/photo/", {"photo": upload(picture(200, 200))})
    assert response.status_code == 400
    assert "照片太小" in response.text
    assert "宽高比应为 25∶35" in response.text


@pytest.mark.parametrize("data", [GOOD[:3000], b"%PDF-1.7", picture(5000, 10000, mode="L", kind="PNG")])
def test_broken_or_huge_upload_gets_a_sentence(client: Client, data: bytes) -> None:
    response = client.post("/person/photo/", {"photo": upload(data)})
    assert response.status_code == 400
    assert "请" in response.text.split('class="summary"')[1]


def test_missing_and_empty_files_get_a_sentence(client: Client) -> None:
    assert "请选择证件照文件" in client.post("/person/photo/", {}).text
    assert "文件是空的" in client.post("/person/photo/", {"photo": upload(b"")}).text


def test_wide_picture_is_framed_around_the_face_without_script(client: Client, person: Person) -> None:
    response = client.post("/person/photo/", {"photo": upload(idphoto_pictures.wide_photo())})
    assert response.url == "/person/photo/crop/"
    page = client.get("/person/photo/crop/").text
    assert "保存这张证件照" in page
    assert "头部居中" in page
    assert "未满足" not in page, "the frame around the face passes every check"
    person.refresh_from_db()
    assert not person.has_id_photo, "only a proposal so far"
    before = Image.open(BytesIO(client.get("/person/photo/pending/").content))
    assert abs(before.width / before.height / ASPECT - 1) < 0.01
    assert client.post("/person/photo/crop/", {"action": "closer"}).url == "/person/photo/crop/"
    after = Image.open(BytesIO(client.get("/person/photo/pending/").content))
    assert after.height == pytest.approx(0.9 * before.height, abs=1)
    assert client.post("/person/photo/crop/", {"action": "save"}).url == "/person/photo/"
    person.refresh_from_db()
    with person.id_photo.open("rb") as stored:
        assert Image.open(BytesIO(stored.read())).height == after.height
    assert client.get("/person/photo/crop/").url == "/person/photo/", "nothing is left to crop"
    assert client.get("/person/photo/pending/").status_code == 404


def test_box_drawn_by_the_script_is_taken_and_kept_within_the_picture(client: Client) -> None:
    client.post("/person/photo/", {"photo": upload(idphoto_pictures.wide_photo())})
    client.post("/person/photo/crop/", {"action": "check", "centre_x": "600", "centre_y": "700", "box_height": "800"})
    assert Image.open(BytesIO(client.get("/person/photo/pending/").content)).height == pytest.approx(800, abs=1)
    client.post("/person/photo/crop/", {"action": "check", "centre_x": "-9e9", "centre_y": "1e9", "box_height": "1"})
    assert Image.open(BytesIO(client.get("/person/photo/pending/").content)).height == 413
    kept = json.loads(decrypt_text(client.session["id_photo_crop"]))["content"]
    for odd in ("nan", "inf", "x", ""):
        client.post("/person/photo/crop/", {"action": "check", "centre_x": odd, "centre_y": "1", "box_height": "500"})
    assert json.loads(decrypt_text(client.session["id_photo_crop"]))["content"] == kept


def test_crop_that_cuts_the_head_off_is_not_saved_and_says_why(client: Client, person: Person) -> None:
    client.post("/person/photo/", {"photo": upload(idphoto_pictures.wide_photo())})
    box = {"centre_x": "470", "centre_y": "600", "box_height": "1000"}
    response = client.post("/person/photo/crop/", {"action": "save", **box})
    assert response.status_code == 400
    assert "头部不在中间" in response.text
    person.refresh_from_db()
    assert not person.has_id_photo
    assert client.post("/person/photo/crop/", {"action": "left"}).url == "/person/photo/crop/", "it can be mended"


def test_crop_can_be_left_for_another_picture(client: Client, person: Person) -> None:
    client.post("/person/photo/", {"photo": upload(idphoto_pictures.wide_photo())})
    assert client.post("/person/photo/crop/", {"action": "cancel"}).url == "/person/photo/"
    assert client.get("/person/photo/pending/").status_code == 404
    person.refresh_from_db()
    assert not person.has_id_photo


def test_double_submit_of_the_crop_saves_once(client: Client, person: Person) -> None:
    client.post("/person/photo/", {"photo": upload(idphoto_pictures.wide_photo())})
    client.post("/person/photo/crop/", {"action": "save"})
    assert client.post("/person/photo/crop/", {"action": "save"}).url == "/person/photo/"
    assert AuditEntry.objects.filter(action="set_id_photo").count() == 1


def test_pending_upload_is_encrypted_and_belongs_to_its_session(client: Client) -> None:
    client.post("/person/photo/", {"photo": upload(idphoto_pictures.wide_photo())})
    stored = Path(settings.PRIVATE_ROOT) / json.loads(decrypt_text(client.session["pending_id_photo"]))["content"]
    assert not stored.read_bytes().startswith(b"\xff\xd8")
    other = Client()
    other.post("/login/", {"id_number": make_person().id_number, "password": PASSWORD})
    for address in ("pending/", "source/", "pending/sample/"):
        assert other.get(f"/person/photo/{address}").status_code == 404
        assert client.get(f"/person/photo/{address}").status_code == 200


def test_uploads_that_nobody_came_back_for_are_removed(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    client.post("/person/photo/", {"photo": upload(idphoto_pictures.wide_photo())})
    temporary_uploads.purge()
    assert client.get("/person/photo/pending/").status_code == 200
    monkeypatch.setattr(temporary_uploads, "KEPT_FOR", -temporary_uploads.KEPT_FOR)
    assert temporary_uploads.purge() >= 1
    assert client.get("/person/photo/pending/").status_code == 404
    assert client.get("/person/photo/crop/").url == "/person/photo/"


@given(
    width=st.integers(295, 4000),
    height=st.integers(413, 4000),
    presses=st.lists(st.sampled_from([value for value, _ in ACTIONS]), max_size=30),
)
def test_no_sequence_of_presses_leaves_the_picture_or_makes_it_too_small(
    width: int, height: int, presses: list[str]
) -> None:
    crop = Crop.centred(width, height)
    for press in presses:
        crop = crop.moved(press)
    left, top, right, bottom = crop.box
    assert 0 <= left < right <= width
    assert 0 <= top < bottom <= height
    assert right - left >= 294
    assert bottom - top >= 413
    assert abs((right - left) / (bottom - top) / ASPECT - 1) < 0.01


def test_unknown_press_changes_nothing() -> None:
    crop = Crop.centred(1200, 900)
    assert crop.moved("sideways") == crop


def test_sample_of_the_certificate_shows_the_stored_photo(client: Client, person: Person) -> None:
    assert client.get("/person/photo/sample/").status_code == 404
    store(person, GOOD)
    answer = client.get("/person/photo/sample/")
    assert answer["Content-Type"] == "image/png"
    image = Image.open(BytesIO(answer.content)).convert("RGB")
    assert (image.width, image.height) == (1190, 710)
    # The middle of the place where the face has its photo, in the colour of the picture.
    assert sum(abs(a - b) for a, b in zip(image.getpixel((917, 410)), (230, 240, 250), strict=True)) < 30


def test_person_without_photo_has_no_image(client: Client) -> None:
    assert client.get("/person/photo/image/").status_code == 404


# --- pictures as telephones and other programs leave them ---


def turned(data: bytes, quarters: int) -> bytes:
    """To the left, without a note in EXIF."""
    stream = BytesIO()
    Image.open(BytesIO(data)).rotate(90 * quarters, expand=True).save(stream, "JPEG", quality=95)
    return stream.getvalue()


@pytest.mark.parametrize("quarters", [1, 2, 3])
@pytest.mark.parametrize("make", [idphoto_pictures.wide_photo, idphoto_pictures.good_photo])
def test_reading_m3_picture_that_lies_is_turned_and_shown(
    client: Client, person: Person, quarters: int, make: Callable[[], bytes]
) -> None:
    answer = client.post("/person/photo/", {"photo": upload(turned(make(), quarters))})
    assert answer.url == "/person/photo/crop/"
    page = client.get("/person/photo/crop/").text
    assert "已按脸的方向转正" in page
    assert "未满足" not in page
    assert client.post("/person/photo/crop/", {"action": "save"}).url == "/person/photo/"
    person.refresh_from_db()
    with person.id_photo.open("rb") as stored:
        (face,) = engine.detect(engine.read(stored.read()))
    assert abs(face.roll) < 8


def test_reading_m3_small_photo_on_its_side_is_turned(client: Client) -> None:
    small = Image.open(BytesIO(idphoto_pictures.good_photo())).resize((295, 413), Image.Resampling.LANCZOS)
    stream = BytesIO()
    small.save(stream, "JPEG", quality=95)
    answer = client.post("/person/photo/", {"photo": upload(turned(stream.getvalue(), 1))})
    assert "照片太小" not in answer.text
    assert "转正" in (answer.text or client.get(answer.url).text)


def test_reading_m3_upright_picture_is_not_turned(client: Client) -> None:
    client.post("/person/photo/", {"photo": upload(idphoto_pictures.wide_photo())})
    assert "转正" not in client.get("/person/photo/crop/").text


def test_reading_m3_picture_without_a_face_is_not_said_to_lie(client: Client) -> None:
    answer = client.post("/person/photo/", {"photo": upload(GOOD)})
    assert "没有找到人脸" in answer.text
    assert "转正" not in answer.text


@pytest.mark.parametrize("form", ["HEIF", "WEBP", "AVIF", "BMP"])
def test_reading_m3_photo_of_another_format_is_stored_as_jpeg(client: Client, person: Person, form: str) -> None:
    stream = BytesIO()
    Image.open(BytesIO(idphoto_pictures.good_photo())).save(stream, form, quality=95)
    answer = client.post("/person/photo/", {"photo": upload(stream.getvalue(), "IMG_1234.HEIC")})
    assert answer.status_code == 302, answer.text
    if answer.url != "/person/photo/":  # a pixel more or less makes another shape
        client.post(answer.url, {"action": "save"})
    assert client.get("/person/photo/image/").content.startswith(b"\xff\xd8\xff")


@pytest.mark.parametrize(
    ("data", "named"),
    [
        (b"II*\0rest", "TIF 图片"),
        (b"%PDF-1.7\n", "PDF"),
        (b"PK\x03\x04....OFD.xml", "OFD"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "WebP"),
    ],
)
def test_reading_m3_what_is_not_taken_is_named(client: Client, data: bytes, named: str) -> None:
    answer = client.post("/person/photo/", {"photo": upload(data)})
    assert answer.status_code == 400
    assert named in answer.text.split('class="summary"')[1]


def test_photo_that_is_too_small_and_damaged_is_told_both(client: Client) -> None:
    answer = client.post("/person/photo/", {"photo": upload(picture(200, 280)[:-900])})
    assert answer.status_code == 400
    assert "照片太小" in answer.text
    assert "不完整" in answer.text


def test_reading_m3_photo_without_its_closing_mark_is_read(client: Client) -> None:
    whole = idphoto_pictures.good_photo()
    assert client.post("/person/photo/", {"photo": upload(whole[:-2])}).status_code == 302
    assert "不完整" in client.post("/person/photo/", {"photo": upload(whole[:-3000])}).text
