"""Every component renders with the data that its comment promises; an unknown variable fails (see conftest.py)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.messages import ERROR, SUCCESS
from django.contrib.messages.storage.base import Message
from django.template import engines
from django.template.loader import get_template
from django.test import RequestFactory

from accounts.enums import Sphere
from accounts.models import User
from common.findings import Finding
from common.templatetags import components
from portal.navigation.rendering import Navigation

from . import style_guide

TEMPLATES = Path(settings.ROOT) / "templates"
GUIDE = Path(__file__).parent / "templates" / "style_guide.html"
INCLUDED = re.compile(r'(?:include |get_template\()"(ui/[a-z_]+\.html)"')


def render(source: str, *, sphere: Sphere = Sphere.PERSON, **context: object) -> str:
    request = RequestFactory().get("/person/certificates/", {"kind": "extension"})
    request.user = User(login="x", sphere=sphere, name="欧阳·热合曼")
    return engines["django"].from_string(source).render({"navigation": Navigation(request), **context}, request)


@pytest.fixture
def guide() -> str:
    messages = [Message(SUCCESS, "证件照已保存。"), Message(ERROR, "这件业务刚刚被其他人办理。")]
    return render(GUIDE.read_text(), **style_guide.context(), messages=messages)


def test_every_component_is_in_the_style_guide() -> None:
    pages = [GUIDE, *TEMPLATES.rglob("*.html"), Path(components.__file__)]
    used = {name for page in pages for name in INCLUDED.findall(page.read_text())}
    assert {f"ui/{path.name}" for path in (TEMPLATES / "ui").glob("*.html")} == used


def test_a_finding_says_what_why_whose_turn_and_the_cure(guide: str) -> None:
    item = guide[guide.index("未上传个人证件照") :].split("</li>")[0]
    assert "没有证件照无法签发电子证书" in item
    assert "由本人办理" not in item, "the reader is the one who is asked"
    assert "上传证件照" in item
    read_by_an_office = render(GUIDE.read_text(), sphere=Sphere.STAFF, **style_guide.context(), messages=[])
    assert "由本人办理" in read_by_an_office[read_by_an_office.index("未上传个人证件照") :].split("</li>")[0]


@pytest.mark.parametrize(
    ("sphere", "turn", "said"),
    [
        (Sphere.PERSON, "本人", ""),
        (Sphere.PERSON, "企业", "由企业办理。"),
        (Sphere.OPERATOR, "企业", ""),
        (Sphere.OPERATOR, "本企业", ""),
        (Sphere.OPERATOR, "受聘企业", "由受聘企业办理。"),
        (Sphere.OPERATOR, "本人", "由本人办理。"),
        (Sphere.STAFF, "企业", "由企业办理。"),
    ],
)
def test_nobody_reads_that_it_is_his_own_turn_as_if_of_somebody_else(sphere: Sphere, turn: str, said: str) -> None:
    """“不需要再次发起……由企业办理” told an enterprise what it was just doing."""
    finding = Finding("x", "不需要再次发起", turn=turn)
    assert render("{% load ui %}{% whose_turn finding %}", sphere=sphere, finding=finding) == said


def test_summary_counts_only_what_blocks(guide: str) -> None:
    assert "还差 2 项" in guide
    assert "全部满足" in guide


def test_error_summary_links_to_each_wrong_field(guide: str) -> None:
    targets = re.findall(r'<li><a href="#([\w-]+)">', guide)
    assert {"id_wrong-name", "id_wrong-issued_on", "id_wrong-reason_0", "id_wrong-scan", "id_wrong-commitment"} <= set(
        targets
    )
    assert all(f'id="{target}"' in guide for target in targets)


def test_every_description_that_a_control_names_exists(guide: str) -> None:
    described = {name for value in re.findall(r'aria-describedby="([^"]+)"', guide) for name in value.split()}
    assert "id_wrong-name_helptext" in described
    assert "id_wrong-name_error" in described
    missing = {name for name in described if f'id="{name}"' not in guide}
    assert not missing


def test_pages_carry_nothing_inline(guide: str) -> None:
    assert not re.search(r"<script(?![^>]*\bsrc=)|\sstyle=|\son[a-z]+=", guide)


def test_pager_keeps_the_filters(guide: str) -> None:
    assert "?kind=extension&amp;cursor=n1" in guide


@pytest.mark.parametrize("status", ["400", "403", "403_csrf", "404", "413", "429", "500"])
def test_error_pages_need_no_context(status: str) -> None:
    page = get_template(f"{status}.html").render()
    assert "<h1>" in page
    assert 'href="/"' in page


def test_refusal_page_shows_its_sentence() -> None:
    assert "只有省厅可以吊销证书" in render('{% extends "403.html" %}', exception="只有省厅可以吊销证书。")
