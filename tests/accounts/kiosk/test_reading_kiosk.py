"""What machines of other makers send: base64 of their dialects, pictures of card readers, codes for the ethnicity."""

from __future__ import annotations

import base64
import textwrap
from io import BytesIO

import pytest
from PIL import Image

from accounts.models import Person
from tests.accounts.cards import PORTRAIT, picture

from .machine import Machine

PLAIN = base64.b64encode(PORTRAIT).decode()
SPELLINGS = {
    "lines of 76": "\n".join(textwrap.wrap(PLAIN, 76)) + "\n",
    "lines of windows": "\r\n".join(textwrap.wrap(PLAIN, 64)),
    "blanks": " ".join(textwrap.wrap(PLAIN, 1000)),
    "data address": f"data:image/jpeg;base64,{PLAIN}",
    "data address with a name": f"DATA:image/jpeg;name=a.jpg;BASE64,{PLAIN}",
    "data address in lines": f"data:image/bmp;base64,\n{PLAIN}",
    "without padding": PLAIN.rstrip("="),
    "alphabet of addresses": base64.urlsafe_b64encode(PORTRAIT).decode(),
}


def encoded(form: str, mode: str = "RGB", size: tuple[int, int] = (102, 126)) -> bytes:
    stream = BytesIO()
    Image.open(BytesIO(PORTRAIT)).convert(mode).resize(size).save(stream, form)
    return stream.getvalue()


def sentences(answer: object) -> str:
    return " ".join(finding["message"] for finding in answer.json()["findings"])


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_reading_m10_base64_of_other_programs_is_understood(machine: Machine, spelling: str) -> None:
    answer = machine.post(machine.body() | {"portrait": SPELLINGS[spelling]})
    assert answer.status_code == 201, answer.json()
    with Person.objects.get().portrait.open("rb") as stored:
        assert stored.read().startswith(b"\xff\xd8\xff")


@pytest.mark.parametrize(
    ("portrait", "cause"),
    [
        ("data:image/jpeg,abc", "data 地址"),
        (f"data:text/html;charset=utf-8,{PLAIN}", "data 地址"),
        (PLAIN[:40] + "!" + PLAIN[40:], "第 41 个字符“!”"),
        (PLAIN[:41], "末尾少了字符"),
        (PLAIN[:-400], "不完整"),
        ("", "不能为空"),
        (" \n", "不能为空"),
        (12, "应为文字"),
        (None, "应为文字"),
    ],
)
def test_reading_m10_what_is_no_base64_is_told_why(machine: Machine, portrait: object, cause: str) -> None:
    answer = machine.post(machine.body() | {"portrait": portrait})
    assert answer.status_code in (400, 409, 422)
    assert cause in sentences(answer) + answer.json()["message"]


@pytest.mark.parametrize(("form", "mode"), [("BMP", "RGB"), ("BMP", "L"), ("BMP", "P"), ("GIF", "P"), ("WEBP", "RGB")])
def test_reading_m10_pictures_of_card_readers_are_stored_as_jpeg(machine: Machine, form: str, mode: str) -> None:
    assert machine.post(machine.body(portrait=encoded(form, mode))).status_code == 201
    with Person.objects.get().portrait.open("rb") as stored:
        shown = Image.open(BytesIO(stored.read()))
    assert (shown.format, shown.size) == ("JPEG", (102, 126))


@pytest.mark.parametrize(
    ("portrait", "cause"),
    [
        (b"WLf\0" + b"\1" * 1020, "打不开的文件"),
        (b"II*\0" + bytes(100), "TIF 图片"),
        (b"%PDF-1.7\n", "PDF"),
        (encoded("BMP")[:200], "损坏"),
        (encoded("BMP", size=(60, 80)), "照片太小"),
        (picture(60, 80), "照片太小"),
    ],
)
def test_reading_m10_portrait_that_is_not_taken_is_named(machine: Machine, portrait: bytes, cause: str) -> None:
    assert cause in sentences(machine.post(machine.body(portrait=portrait)))


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        ("01", "汉"),
        ("1", "汉"),
        ("０３", "回"),
        ("56", "基诺"),
        ("97", "其他"),
        ("汉族", "汉"),
        (" 维吾尔 族", "维吾尔"),
    ],
)
def test_reading_m10_ethnicity_is_stored_by_its_name(machine: Machine, given: str, stored: str) -> None:
    assert machine.register(ethnicity=given).status_code == 201
    assert Person.objects.get().ethnicity == stored


@pytest.mark.parametrize("given", ["57", "00", "099", "HA", "Han", "汉1", "?"])
def test_reading_m10_ethnicity_that_nobody_understands_is_refused(machine: Machine, given: str) -> None:
    answer = machine.register(ethnicity=given)
    assert answer.status_code != 201
    assert "民族" in sentences(answer)
    assert "01 至 56" in sentences(answer)


@pytest.mark.parametrize("character", ["\0", "\x01", "\x1b"])
@pytest.mark.parametrize("name", ["name", "id_number", "ethnicity", "address"])
def test_control_characters_are_refused_in_every_text(machine: Machine, name: str, character: str) -> None:
    body = machine.body()
    body["card"][name] += character
    answer = machine.post(body)
    assert answer.status_code == 400
    assert "控制字符" in sentences(answer)
    assert not Person.objects.exists()
