"""Made-up ID cards and pictures for the tests of this app."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from accounts.people.rules import CardData
from common.text.id_number import is_id_number, normalise_id_number, read_id_number
from tests.factories import make_id_number, photo_jpeg

BIRTH = date(1990, 3, 7)


def make_card(**changes: Any) -> CardData:
    id_number = changes.get("id_number") or make_id_number(birth=BIRTH)
    card = CardData(
        name="张小明",
        id_number=id_number,
        sex=read_id_number(normalise_id_number(id_number)).sex if is_id_number(id_number) else "male",
        ethnicity="汉",
        birth_date=BIRTH,
        address="江西省南昌市东湖区演示路1号",
        valid_from=date(2020, 1, 1),
        valid_to=date(2040, 1, 1),
    )
    return replace(card, **changes)


def card_input(card: CardData, *, portrait: bytes | None = None) -> dict[str, Any]:
    """As a clerk's browser sends it."""
    data: dict[str, Any] = {
        "id_number": card.id_number,
        "name": card.name,
        "sex": card.sex,
        "ethnicity": card.ethnicity,
        "birth_date": card.birth_date.isoformat(),
        "address": card.address,
        "valid_from": card.valid_from.isoformat(),
        "valid_to": card.valid_to.isoformat() if card.valid_to else "",
    }
    if card.valid_to is None:
        data["is_permanent"] = "on"
    if portrait is not None:
        data["portrait"] = upload(portrait)
    return data


def upload(data: bytes, name: str = "照片.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, content_type="image/jpeg")


def picture(width: int, height: int, *, mode: str = "RGB", kind: str = "JPEG", **options: Any) -> bytes:
    stream = BytesIO()
    colour: Any = {"RGB": (230, 240, 250), "CMYK": (10, 20, 30, 0), "L": 128, "RGBA": (0, 0, 0, 0)}[mode]
    Image.new(mode, (width, height), colour).save(stream, kind, **options)
    return stream.getvalue()


def rotated_picture(width: int, height: int) -> bytes:
    """Lying on its side, with the EXIF entry that says so: a viewer sees width × height."""
    exif = Image.Exif()
    exif[0x0112] = 6
    return picture(height, width, exif=exif)


PORTRAIT = photo_jpeg()
