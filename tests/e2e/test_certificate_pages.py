"""The pages of certificates in a browser: without scripts, at two widths, and by the rules of accessibility."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.enums import Duty
from accounts.models import User
from administration.models import Notice
from certificates.documents.services import make_document
from certificates.issuing.versions import issue_electronic
from certificates.models import Certificate, Document
from certificates.state.snapshots import refresh_for_people
from tests.factories import (
    make_certificate,
    make_employment,
    make_enterprise,
    make_office,
    make_operator,
    make_person,
    make_staff,
    make_training,
)
from workflow.actors import SYSTEM

from .story import follow, violations

pytestmark = pytest.mark.django_db(transaction=True)
NAME = "欧阳·䶮𬭎"


class World:
    """One person with three certificates in different states, the enterprise, an office."""

    def __init__(self) -> None:
        self.enterprise = make_enterprise("江西赣江建设工程有限公司")
        self.person = make_person(NAME)
        make_employment(self.person, self.enterprise, "02", "07")
        ends = timezone.localdate().replace(day=1, year=timezone.localdate().year + 2)
        self.certificate = make_certificate(self.person, self.enterprise, "B", serial=4318, ends_on=ends)
        self.other = make_certificate(
            self.person, make_enterprise("南昌红谷建筑有限公司"), "C2", serial=10077, ends_on=ends
        )
        make_training(self.person, hours=16)
        colleague = make_person("𠮷")
        make_employment(colleague, self.enterprise, "08")
        refresh_for_people({self.person.pk, colleague.pk})
        self.staff = make_staff(make_office("南昌市住房和城乡建设局"), Duty.REVIEW, Duty.REGISTRY)
        self.operator = make_operator(self.enterprise)
        self.notice = Notice.objects.create(
            kind="cancellation", title="关于注销安全生产考核合格证书的公告", body="根据有关规定，下列证书予以注销。"
        )

    def sign(self) -> Document:
        return make_document(self.version().pk)

    def version(self) -> object:
        return issue_electronic(certificate_id=self.certificate.pk, by=SYSTEM, now=timezone.now())


@pytest.fixture
def world(transactional_db: None) -> World:
    return World()


@pytest.fixture
def enter(context: BrowserContext, live_server: LiveServer) -> Callable[[User | None], None]:
    """Logs the browser in."""

    def as_user(user: User | None) -> None:
        assert user is not None
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])

    return as_user


def check(page: Page, address: str) -> None:
    """No rule broken, nothing scrolls sideways, at a phone's and a desk's width."""
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(address)
        assert violations(page) == [], address
        assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0, address


def test_public_pages(page: Page, world: World) -> None:
    document = world.sign()
    for address in (
        "/lookup/",
        "/lookup/?by=id_number",
        "/verify/",
        f"/v/{document.version.token}/",
        "/v/unknown/",
        "/notices/",
        f"/notices/{world.notice.pk}/",
        "/accessibility/",
        "/privacy/",
    ):
        check(page, address)


def test_pages_of_the_person(page: Page, world: World, enter: Callable[[User | None], None]) -> None:
    world.sign()
    enter(world.person.user)
    own = f"/person/certificates/{world.certificate.pk}/"
    for address in (
        "/person/",
        "/person/certificates/",
        own,
        f"/person/certificates/{world.other.pk}/",
        f"{own}print/",
    ):
        check(page, address)
    page.goto(own)
    assert sheets(page) == 1, "workflow B20: printed, the page of a certificate is one clean sheet"


def sheets(page: Page) -> int:
    """Counts the pages on which Chromium prints what it shows."""
    with pikepdf.open(BytesIO(page.pdf(prefer_css_page_size=True))) as pdf:
        return len(pdf.pages)


def test_pages_of_the_enterprise_and_the_office(page: Page, world: World, enter: Callable[[User | None], None]) -> None:
    enter(world.operator)
    check(page, "/enterprise/staff/")
    enter(world.staff)
    for address in (
        "/office/certificates/?q=赣建安",
        f"/office/certificates/{world.certificate.pk}/",
        "/office/registry/",
        "/office/registry/certificates/certificate/",
        f"/office/registry/certificates/certificate/{world.certificate.pk}/change/",
        "/office/registry/administration/parameter/add/",
        "/office/registry/administration/office/",
    ):
        check(page, address)
    page.goto(f"/office/certificates/{world.certificate.pk}/")
    assert sheets(page) == 1


def test_without_scripts_from_the_home_page_to_an_answer(
    browser: Browser, world: World, live_server: LiveServer
) -> None:
    context = browser.new_context(java_script_enabled=False, base_url=live_server.url)
    page = context.new_page()
    page.goto("/")
    page.get_by_label("证书编号").fill(world.certificate.number.replace("（", "(").replace("）", ")").lower())
    page.get_by_label("姓名").fill(NAME)
    page.get_by_role("button", name="查询证书").click()
    expect(page.get_by_text("正常使用", exact=True)).to_be_visible()
    expect(page.get_by_text("欧*·*𬭎")).to_be_visible()
    page.get_by_role("link", name="不知道证书编号").click()
    page.get_by_label("身份证号码").fill(world.person.id_number)
    page.get_by_label("姓名").fill("张三")
    page.get_by_role("button", name="查询").click()
    expect(page.get_by_role("heading", name="没有查到可以正常使用的证书")).to_be_visible()
    assert world.person.id_number not in page.url
    context.close()


def test_without_scripts_from_the_claim_to_the_verified_file(
    browser: Browser, world: World, live_server: LiveServer, tmp_path: Path
) -> None:
    context = browser.new_context(java_script_enabled=False, base_url=live_server.url, accept_downloads=True)
    client = Client()
    assert world.person.user is not None
    client.force_login(world.person.user, backend="django.contrib.auth.backends.ModelBackend")
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
    page = context.new_page()
    page.goto("/person/certificates/")
    page.get_by_role("link", name=f"查看详情 {world.certificate.number}").click()
    follow(page.get_by_role("button", name="申领电子证书"))
    expect(page.get_by_role("heading", name=world.certificate.number)).to_be_visible()
    # A worker of another test may still run and be quicker: both ways make the one document.
    make_document(Certificate.objects.get(pk=world.certificate.pk).versions.get().pk)
    page.goto(f"/person/certificates/{world.certificate.pk}/")
    with page.expect_download() as download:
        page.get_by_role("link", name="下载电子证书").click()
    file = tmp_path / "certificate.pdf"
    download.value.save_as(file)
    assert download.value.suggested_filename == f"{world.certificate.number}.pdf"
    page.goto("/verify/")
    page.set_input_files("input[type=file]", file)
    page.get_by_role("button", name="开始核验").click()
    expect(page.get_by_role("heading", name="核验结果：真实有效")).to_be_visible()
    context.close()
