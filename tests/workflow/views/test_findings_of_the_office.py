"""Small findings of a trial of the back office, each as it was met; the large ones have tests of their own."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.utils.timezone import localdate

from accounts.enums import Duty, Sphere
from accounts.models import User
from administration.enums import RunState
from administration.models import JobRun, Message
from tests.factories import (
    Province,
    actor,
    make_certificate,
    make_enterprise,
    make_id_number,
    make_person,
    make_staff,
)
from tests.workflow.browsing import NOW, browser, words
from tests.workflow.test_handing_over import QUEUE, Section
from workflow.enums import Action
from workflow.services.acting import act

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


@pytest.mark.parametrize("action", ["return", "reject"])
def test_office_m1_a_missing_reason_is_told_in_chinese(action: str) -> None:
    section = Section()
    page = browser(section.first).post(QUEUE, {"action": action, "picked": [section.case.pk]})
    assert page.status_code == 400
    assert "请写明原因，会告诉每一位申请人" in words(page)
    assert "Comment" not in page.text


@pytest.mark.parametrize("table", ["employment/employment", "workflow/application"])
def test_office_m2_registries_have_no_english_headers(table: str) -> None:
    section = Section()
    keeper = make_staff(section.province.provincial, Duty.REGISTRY)
    page = browser(keeper).get(f"/office/registry/{table}/")
    assert page.status_code == 200
    headers = re.findall(r"<th[^>]*>(.*?)</th>", page.text, re.DOTALL)
    plain = [re.sub(r"<[^>]+>", "", header).strip() for header in headers]
    assert plain
    assert [header for header in plain if re.search(r"[a-z]{3,}", header)] == []


def test_office_m10_a_certificate_is_found_without_its_brackets() -> None:
    section = Section()
    keeper = browser(make_staff(section.province.provincial, Duty.REGISTRY))
    certificate = make_certificate(make_person("欧阳䶮"), make_enterprise(), "C1")
    bare = re.sub(r"[（）()]", "", certificate.number)
    assert bare != certificate.number
    assert "欧阳䶮" in words(keeper.get("/office/certificates/", {"q": bare}))


def test_office_m17_the_address_of_a_search_can_be_opened_by_hand() -> None:
    auditor = User.objects.create(login="auditor", sphere=Sphere.AUDIT_ADMIN, name="审计管理员")
    page = browser(auditor).get("/office/audit/person/", follow=True)
    assert len(words(page)) > 40


def test_office_m5_what_is_decided_is_no_unread_message_any_more() -> None:
    """An office is told of each case; whoever decides one needs not open its message, and a colleague's case stays unread."""
    section = Section(cases=2)
    decided, waiting = section.cases
    box = Message.objects.filter(mailbox=section.office.mailbox, read_at__isnull=True)
    assert box.count() == 2
    act(decided.pk, action=Action.APPROVE, actor=actor(section.first), now=NOW)
    assert list(box.values_list("link", flat=True)) == [f"/applications/{waiting.number}/"]
    told = Message.objects.filter(mailbox=section.province.provincial.mailbox, read_at__isnull=True)
    assert told.count() == 1, "the next office reads its own"


def test_office_m9_the_number_says_sex_and_day_of_birth() -> None:
    province = Province()
    clerk = browser(make_staff(province.municipal, Duty.REGISTER))
    number = make_id_number(birth=date(1990, 3, 7))
    page = clerk.post("/office/counter/", {"id_number": number}, follow=True).content.decode()
    assert 'value="1990-03-07"' in page


@pytest.mark.parametrize("typed", ["0000042", "42", "００４２"])
def test_office_m10_a_certificate_is_found_by_its_serial_number_alone(typed: str) -> None:
    keeper = browser(make_staff(Province().provincial, Duty.REGISTRY))
    person, enterprise = make_person("欧阳䶮"), make_enterprise()
    make_certificate(person, enterprise, "C1", year=2021, serial=42)
    make_certificate(make_person("别人"), enterprise, "C1", year=2021, serial=420)
    found = words(keeper.get("/office/certificates/", {"q": typed}))
    assert "欧阳䶮" in found
    assert "别人" not in found


def test_office_m10_quick_views_lead_to_what_ends_soon_and_what_is_abnormal() -> None:
    keeper = browser(make_staff(Province().provincial, Duty.REGISTRY))
    enterprise, today = make_enterprise(), localdate()
    make_certificate(make_person("快到期"), enterprise, "B", ends_on=today + timedelta(days=30))
    make_certificate(make_person("还早着"), enterprise, "B", ends_on=today + timedelta(days=31))
    start = keeper.get("/office/certificates/").content.decode()
    links = re.findall(r'<a href="(\?[^"]+)">(异常状态的证书|30 天内到期的证书|90 天内到期的证书)</a>', start)
    assert len(links) == 3
    pages = {label: words(keeper.get(f"/office/certificates/{query}")) for query, label in links}
    assert "快到期" in pages["30 天内到期的证书"]
    assert "还早着" not in pages["30 天内到期的证书"]
    assert "还早着" in pages["90 天内到期的证书"]
    assert "快到期" not in pages["异常状态的证书"]


def test_office_m18_a_failed_night_job_offers_another_try_and_its_history() -> None:
    keeper = browser(make_staff(Province().provincial, Duty.REGISTRY))
    JobRun.objects.create(name="contracts", state=RunState.FAILED, error="连接中断")
    JobRun.objects.create(name="silence", state=RunState.DONE)
    page = words(keeper.get("/office/jobs/"))
    assert page.count("重试“") == 1
    assert "连接中断" in words(keeper.get("/office/jobs/contracts/"))
    assert keeper.post("/office/jobs/contracts/run/", follow=True).status_code == 200
