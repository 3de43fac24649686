"""From an old certificate in an office's file to the signed one in a stranger's hands, by the pages.

Accessibility of most pages on this way is judged by the tests of those pages.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect

from accounts.enums import Duty
from accounts.people.identity import id_number_index
from administration.enums import OfficeKind
from certificates.models import Certificate
from common.dates import chinese_date
from tests import idphoto_pictures
from tests.accounts.cards import make_card, picture
from tests.certificates.legacy.legacy_files import csv_bytes, row
from tests.e2e import manual, paper, story
from tests.enterprises.ca_login.keys import PIN, issue
from tests.factories import Province, make_enterprise, make_id_number, make_office, make_staff, make_uscc
from training.services import NewRecord, add_record

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("live_worker")]

NAME = "欧阳·䶮𬭎"
ENTERPRISE = "江西赣江建设工程有限公司"
USCC = make_uscc(9_300_001)
NUMBER = "赣建安C2（2020）0004321"
BIRTH = date(1979, 11, 8)
ID_NUMBER = make_id_number(317, birth=BIRTH)
NEW_PASSWORD = "Shan-gao-shui-chang"


def import_old_certificate(folder: Path, ends_on: date) -> str:
    """In the encoding of old office software, with the ID number of 15 digits; the command's report."""
    old = row(
        NAME,
        number=NUMBER,
        身份证号=ID_NUMBER[:6] + ID_NUMBER[8:17],
        类别="专职安全员（土建类）",
        企业名称=ENTERPRISE,
        统一社会信用代码=USCC,
        职务="专职安全员",
        有效期起=f"{ends_on - timedelta(days=1095):%Y.%m.%d}",
        有效期止=f"{ends_on:%Y年%m月%d日}",
    )
    file = folder / "历史证书.csv"
    file.write_bytes(csv_bytes(old, encoding="gb18030"))
    said = StringIO()
    call_command("import_legacy", file, stdout=said, stderr=StringIO())
    return said.getvalue()


def record_training() -> None:
    today = timezone.localdate()
    record = NewRecord(
        id_number_index=id_number_index(ID_NUMBER),
        name=NAME,
        institution_name="江西建设培训中心",
        course="安全生产继续教育",
        hours=Decimal(24),
        starts_on=today - timedelta(days=3),
        ends_on=today - timedelta(days=1),
    )
    add_record(record, by=None)


def registered_and_matched(counter: Page, person: Page, folder: Path) -> None:
    """At the counter, the first login, 我的证书, the photo."""
    clerk = make_staff(make_office("东湖区实名制登记点", kind=OfficeKind.REGISTRATION), Duty.REGISTER)
    portrait, photo = folder / "人像.jpg", folder / "手机照片.jpg"
    portrait.write_bytes(picture(358, 441))
    photo.write_bytes(idphoto_pictures.wide_photo())
    story.log_in_at_office(counter, clerk, "/office/counter/")
    card = make_card(name=NAME, id_number=ID_NUMBER, birth_date=BIRTH, sex="male")
    password = story.register_at_counter(counter, card, portrait)
    story.log_in(person, ID_NUMBER, password)
    story.change_initial_password(person, NEW_PASSWORD)
    person.goto("/person/certificates/")
    expect(person.get_by_text("匹配到 1 本证书")).to_be_visible()
    expect(story.line_of(person, NUMBER)).to_contain_text("异常状态")
    expect(person.get_by_text("未登记聘用关系").first).to_be_visible()
    story.look(person, "story-mine-abnormal", judge=False)
    manual.step(person, "1.3.2-01", story.line_of(person, NUMBER))
    story.upload_id_photo(person, photo)


def employed(desk: Page, phone: Page, counter: Page, folder: Path) -> None:
    key_file = folder / "enterprise.p12"
    key_file.write_bytes(issue(USCC).p12)
    story.log_in_with_key(desk, key_file, PIN)
    story.propose(desk, ID_NUMBER, "专职安全生产管理人员", begins=timezone.localdate().isoformat())
    story.log_in_on_phone(phone, ID_NUMBER, NEW_PASSWORD)
    story.look(phone, "story-phone-inbox", judge=False)
    story.accept_on_phone(phone, story.code_at_counter(counter, ID_NUMBER))
    story.look(phone, "story-phone-accepted")


def extended(person: Page, desk: Page, enter: story.Enter, province: Province) -> None:
    story.open_certificate(person, NUMBER)
    expect(person.locator("#training")).to_contain_text("已满足")
    story.look(person, "story-detail-before", judge=False)
    story.start(person, NUMBER, "证书延续")
    story.submit(person)
    story.confirm(desk, "证书延续")
    story.expect_turn(person, "地市受理")
    story.approve_twice(enter, province, "证书延续")


def downloaded(person: Page, folder: Path) -> Path:
    story.open_certificate(person, NUMBER)
    story.expect_signed(person)
    story.look(person, "story-detail-after", judge=False)
    file = folder / "电子证书.pdf"
    story.download(person, "下载电子证书", file)
    return file


def believed_by_strangers(stranger: Page, file: Path, new_end: date) -> None:
    stranger.goto(paper.scanned_address(file))
    expect(stranger.get_by_role("heading", level=1)).to_contain_text("有效")
    expect(stranger.get_by_text(NUMBER)).to_be_visible()
    story.look(stranger, "story-qr", judge=False)
    story.look_up(stranger, "赣建安c2(2020)0004321", NAME)
    expect(stranger.get_by_role("heading", name=NUMBER)).to_contain_text("正常使用")
    expect(stranger.get_by_text(chinese_date(new_end))).to_be_visible()
    story.look(stranger, "story-lookup", judge=False)
    story.verify(stranger, file)
    expect(stranger.get_by_role("heading", name="核验结果：真实有效")).to_be_visible()
    story.look(stranger, "story-verified", judge=False)
    story.verify(stranger, paper.changed(file, file.with_name("改动.pdf")))
    expect(stranger.get_by_role("heading", name="核验结果：文件被改动过")).to_be_visible()
    expect(stranger.get_by_text(NUMBER)).to_be_hidden()


def test_from_the_old_file_to_the_signed_certificate(
    context: BrowserContext, browser: Browser, base_url: str, enter: story.Enter, tmp_path: Path
) -> None:
    ends_on = timezone.localdate() + timedelta(days=60)
    province = Province()
    make_enterprise(ENTERPRISE, uscc=USCC)
    assert "新增 1" in import_old_certificate(tmp_path, ends_on)
    pages = [browser.new_context(base_url=base_url, locale="zh-CN").new_page() for _ in range(3)]
    person, desk, stranger = pages
    phone = browser.new_context(base_url=base_url, locale="zh-CN", viewport={"width": 390, "height": 844}).new_page()

    counter = context.new_page()
    registered_and_matched(counter, person, tmp_path)
    employed(desk, phone, counter, tmp_path)
    person.goto("/person/certificates/")
    expect(story.line_of(person, NUMBER)).to_contain_text("还不能延续")
    expect(story.line_of(person, NUMBER)).not_to_contain_text("异常状态")
    record_training()
    extended(person, desk, enter, province)

    certificate = Certificate.objects.get()
    assert (certificate.number, certificate.latest_version) == (NUMBER, 1)
    assert certificate.ends_on > ends_on + timedelta(days=1090)
    file = downloaded(person, tmp_path)
    paper.expect_trusted_everywhere(file)
    text = paper.printed_text(file)
    assert NAME in text
    assert f"至 {certificate.ends_on:%Y年%m月%d日}" in text
    believed_by_strangers(stranger, file, certificate.ends_on)
    for page in (*pages, phone):
        page.context.close()
