"""Every download bears a name of ASCII letters beside the Chinese one."""

from __future__ import annotations

import re
from collections.abc import Callable
from email.message import Message
from io import BytesIO
from pathlib import Path
from urllib.parse import unquote

import pytest
from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from common.web.download_names import ascii_name
from common.web.middleware import ResponseHeadersMiddleware
from tests.guards.test_source import ROOT, sources


def answered(response: Callable[[], HttpResponseBase]) -> str:
    def view(request: HttpRequest) -> HttpResponseBase:
        return response()

    return ResponseHeadersMiddleware(view)(RequestFactory().get("/"))["Content-Disposition"]


def names(disposition: str) -> tuple[str, str]:
    message = Message()
    message["Content-Disposition"] = disposition
    plain = re.findall(r'filename="([^"]*)"', disposition)
    extended = re.findall(r"filename\*=utf-8''(\S+)", disposition)
    assert len(plain) == 1, disposition
    return plain[0], unquote(extended[0]) if extended else plain[0]


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("赣建安A（2019）0000001.pdf", "A-2019-0000001.pdf"),
        ("材料.jpg", "download.jpg"),
        ("证书 第1页.PDF", "1.PDF"),
        ("report.csv", "report.csv"),
        ("名单", "download"),
        ('a"b\\c.pdf', "a-b-c.pdf"),
        ("..pdf", "download.pdf"),
        ("ＡＢＣ．ｐｄｆ", "ABC.pdf"),
    ],
)
def test_reading_m5_name_in_ascii_keeps_what_can_be_read(name: str, plain: str) -> None:
    assert ascii_name(name) == plain


@given(st.text(min_size=1, max_size=60))
def test_reading_m5_every_file_that_is_sent_has_both_names(name: str) -> None:
    plain, shown = names(answered(lambda: FileResponse(BytesIO(b"x"), as_attachment=True, filename=name + "中.pdf")))
    assert plain.isascii()
    assert re.fullmatch(r"[A-Za-z0-9._-]+\.pdf", plain)
    assert shown.endswith("中.pdf")


@pytest.mark.parametrize("disposition", ["inline", "attachment", 'attachment; filename="audit.csv"'])
def test_reading_m5_other_answers_stay_as_they_are(disposition: str) -> None:
    assert answered(lambda: HttpResponse(headers={"Content-Disposition": disposition})) == disposition


def test_reading_m5_names_are_written_in_one_place() -> None:
    assert "common.web.middleware.ResponseHeadersMiddleware" in settings.MIDDLEWARE
    own = Path(ROOT) / "common" / "web" / "download_names.py"
    assert [
        path for path in sources() if path != own and "filename*" in path.read_text() and "tests" not in path.parts
    ] == []
