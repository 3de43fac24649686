"""我的证书, the detail and the e-certificate for its holder, the enterprise and the back office."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from urllib.parse import unquote

import pytest
from django.test import Client

from accounts.enums import Duty
from accounts.models import User
from administration.models import AuditEntry, ImportRun
from certificates.documents.services import make_document
from certificates.ecert import preview
from certificates.enums import LegacyState, LegalState
from certificates.issuing.versions import issue_electronic
from certificates.models import Certificate, Document, DocumentOrder, LegacyCertificate
from certificates.state.display import reasons_of_codes
from certificates.state.snapshots import refresh_for_people
from employment.models import Employment
from tests.clock import Clock
from tests.factories import (
    Province,
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
from workflow.models import Application

pytestmark = pytest.mark.django_db
NOW = datetime.fromisoformat("2026-11-23T10:00:00+08:00")
Count = Callable[[Callable[[], object]], int]


@pytest.fixture(autouse=True)
def today(clock: Clock) -> None:
    clock.stop_at(NOW)


class Story:
    def __init__(self, name: str = "欧阳·䶮𬭎", ends_on: date = date(2027, 1, 31)) -> None:
        self.enterprise = make_enterprise()
        self.person = make_person(name)
        make_employment(self.person, self.enterprise, "07", "08")
        self.certificate = make_certificate(self.person, self.enterprise, "B", ends_on=ends_on)
        self.url = f"/person/certificates/{self.certificate.pk}/"

    def issue(self) -> Document:
        version = issue_electronic(certificate_id=self.certificate.pk, by=SYSTEM, now=NOW)
        return make_document(version.pk)


def enter(user: User | None) -> Client:
    assert user is not None
    client = Client()
    client.force_login(user)
    return client


def content_of(answer: Any) -> bytes:
    """Of a file; read to its end, since closing it half read would end the connection of this test."""
    return b"".join(answer.streaming_content)


@pytest.fixture
def story() -> Story:
    return Story()


@pytest.fixture
def me(story: Story) -> Client:
    return enter(story.person.user)


# --- 我的证书 ---


@pytest.mark.parametrize("name", ["欧阳·䶮𬭎", "𠮷"])
def test_mine_shows_cards_with_live_status_and_countdown(name: str) -> None:
    story = Story(name, date(2027, 3, 14))
    page = enter(story.person.user).get("/person/certificates/").text
    assert "已按身份证号从历史数据库匹配到 1 本证书" in page
    assert story.certificate.number in page
    assert "正常使用" in page
    assert '有效期至 <span class="num">2027年3月14日</span>' in page
    assert "2026年12月14日起可办理延续" in page
    assert f'href="{story.url}"' in page
    assert "下载电子证书" not in page


@pytest.mark.parametrize(
    ("ends_on", "text"),
    [
        (date(2027, 1, 31), "还有 69 天，2027年2月1日（含）前可办理延续"),
        (date(2026, 11, 23), "今天到期，2026年11月23日（含）前可办理延续"),
        (date(2026, 11, 22), "已届满，2026年11月23日（含）前可办理延续"),
        (date(2026, 10, 1), "已过有效期"),
    ],
)
def test_the_countdown_says_until_when_an_extension_is_possible(ends_on: date, text: str) -> None:
    story = Story(ends_on=ends_on)
    assert text in enter(story.person.user).get(story.url).text


def test_reasons_are_listed_with_their_cures(story: Story, me: Client) -> None:
    Employment.objects.all().delete()
    make_employment(story.person, make_enterprise("南昌红谷建筑有限公司"), "07")
    page = me.get("/person/certificates/").text
    assert "异常状态" in page
    assert "聘用单位与证书所在单位不一致" in page
    assert f"/applications/new/employer_change/?certificate={story.certificate.pk}" in page


def test_nothing_matched_explains_the_late_entry() -> None:
    page = enter(make_person("张三").user).get("/person/certificates/").text
    assert "还没有证书" in page
    assert "/applications/new/late_entry/" in page


def test_old_records_set_aside_are_told_with_their_reason(story: Story, me: Client) -> None:
    LegacyCertificate.objects.create(
        id_number=story.person.id_number,
        id_number_index=story.person.id_number_index,
        name="欧阳龙",
        category="A",
        enterprise_name="某公司",
        valid_to=date(2027, 1, 1),
        state=LegacyState.QUARANTINED,
        quarantine_reason="姓名与实名登记不一致",
        import_run=ImportRun.objects.create(kind="legacy", file_name="a.csv", sha256="0" * 64),
        row_number=1,
        fingerprint="f" * 64,
    )
    assert "姓名与实名登记不一致" in me.get("/person/certificates/").text


def test_an_open_late_entry_is_shown_as_archived_anew(story: Story, me: Client) -> None:
    Application.objects.create(
        number="2026-3601-000001",
        kind="late_entry",
        filed_by="person",
        person=story.person,
        region_id="360100",
        status="in_review",
        desk="counter",
        holder_office=make_office("南昌市住房和城乡建设局"),
        desk_entered_at=NOW,
        first_submitted_at=NOW,
    )
    page = me.get("/person/certificates/").text
    assert "新增归档" in page
    assert "现在轮到南昌市住房和城乡建设局" in page


def test_mine_costs_the_same_for_one_and_three(story: Story, me: Client, count_queries: Count) -> None:
    me.get("/person/certificates/")
    one = count_queries(lambda: me.get("/person/certificates/"))
    for category in ("C1", "C2"):
        make_certificate(story.person, story.enterprise, category)
    assert count_queries(lambda: me.get("/person/certificates/")) == one


def test_the_home_page_of_the_person_lists_the_certificates(story: Story, me: Client) -> None:
    page = me.get("/person/").text
    assert story.certificate.number in page
    assert story.url in page


# --- detail ---


def test_detail_offers_what_is_possible_and_explains_the_rest(story: Story, me: Client) -> None:
    make_training(story.person, ends_on=date(2025, 6, 1))
    page = me.get(story.url).text
    assert (
        f'<a class="btn btn-outline-primary" href="/applications/new/extension/?certificate={story.certificate.pk}">证书延续'
        in page
    )
    assert "执业企业变更：暂时不能办理" in page
    assert "证书已在现聘用单位名下" in page
    assert "24</b> 学时" in page
    assert "申领电子证书" in page


def test_missing_hours_hinder_the_extension(story: Story, me: Client) -> None:
    page = me.get(story.url).text
    assert "证书延续：暂时不能办理" in page
    assert "继续教育学时不足" in page


def test_detail_costs_the_same_whatever_there_is(story: Story, me: Client, count_queries: Count) -> None:
    me.get(story.url)
    one = count_queries(lambda: me.get(story.url))
    make_certificate(story.person, story.enterprise, "C1")
    make_certificate(story.person, story.enterprise, "C2")
    make_training(story.person)
    assert count_queries(lambda: me.get(story.url)) == one


def test_an_ended_certificate_offers_nothing(story: Story, me: Client) -> None:
    Certificate.objects.update(legal_state=LegalState.CANCELLED)
    page = me.get(story.url).text
    assert "已注销" in page
    assert "不能再办理业务" in page
    assert "申领电子证书" not in page


def test_claiming_the_electronic_certificate_until_it_can_be_downloaded(
    story: Story, me: Client, run_jobs: Callable[..., list[str]]
) -> None:
    answer = me.post(f"{story.url}issue/", follow=True)
    assert "已提交签发" in answer.text
    assert "电子证书签发中" in answer.text
    assert 'data-refresh="5"' in answer.text
    assert "正在签发" in me.get(f"{story.url}document/", follow=True).text
    run_jobs()
    page = me.get(story.url).text
    assert "下载电子证书" in page
    assert "第 1 版" in page
    assert "签发电子证书" in page
    assert "下载电子证书" in me.get("/person/certificates/").text


def test_claiming_without_a_photo_is_refused_with_the_cure(me: Client, story: Story) -> None:
    story.person.id_photo.name = ""
    story.person.save()
    answer = me.post(f"{story.url}issue/")
    assert answer.status_code == 409
    assert "提交没有成功" in answer.text
    assert "/person/photo/" in answer.text


def test_a_failing_signature_is_visible_to_both_sides(story: Story, me: Client) -> None:
    me.post(f"{story.url}issue/")
    DocumentOrder.objects.update(attempts=2, last_error="no key at /secret/path")
    page = me.get(story.url).text
    assert "签发遇到问题，工作人员已收到提醒" in page
    assert "/secret/path" not in page
    staff = enter(make_staff(make_office(), Duty.REVIEW))
    assert "有 1 份文件签发遇到问题" in staff.get("/office/certificates/").text


@pytest.mark.parametrize("rest", ["", "document/", "image/", "print/", "issue/", "proof/"])
def test_another_persons_certificate_is_not_found(story: Story, rest: str) -> None:
    story.issue()
    stranger = enter(make_person("赵四").user)
    method = stranger.post if rest == "issue/" else stranger.get
    assert method(story.url + rest).status_code == 404


# --- the file ---


def test_the_file_is_handed_out_as_it_was_signed(story: Story, me: Client) -> None:
    document = story.issue()
    answer = me.get(f"{story.url}document/")
    content = content_of(answer)
    with document.file.open("rb") as file:
        assert content == file.read()
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Length"] == str(len(content))
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Content-Disposition"].startswith("attachment")
    assert f"{story.certificate.number}.pdf" in unquote(answer["Content-Disposition"])


def test_an_old_version_is_marked(story: Story, me: Client) -> None:
    story.issue()
    Certificate.objects.update(latest_version=2)
    answer = me.get(f"{story.url}document/?version=1")
    assert "第1版-已被取代" in unquote(answer["Content-Disposition"])
    content_of(answer)
    assert "已被取代" in me.get(story.url).text
    assert "已被第 2 版取代" in me.get(f"{story.url}print/?version=1").text


@pytest.mark.parametrize("version", ["0", "3", "-1", "x", "９", "99999999999"])
def test_versions_that_do_not_exist_are_not_found(story: Story, me: Client, version: str) -> None:
    story.issue()
    assert me.get(f"{story.url}document/", {"version": version}).status_code == 404


def test_the_picture_is_drawn_once(story: Story, me: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    story.issue()
    first = me.get(f"{story.url}image/")
    assert first["Content-Type"] == "image/png"
    assert first.content.startswith(b"\x89PNG")
    monkeypatch.setattr(preview, "_ground", None)  # drawing again would fail
    assert me.get(f"{story.url}image/").content == first.content
    assert f"{story.url}image/" in me.get(f"{story.url}print/").text


def test_without_a_document_there_is_no_picture(story: Story, me: Client) -> None:
    assert me.get(f"{story.url}image/").status_code == 404


# --- the enterprise's board ---


@pytest.fixture
def firm(story: Story) -> Client:
    return enter(make_operator(story.enterprise))


def test_the_enterprise_downloads_its_peoples_certificates_only(story: Story, firm: Client) -> None:
    story.issue()
    address = f"/enterprise/staff/{story.certificate.pk}/document/"
    answer = firm.get(address)
    assert answer["Content-Type"] == "application/pdf"
    content_of(answer)
    assert enter(make_operator(make_enterprise())).get(address).status_code == 404


# --- the back office ---


@pytest.fixture
def office() -> Client:
    return enter(Province().decider)


def test_the_office_searches_by_number_name_and_region(story: Story, office: Client) -> None:
    number = story.certificate.number
    elsewhere = make_person("欧阳兰")
    other = make_certificate(elsewhere, make_enterprise(region="360702"), "C1")
    assert "请输入查询条件" in office.get("/office/certificates/").text
    for query in (f"q={number}", f"q={number[:9]}", "q=欧阳", "q=欧阳&region=360100", "region=360102"):
        assert number in office.get(f"/office/certificates/?{query}").text, query
    for query in ("q=欧阳&region=360700", "q=欧阳&category=C1", "region=360702"):
        page = office.get(f"/office/certificates/?{query}").text
        assert number not in page, query
        assert other.number in page, query
    assert "没有找到证书" in office.get("/office/certificates/?q=不存在").text


def test_the_office_searches_by_id_number_without_an_address(story: Story, office: Client) -> None:
    answer = office.post("/office/certificates/", {"id_number": story.person.id_number})
    assert story.certificate.number in answer.text
    entry = AuditEntry.objects.get(action="search_by_id_number")
    assert story.person.id_number not in str(entry.detail)
    assert office.post("/office/certificates/", {"id_number": "1"}).status_code == 400


def test_office_search_costs_the_same_for_one_and_three(story: Story, office: Client, count_queries: Count) -> None:
    office.get("/office/certificates/?q=欧阳")
    one = count_queries(lambda: office.get("/office/certificates/?q=欧阳"))
    for _ in range(2):
        make_certificate(make_person("欧阳兰"), make_enterprise(), "C1")
    assert count_queries(lambda: office.get("/office/certificates/?q=欧阳")) == one


def test_the_whole_id_number_needs_a_press_that_is_noted(story: Story, office: Client) -> None:
    address = f"/office/certificates/{story.certificate.pk}/"
    assert story.person.id_number not in office.get(address).text
    assert office.get(f"{address}reveal/").status_code == 405
    assert not AuditEntry.objects.filter(action="reveal_id_number").exists()
    assert story.person.id_number in office.post(f"{address}reveal/").text
    assert AuditEntry.objects.filter(action="reveal_id_number", object_id=str(story.person.pk)).count() == 1


def test_the_offices_download_is_noted(story: Story, office: Client) -> None:
    story.issue()
    content_of(office.get(f"/office/certificates/{story.certificate.pk}/document/"))
    assert AuditEntry.objects.filter(action="download_certificate").exists()


def test_staff_without_a_reading_duty_stay_outside(story: Story) -> None:
    trainer = enter(make_staff(make_office(), Duty.TRAINING))
    for address in ("/office/certificates/", f"/office/certificates/{story.certificate.pk}/"):
        assert trainer.get(address).status_code == 403


# --- words of the snapshot ---


def test_every_stored_code_has_words_of_its_own(story: Story) -> None:
    """The list shows what the detail says: no code of a living certificate falls back to the general sentence."""
    Employment.objects.all().delete()
    story.person.id_photo.name = ""
    story.person.save()
    make_certificate(story.person, make_enterprise(status="dissolved", dissolved_on=date(2026, 1, 1)), "C1")
    refresh_for_people({story.person.pk})
    codes = {code for row in Certificate.objects.all() for code in row.display_codes}
    assert {"employment.none", "person.no_id_photo", "enterprise.gone", "holding.BC-1"} <= codes
    words = [reason.words for reason in reasons_of_codes(codes)]
    assert "证书信息与登记情况不一致" not in words
