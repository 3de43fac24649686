"""Whatever bytes somebody sends as a picture or a PDF: read or refused with a sentence, never an error of the server."""

from __future__ import annotations

import base64
import contextlib
from io import BytesIO

import pikepdf
import pillow_heif
import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from accounts.models import Person
from certificates.models import OutOfProvinceCertificate
from common.files.images import browser_picture, clean_portrait, id_photo_master
from common.files.kinds import kind_of
from common.files.uploads import FileType, check_upload
from tests.accounts.kiosk.machine import Machine
from tests.certificates.out_of_province.test_declarations import FORM as DECLARATION
from tests.common.files.test_images import encoded, opened, picture
from tests.common.files.test_uploads import pdf
from tests.factories import make_office, make_person, make_staff

pillow_heif.register_heif_opener()
SMALL = picture((120, 160))
WHOLE = [
    *(encoded(SMALL, form) for form in ("JPEG", "PNG", "HEIF", "WEBP", "AVIF", "BMP", "GIF", "TIFF")),
    encoded(SMALL, progressive=True),
    *(encoded(picture((300, 420)), form) for form in ("JPEG", "PNG", "WEBP")),
    pdf(),
    pdf(compressed=True),
    pdf(encrypted=True),
    b"PK\x03\x04....OFD.xml",
    b"<html></html>",
]
BEGINNINGS = [
    b"\xff\xd8\xff\xe0",
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
    b"RIFF\x40\0\0\0WEBPVP8X",
    b"\0\0\0\x18ftypheic\0\0\0\0mif1heic\0\0\1\0meta",
    b"\0\0\0\x1cftypavif\0\0\0\0avifmif1",
    b"BM\0\0\0\0\0\0\0\0\0\0\0\0\x28\0\0\0",
    b"GIF89a\x10\0\x10\0\x80\0\0",
    b"%PDF-1.7\n",
    b"%PDF-1.7\n/Encrypt /ObjStm startxref 9 %%EOF ",
]


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A good file with something cut away, put in or changed."""
    data = bytearray(draw(st.sampled_from(WHOLE)))
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(data)))
        piece = draw(st.binary(max_size=12))
        data[at : at + draw(st.integers(0, 40))] = piece
    return bytes(data[: draw(st.integers(0, len(data)))] if draw(st.booleans()) else data)


FILES = st.one_of(
    st.binary(max_size=300),
    st.tuples(st.sampled_from(BEGINNINGS), st.binary(max_size=300)).map(b"".join),
    st.tuples(st.binary(max_size=40), st.sampled_from(WHOLE)).map(b"".join),
    damaged(),
)
IN_A_TEST = settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
BY_PAGE = settings(IN_A_TEST, max_examples=20)


@IN_A_TEST
@given(FILES)
def test_an_upload_is_stored_as_something_that_opens_or_refused_with_a_sentence(data: bytes) -> None:
    refusals: list[str] = []
    try:
        checked = check_upload(SimpleUploadedFile("a", data))
    except ValidationError as error:
        refusals = error.messages
    if refusals:
        assert all(sentence.endswith("。") for sentence in refusals)
        return
    if checked.file_type is FileType.JPEG:
        assert opened(checked.data).mode == "RGB"
    else:
        assert checked.data.startswith(b"%PDF-")
        assert b"%%EOF" in checked.data


@IN_A_TEST
@given(FILES, st.sampled_from([browser_picture, clean_portrait, id_photo_master]))
def test_a_picture_is_read_or_refused_with_a_sentence(data: bytes, read: object) -> None:
    with contextlib.suppress(ValidationError):
        assert read(data)  # type: ignore[operator]


@IN_A_TEST
@given(FILES)
def test_every_file_has_a_name(data: bytes) -> None:
    assert kind_of(data).label


@pytest.mark.django_db
@BY_PAGE
@given(FILES)
def test_no_file_breaks_the_verification(data: bytes) -> None:
    answer = Client().post("/verify/", {"file": BytesIO(data)})
    assert answer.status_code in (200, 400, 429)
    assert "真实有效" not in answer.text.partition("</h2>")[0].rpartition("<h2>")[2]


@pytest.fixture
def person(db: None) -> Person:
    return make_person(photo=False)


@BY_PAGE
@given(FILES)
def test_no_file_breaks_the_photo_page(person: Person, data: bytes) -> None:
    client = Client()
    client.force_login(person.user)
    assert client.post("/person/photo/", {"photo": BytesIO(data)}).status_code in (302, 400)


@BY_PAGE
@given(FILES)
def test_no_file_breaks_a_declaration(person: Person, data: bytes) -> None:
    client = Client()
    client.force_login(person.user)
    OutOfProvinceCertificate.objects.all().delete()
    file = SimpleUploadedFile("a\0b.jpg", data)
    assert client.post("/person/certificates/elsewhere/new/", DECLARATION | {"scan": file}).status_code in (302, 400)


@pytest.mark.django_db
@BY_PAGE
@given(FILES)
def test_no_file_breaks_an_import(data: bytes) -> None:
    client = Client()
    client.force_login(make_staff(make_office(), "registry"))
    for name in ("a.csv", "a.xlsx"):
        file = SimpleUploadedFile(name, data)
        assert client.post("/office/imports/new/", {"kind": "legacy", "file": file}).status_code < 500


@BY_PAGE
@given(FILES)
def test_no_picture_breaks_the_kiosk(machine: Machine, data: bytes) -> None:
    answer = machine.post(machine.body() | {"portrait": base64.b64encode(data).decode()})
    assert answer.status_code in (200, 201, 400, 409, 422, 429)
    assert answer.json()


@pytest.fixture
def machine(db: None) -> Machine:
    return Machine()


@IN_A_TEST
@given(st.binary(max_size=1500), st.binary(max_size=3000))
def test_bytes_around_a_pdf_never_make_another_file_of_it(before: bytes, behind: bytes) -> None:
    whole = pdf()
    try:
        stored = check_upload(SimpleUploadedFile("a", before + whole + behind)).data
    except ValidationError:
        return
    if stored.startswith(b"%PDF-"):
        with pikepdf.open(BytesIO(stored)) as document:
            assert len(document.pages) == 1
    else:
        assert Image.open(BytesIO(stored)).format == "JPEG"
