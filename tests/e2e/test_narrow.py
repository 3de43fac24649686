"""Text at 200 % on a phone, and the width of 320 px that is a zoom of 400 %: nothing is wider than the screen, the head holds name and 退出."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from accounts.models import User
from administration.messages.services import OutgoingMessage, send
from administration.notices.services import publish_notice
from certificates.issuing.versions import issue_electronic
from certificates.models import Certificate
from tests.e2e import story
from tests.exams.exam_world import ExamWorld, make_candidate, make_entry
from tests.factories import make_certificate, make_employment, make_enterprise, make_person, make_training
from workflow.actors import SYSTEM

NARROW = (("320 px", 320, "100%"), ("200 %", 390, "200%"))
PUBLIC = (
    "/",
    "/lookup/",
    "/verify/",
    "/notices/",
    "/guides/",
    "/guides/extension/",
    "/manual/?q=换单位",
    "/manual/1.3.5/",
    "/accessibility/",
    "/m/login/",
    "/m/offline/",
)
PERSON = (
    "/person/", "/person/certificates/", "/person/certificates/{pk}/", "/person/employment/", "/person/exams/", "/person/training/",
    "/person/profile/", "/person/photo/", "/person/security/", "/applications/", "/applications/new/", "/inbox/", "/messages/",
    "/applications/new/extension/?certificate={pk}",
)  # fmt: skip
PHONE = ("/m/", "/m/tasks/", "/m/me/", "/m/certificates/{pk}/", "/m/certificates/{pk}/kept/", "/m/verify/")
MAIN = ("/person/", "/person/certificates/", "/m/", "/m/certificates/{pk}/")
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
IN_THE_BAR = """() => { const bar = document.querySelector('.mast').getBoundingClientRect();
    return [...document.querySelectorAll('.mast .portal, .mast .name, .mast .leave, .mast .enter')].filter((one) => {
        const box = one.getBoundingClientRect();
        return box.width && (box.left < bar.left || box.right > bar.right || box.top < bar.top || box.bottom > bar.bottom);
    }).map((one) => one.className); }"""


class Holder:
    """Has a name of four signs with a dot, a certificate that ends soon and a long enterprise."""

    def __init__(self) -> None:
        self.person = make_person("欧阳·䶮")
        assert self.person.user is not None
        self.user: User = self.person.user
        enterprise = make_enterprise("宜春明月建筑安装工程（集团）有限责任公司")
        make_employment(self.person, enterprise, "08")
        make_training(self.person, ends_on=timezone.localdate())
        ends_on = timezone.localdate() + timedelta(days=20)
        self.certificate: Certificate = make_certificate(self.person, enterprise, "C2", ends_on=ends_on)
        issue_electronic(certificate_id=self.certificate.pk, by=SYSTEM, now=timezone.now())
        send(
            [OutgoingMessage(self.person.mailbox_id, "证书将到期，可以申请延续", "请尽快办理", "/person/certificates/")]
        )
        publish_notice(
            kind="news", title="关于考试安排的公告", body="公开", lines=[], office_id=None, now=timezone.now()
        )

    def addresses(self, paths: Sequence[str]) -> list[str]:
        return [path.format(pk=self.certificate.pk) for path in paths]


@pytest.fixture
def holder(transactional_db: None) -> Holder:
    return Holder()


def judge(page: Page, where: tuple[str, str], *, colours: bool = True) -> None:
    """Where the reader's system chooses the colours, a page knows only its own."""
    problems = story.violations(page, rules={"color-contrast": {"enabled": colours}})
    assert problems == [], (where, problems)


def visit(page: Page, addresses: Sequence[str], *, judged: bool) -> None:
    page.emulate_media(reduced_motion="reduce")
    faults = []
    for address in addresses:
        page.goto(address)
        for name, width, size in NARROW:
            page.set_viewport_size({"width": width, "height": 844})
            page.evaluate("size => { document.documentElement.style.fontSize = size; }", size)
            faults += [(address, name, wide) for wide in [page.evaluate(TOO_WIDE)] if wide > 0]
            faults += [(address, name, what) for what in page.evaluate(IN_THE_BAR)]
            if judged and width == 320:
                page.evaluate(story.BARS_IN_PLACE)
                judge(page, (address, name))
    assert faults == []


def test_public_pages_hold(holder: Holder, page: Page) -> None:
    visit(page, PUBLIC, judged=True)


def test_pages_of_a_person_hold(holder: Holder, enter: story.Enter) -> None:
    visit(enter(holder.user, width=320), holder.addresses(PERSON), judged=True)


def test_pages_of_the_phone_hold(holder: Holder, enter: story.Enter) -> None:
    visit(enter(holder.user, width=320), holder.addresses(PHONE), judged=True)


FACES_IN_ROWS = """() => [...document.querySelectorAll('.with-face')].map((one) => {
    const [face, words] = [...one.children].map((part) => part.getBoundingClientRect());
    const image = one.querySelector('img');
    return { apart: face.right <= words.left, width: face.width, height: face.height, drawn: !image || image.naturalWidth > 0 };
})"""


def test_the_review_of_entries_holds_with_its_photos(transactional_db: None, enter: story.Enter) -> None:
    world = ExamWorld()
    names = ("欧阳·䶮", "阿卜杜热合曼·买买提明", "李安全")
    people = [make_candidate(world.enterprise, name, photo=name != "李安全") for name in names]
    for person in people:
        make_entry(person, world.enterprise, world.batch, state="entered", office=world.province.municipal)
    page = enter(world.province.reviewer, width=320)
    visit(page, ["/office/exams/review/"], judged=True)
    page.evaluate("document.documentElement.style.fontSize = '100%'")
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 844})
        for image in page.locator(".with-face img").all():
            image.scroll_into_view_if_needed()
            image.evaluate("one => one.decode()")
        rows = page.evaluate(FACES_IN_ROWS)
        assert rows == [{"apart": True, "width": 50, "height": 70, "drawn": True}] * 3, width
        assert page.evaluate(TOO_WIDE) <= 0, width


WHERE_THE_MENU_BEGINS = "Math.round(document.querySelector('.mast .portal').getBoundingClientRect().left)"


def test_the_menu_stays_where_it_is_from_page_to_page(transactional_db: None, enter: story.Enter) -> None:
    """Office m3: the menu moved sideways between pages of two widths."""
    world = ExamWorld()
    page = enter(world.province.reviewer, width=1440)
    places = {}
    for address in (
        "/office/",
        "/office/queue/municipal/",
        "/office/done/",
        "/office/exams/",
        "/office/security/",
        "/inbox/",
    ):
        page.goto(address)
        places[address] = page.evaluate(WHERE_THE_MENU_BEGINS)
    assert len(set(places.values())) == 1, places


def test_the_main_pages_hold_with_the_colours_of_the_reader(holder: Holder, enter: story.Enter) -> None:
    page = enter(holder.user, width=320)
    for address in holder.addresses(MAIN):
        page.emulate_media(forced_colors="active", reduced_motion="reduce")
        page.goto(address)
        assert page.evaluate("matchMedia('(forced-colors: active)').matches")
        assert page.evaluate(TOO_WIDE) <= 0, address
        moving = page.evaluate("document.getAnimations().length")
        assert moving == 0, address
        page.evaluate(story.BARS_IN_PLACE)
        judge(page, (address, "forced colours"), colours=False)
