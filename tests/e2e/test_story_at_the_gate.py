"""At the gate of a site without a network: the certificate that the holder has kept on the phone is shown, read and checked."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import pytest
import zxingcpp
from django.db import transaction
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect

from certificates.enums import LegalState, Operation
from certificates.issuing.versions import issue_electronic
from certificates.models import Certificate
from certificates.state.services import StateChange, change_states
from tests.e2e import manual, story
from tests.factories import make_certificate, make_employment, make_enterprise, make_person
from tests.waiting import wait_until
from workflow.actors import SYSTEM

KEEP, REMOVE = "保存到本机，无网时可出示", "从本机删除"
TRIES = 5
PHOTO = ".pass .who img"
CACHES = "async () => await caches.keys()"
KEPT = """async () => { const found = [];
    for (const name of await caches.keys()) { for (const one of await (await caches.open(name)).keys()) { found.push(new URL(one.url).pathname); } }
    return found.filter((path) => path.includes('/m/')).sort(); }"""


class Gate:
    def __init__(self) -> None:
        self.person = make_person("欧阳·䶮")
        enterprise = make_enterprise("江西信江建设有限公司")
        make_employment(self.person, enterprise, "08")
        today = timezone.localdate()
        self.certificate: Certificate = make_certificate(
            self.person, enterprise, "C2", ends_on=today.replace(year=today.year + 2, day=1)
        )
        issue_electronic(certificate_id=self.certificate.pk, by=SYSTEM, now=timezone.now())
        self.version = self.certificate.versions.get()
        self.address = f"/m/certificates/{self.certificate.pk}/"


@pytest.fixture
def gate(transactional_db: None) -> Gate:
    return Gate()


@pytest.fixture
def phone(browser: Browser, base_url: str, browser_context_args: dict[str, Any]) -> Iterator[Page]:
    given = {**browser_context_args, "base_url": base_url}
    context = browser.new_context(
        **given, viewport={"width": story.PHONE, "height": 844}, has_touch=True, is_mobile=True
    )
    yield context.new_page()
    context.close()


def open_certificate(page: Page, gate: Gate) -> None:
    story.log_in_on_phone(page, gate.person.id_number)
    page.get_by_role("link", name="出示证书").tap()
    expect(page.get_by_text("刚刚核对")).to_be_visible()


def keep(page: Page) -> None:
    page.get_by_role("button", name=KEEP).tap()
    expect(page.locator("[data-pass][data-state=kept]")).to_be_visible()
    page.evaluate("async () => { await navigator.serviceWorker.ready; }")


def open_with_network(page: Page, address: str) -> None:
    """Where the portal takes longer than four seconds, as on a busy machine, the kept certificate is shown: one asks again."""
    fresh = page.get_by_text("刚刚核对")
    for _ in range(TRIES):
        page.goto(address)
        expect(fresh.or_(page.get_by_text("离线出示", exact=True)).first).to_be_visible()
        if fresh.is_visible():
            break
    expect(fresh).to_be_visible()


def expect_nothing_kept(page: Page) -> None:
    """After the login of somebody else the page deletes, once it has looked whose certificates are kept."""
    wait_until(lambda: page.evaluate(CACHES) == [])


def read_code(page: Page) -> str:
    """What the guard's phone reads on the screen."""
    picture = page.get_by_role("img", name="核对二维码").screenshot()
    (code,) = zxingcpp.read_barcodes(Image.open(BytesIO(picture)))
    return str(code.text)


