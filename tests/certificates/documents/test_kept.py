"""A certificate that is kept on a phone: a page of its own with nothing of a login, and what the phone needs to keep it."""

from __future__ import annotations

import json
import re
from datetime import datetime
from io import BytesIO

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from PIL import Image

from tests.certificates.documents.test_in_hand import Hand, code_on
from tests.clock import Clock
from tests.factories import make_person
from tests.worlds.base import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def hand(clock: Clock) -> Hand:
    clock.stop_at(NOW)
    return Hand()


def of(name: str) -> Client:
    client = Client()
    user = make_person(name).user
    assert user is not None
    client.force_login(user)
    return client


def mark_on(page: str) -> str:
    found = re.search(r'data-login="([0-9a-f]{16})"', page)
    return found[1] if found else ""


def test_the_kept_page_says_from_when_it_is_and_nothing_of_the_login(hand: Hand, clock: Clock) -> None:
    clock.stop_at(datetime.fromisoformat("2026-11-23T10:08:00+08:00"))
    page = hand.client.get(f"{hand.address}kept/").text
    assert "最后一次核对：2026年11月23日 10:08，正常使用" in page
    assert code_on(page) == code_on(hand.client.get(hand.address).text)
    assert 'data-pass-until="2027-01-31"' in page
    for word in (
        "刚刚核对",
        "退出",
        "csrfmiddlewaretoken",
        "data-login",
        "data-idle",
        "底部菜单",
        str(hand.person.id_number),
    ):
        assert word not in page, word


def test_only_the_holder_can_keep_it(hand: Hand) -> None:
    address = f"{hand.address}kept/"
    assert of("李四").get(address).status_code == 404
    assert Client().get(address)["Location"].startswith("/m/login/")


def test_the_list_knows_of_no_certificate(hand: Hand) -> None:
    pages = [client.get("/m/offline/").text for client in (Client(), hand.client)]
    assert pages[0] == pages[1]
    assert hand.certificate.number not in pages[1]
    assert "本机没有存证书" in pages[0]


def test_the_worker_comes_from_the_address_that_it_serves() -> None:
    answer = Client().get("/m/worker.js")
    assert answer["Content-Type"] == "text/javascript; charset=utf-8"
    assert answer["Cache-Control"] == "no-cache"
    assert "default-src 'self'" in answer["Content-Security-Policy"]
    assert "unsafe" not in answer["Content-Security-Policy"]


def test_the_platform_can_be_put_among_the_programs_of_a_phone() -> None:
    answer = Client().get("/m/manifest.webmanifest")
    assert answer["Content-Type"] == "application/manifest+json"
    manifest = json.loads(answer.content)
    assert manifest["start_url"].startswith(manifest["scope"])
    sizes = set()
    for icon in manifest["icons"]:
        path = finders.find(icon["src"].removeprefix("/static/"))
        assert path is not None
        with open(path, "rb") as file, Image.open(BytesIO(file.read())) as image:
            sizes.add(f"{image.width}x{image.height}")
            assert icon["sizes"] == f"{image.width}x{image.height}"
    assert {"192x192", "512x512"} <= sizes
    assert 'rel="manifest" href="/m/manifest.webmanifest"' in Client().get("/m/login/").text


def test_pages_tell_a_device_whether_its_holder_is_there(hand: Hand) -> None:
    other = of("李四")
    assert mark_on(hand.client.get("/m/").text) == mark_on(hand.client.get("/person/").text) != ""
    assert mark_on(hand.client.get("/m/").text) != mark_on(other.get("/m/").text)
    assert mark_on(Client().get("/m/login/").text) == ""
    assert '<form method="post" action="/logout/" data-leave>' in hand.client.get("/m/").text
