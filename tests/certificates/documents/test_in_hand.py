"""A certificate in the hand: its code, its state at this moment, and nobody else's."""

from __future__ import annotations

import re
from datetime import date
from io import BytesIO

import pytest
import zxingcpp
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from certificates.documents.services import verification_address
from certificates.enums import LegalState, Operation
from certificates.issuing.versions import issue_electronic
from certificates.state.services import StateChange, change_states
from common.printing.qr import modules
from tests.clock import Clock
from tests.factories import make_certificate, make_person
from tests.worlds.base import NOW
from tests.worlds.extension import ExtensionWorld
from workflow.actors import SYSTEM

pytestmark = pytest.mark.django_db


class Hand:
    def __init__(self) -> None:
        self.world = ExtensionWorld()
        self.certificate, self.person = self.world.certificate, self.world.person
        issue_electronic(certificate_id=self.certificate.pk, by=SYSTEM, now=NOW)
        self.version = self.certificate.versions.get()
        self.client = Client()
        assert self.person.user is not None
        self.client.force_login(self.person.user)
        self.address = f"/m/certificates/{self.certificate.pk}/"


@pytest.fixture
def hand(clock: Clock) -> Hand:
    clock.stop_at(NOW)
    return Hand()


def code_on(page: str) -> str:
    """Reads what the drawn squares say, as the camera of a guard would."""
    (path,) = re.findall(r'<path fill="#000" d="([^"]+)"', page)
    cells = {(int(x), int(y)) for x, y in re.findall(r"M(\d+) (\d+)h1v1h-1z", path)}
    side = max(x for x, _ in cells) + 1
    image = Image.new("L", (side + 8, side + 8), 255)
    for x, y in cells:
        image.putpixel((x + 4, y + 4), 0)
    (code,) = zxingcpp.read_barcodes(image.resize((image.width * 6, image.height * 6), Image.Resampling.NEAREST))
    return str(code.text)


def test_the_code_is_that_of_the_printed_certificate(hand: Hand) -> None:
    page = hand.client.get(hand.address).text
    assert code_on(page) == verification_address(hand.version.token)
    assert len(modules(code_on(page))) >= 21
    for words in (hand.person.name, hand.certificate.number, hand.version.enterprise_name, "有效期至 2027年1月31日"):
        assert words in page, words
    assert "2026年11月" in page.split("刚刚核对")[1][:80], "the state has its hour"
    assert "正常使用" in page
    assert str(hand.person.id_number) not in page


def test_the_photo_is_the_printed_one(hand: Hand) -> None:
    answer = hand.client.get(f"{hand.address}photo/")
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["Cache-Control"] == "private, no-store"
    Image.open(BytesIO(answer.content)).verify()


def test_nobody_holds_up_the_certificate_of_another(hand: Hand) -> None:
    other = Client()
    stranger = make_person("李四").user
    assert stranger is not None
    other.force_login(stranger)
    for address in (hand.address, f"{hand.address}photo/", "/m/certificates/999999999/"):
        assert other.get(address).status_code == 404, address
    assert Client().get(hand.address)["Location"].startswith("/m/login/")
    operator = Client()
    operator.force_login(hand.world.operator)
    assert operator.get(hand.address).status_code == 403


def test_without_an_electronic_version_there_is_nothing_to_show(hand: Hand) -> None:
    paper = make_certificate(hand.person, hand.world.enterprise, "C2", ends_on=date(2028, 1, 1))
    assert hand.client.get(f"/m/certificates/{paper.pk}/").status_code == 404


def test_what_was_cancelled_says_so(hand: Hand) -> None:
    change = StateChange(hand.certificate.pk, LegalState.CANCELLED, Operation.CANCELLATION, summary="本人申请注销")
    change_states([change], by=SYSTEM, now=NOW)
    page = hand.client.get(hand.address).text
    assert "已注销" in page
    assert '<p class="offline bad">' in page
    assert "正常使用" not in page


def test_the_page_takes_few_statements(hand: Hand) -> None:
    hand.client.get(hand.address)
    with CaptureQueriesContext(connection) as captured:
        hand.client.get(hand.address)
    assert len(captured) <= 6, [query["sql"][:120] for query in captured]