def test_the_code_is_read_at_the_gate_without_a_network(gate: Gate, phone: Page, page: Page) -> None:
    story.log_in_on_phone(phone, gate.person.id_number)
    manual.step(phone, "1.9-01", phone.get_by_role("link", name="出示证书"))
    phone.get_by_role("link", name="出示证书").tap()
    expect(phone.get_by_text("刚刚核对")).to_be_visible()
    story.look(phone, "phone-certificate")
    manual.step(phone, "1.9-02", phone.get_by_role("img", name="核对二维码"), hide=PHOTO)
    manual.step(phone, "1.9-03", phone.get_by_role("button", name=KEEP), hide=PHOTO)
    assert phone.evaluate(CACHES) == [], "nothing is kept that nobody has asked for"
    keep(phone)
    expect(phone.get_by_text("已存到本机")).to_be_visible()
    assert phone.evaluate(KEPT) == [f"{gate.address}kept/", f"{gate.address}photo/", "/m/holder", "/m/offline/"]

    phone.context.set_offline(True)
    phone.goto(gate.address)
    expect(phone.get_by_text("离线出示", exact=True)).to_be_visible()
    expect(phone.get_by_text("最后一次核对")).to_contain_text("正常使用")
    photo = phone.get_by_alt_text("欧阳·䶮的证件照")
    assert photo.evaluate("one => one.complete && one.naturalWidth > 0")
    assert phone.evaluate("getComputedStyle(document.querySelector('.pass > .cover')).color") == "rgb(255, 255, 255)"
    expect(phone.get_by_role("button", name="退出")).to_have_count(0)
    story.look(phone, "phone-offline-certificate")
    manual.step(phone, "1.9-04", phone.get_by_text("最后一次核对"), hide=PHOTO)
    address = read_code(phone)
    assert urlsplit(address).path == f"/v/{gate.version.token}/"

    page.goto(urlsplit(address).path)
    expect(page.get_by_text("正常使用").first).to_be_visible()

    phone.goto("/m/")
    expect(phone.get_by_role("heading", name="存在本机的证书")).to_be_visible()
    expect(phone.get_by_role("link", name=gate.certificate.number)).to_be_visible()
    story.look(phone, "phone-offline-list")
    manual.step(phone, "1.9-05", phone.get_by_role("link", name=gate.certificate.number))
    phone.get_by_role("link", name=gate.certificate.number).tap()
    expect(phone.get_by_text("离线出示", exact=True)).to_be_visible()


def test_the_state_goes_with_the_certificate_once_there_is_a_network_again(gate: Gate, phone: Page, page: Page) -> None:
    open_certificate(phone, gate)
    keep(phone)
    phone.context.set_offline(True)
    change = StateChange(gate.certificate.pk, LegalState.SUSPENDED, Operation.SUSPENSION, summary="暂扣")
    with transaction.atomic():
        change_states([change], by=SYSTEM, now=timezone.now())
    phone.goto(gate.address)
    expect(phone.get_by_text("最后一次核对")).to_contain_text("正常使用")
    page.goto(urlsplit(read_code(phone)).path)
    expect(page.get_by_text("已暂扣").first).to_be_visible()

    phone.context.set_offline(False)
    open_with_network(phone, gate.address)
    expect(phone.locator("[data-pass][data-fresh='1']")).to_be_visible()
    phone.context.set_offline(True)
    phone.goto(gate.address)
    expect(phone.get_by_text("最后一次核对")).to_contain_text("已暂扣")


def test_what_is_kept_leaves_the_phone(gate: Gate, phone: Page) -> None:
    open_certificate(phone, gate)
    keep(phone)
    phone.get_by_role("button", name=REMOVE).tap()
    expect(phone.locator("[data-pass][data-state=none]")).to_be_visible()
    assert phone.evaluate(CACHES) == []

    keep(phone)
    story.follow(phone.get_by_role("button", name="退出"), Locator.tap)
    phone.wait_for_url(lambda address: "/certificates/" not in address)
    phone.goto("/m/login/")
    assert phone.evaluate(CACHES) == []


def test_another_login_on_the_same_phone_finds_nothing(gate: Gate, phone: Page) -> None:
    open_certificate(phone, gate)
    keep(phone)
    phone.context.clear_cookies()
    phone.goto("/m/login/")
    expect(phone.get_by_role("link", name="不登录，出示存在本机的证书")).to_be_visible()
    phone.get_by_role("link", name="不登录，出示存在本机的证书").tap()
    phone.get_by_role("link", name=gate.certificate.number).tap()
    expect(phone.get_by_text("离线出示", exact=True)).to_be_visible()
    story.log_in_on_phone(phone, make_person("李四").id_number)
    expect_nothing_kept(phone)
    phone.goto("/m/offline/")
    expect(phone.get_by_text("本机没有存证书")).to_be_visible()
