"""到期日历: every kind of deadline with its cure, by week, as a page, a calendar file and a workbook."""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from openpyxl import load_workbook

from administration.models import AuditEntry
from certificates.enums import LegalState
from certificates.models import Certificate
from employment.expiry.services import end_expired_contracts
from employment.models import Employment
from employment.proposing.proposals import case_of
from employment.renewing.reminding import remind_of_proposals
from employment.renewing.services import ProposedTerms, propose_terms
from enterprises.models import Enterprise
from exams.models import CandidateList
from portal.deadlines.items import Deadline, Kind, together
from portal.deadlines.selectors import deadlines_of
from portal.deadlines.weeks import weeks_of
from tests.clock import Clock
from tests.crowd import certify, employ, names, people_named
from tests.exams.exam_world import make_batch, make_candidate, make_entry
from tests.factories import (
    actor,
    make_certificate,
    make_employment,
    make_enterprise,
    make_office,
    make_operator,
    make_person,
)
from tests.pace import pace
from tests.workflow.browsing import browser, words
from tests.worlds.base import NOW, TODAY
from tests.worlds.extension import ExtensionWorld
from workflow.models import Application
from workflow.services.deadlines import apply_deadlines
from workflow.services.filing import file_application

PAGE = "/enterprise/deadlines/"
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def today(clock: Clock) -> None:
    clock.stop_at(NOW)


@pytest.fixture
def enterprise(db: None) -> Enterprise:
    return make_enterprise("江西赣江路桥建设有限公司")


def found(enterprise: Enterprise, kind: Kind | None = None) -> list[Deadline]:
    me = actor(make_operator(enterprise))
    return [one for one in deadlines_of(enterprise, me, today=TODAY) if kind in (None, one.kind)]


def hired(enterprise: Enterprise, name: str, days: int) -> Employment:
    employment = make_employment(make_person(name), enterprise, "08")
    Employment.objects.filter(pk=employment.pk).update(contract_from=date(2020, 1, 1), contract_to=TODAY + days * DAY)
    employment.refresh_from_db()
    return employment


def cure_of(one: Deadline) -> tuple[str, str]:
    assert one.cure is not None, one
    return one.cure.label, one.cure.url_name


# --- what stands there ---


@pytest.mark.django_db
def test_contracts_end_are_cared_for_or_have_ended(enterprise: Enterprise) -> None:
    gone = hired(enterprise, "迟到", -2)
    end_expired_contracts(now=NOW)
    soon, cared = hired(enterprise, "欧阳·䶮", 12), hired(enterprise, "敖江", 20)
    hired(enterprise, "远方", 400)
    hired(make_enterprise(), "别家", 3)
    wanted = ProposedTerms(cared.pk, ("08",), date(2030, 1, 1))
    propose_terms([wanted], actor=actor(make_operator(enterprise)), now=NOW)
    rows = {one.who: one for one in found(enterprise, Kind.CONTRACT)}
    assert set(rows) == {"迟到", "欧阳·䶮", "敖江"}
    assert (rows["欧阳·䶮"].day, cure_of(rows["欧阳·䶮"])) == (soon.contract_to, ("续签合同", "employment:renew"))
    assert (rows["敖江"].cure, rows["敖江"].detail) == (None, "续签等本人确认")
    assert cure_of(rows["迟到"]) == ("重新发起", "employment:propose_terms")
    assert rows["迟到"].day == gone.contract_to


@pytest.mark.django_db
def test_certificates_say_whether_an_extension_is_filed(enterprise: Enterprise) -> None:
    world = ExtensionWorld()
    application = world.file()
    mine = {one.key: one for one in found(world.enterprise)}
    end = mine[f"certificate-{world.certificate.pk}"]
    assert "延续已提交，等本企业确认" in end.detail
    assert end.cure is None or end.cure.kwargs == {"number": application.number}
    confirm = mine[application.number]
    assert confirm.kind == Kind.CONFIRM
    assert cure_of(confirm) == ("去确认", "workflow:detail")
    assert "过期没有确认" in confirm.detail
    assert not any(one.kind == Kind.WINDOW for one in mine.values())
    person = make_person("敖江")
    make_employment(person, enterprise)
    near = make_certificate(person, enterprise, "C2", ends_on=TODAY + 40 * DAY)
    make_certificate(make_candidate(enterprise, "鲍春来"), enterprise, "C2", ends_on=TODAY + 150 * DAY)
    rows = {(one.kind, one.who): one for one in found(enterprise)}
    assert cure_of(rows[Kind.CERTIFICATE, "敖江"]) == ("提醒本人", "certificates:staff")
    assert "没有申请延续" in rows[Kind.CERTIFICATE, "敖江"].detail
    assert (Kind.WINDOW, "敖江") not in rows
    window = rows[Kind.WINDOW, "鲍春来"]
    assert TODAY < window.day < TODAY + 150 * DAY
    assert cure_of(window) == ("看学时够不够", "certificates:staff_training")
    Certificate.objects.filter(pk=near.pk).update(legal_state=LegalState.EXPIRED, ends_on=TODAY - 5 * DAY)
    (over,) = [one for one in found(enterprise, Kind.CERTIFICATE) if one.who == "敖江"]
    assert cure_of(over) == ("报名考试", "exams:enterprise")
    make_certificate(person, enterprise, "C2", ends_on=TODAY + 900 * DAY)
    assert not [one for one in found(enterprise, Kind.CERTIFICATE) if one.who == "敖江"]


@pytest.mark.django_db
def test_people_who_have_not_answered_and_who_never_did(enterprise: Enterprise) -> None:
    operator = make_operator(enterprise)
    waiting, silent = make_person("敖江"), make_person("胡杨")
    terms = {"posts": ["07"], "contract_from": "2026-11-01", "contract_to": None}
    for person, day in ((silent, NOW - 20 * DAY), (waiting, NOW)):
        file_application(case=case_of(person, enterprise, terms), actor=actor(operator), now=day)
    Application.objects.filter(person=silent).update(due_on=TODAY - 2 * DAY)
    apply_deadlines(now=NOW - DAY)
    remind_of_proposals(None, actor=actor(operator))
    rows = {one.who: one for one in found(enterprise, Kind.ANSWER)}
    assert cure_of(rows["敖*"]) == ("再提醒", "employment:enterprise")
    assert "已提醒 1 次" in rows["敖*"].detail
    assert cure_of(rows["胡*"]) == ("重新发起", "employment:propose_terms")
    assert rows["胡*"].day < TODAY
    make_employment(silent, enterprise)
    assert "胡*" not in {one.who for one in found(enterprise, Kind.ANSWER)}


@pytest.mark.django_db
def test_sign_up_ends_and_what_is_ticked_but_not_sent(enterprise: Enterprise) -> None:
    batch, other = make_batch(name="第五批"), make_batch(name="外市", region_id="360700")
    operator = make_operator(enterprise)
    CandidateList.objects.create(batch=batch, user=operator, category="C2", picked={"1": "08", "2": "08"})
    make_entry(make_candidate(enterprise), enterprise, batch, office=make_office(), state="entered")
    (one,) = [one for one in deadlines_of(enterprise, actor(operator), today=TODAY) if one.kind == Kind.EXAM]
    assert (one.who, one.day) == ("第五批", batch.sign_up_to)
    assert one.detail == "已报名 1 人；已勾选 2 人，还没有提交"
    assert cure_of(one) == ("去报名", "exams:sign_up")
    assert other.name not in words(browser(operator).get(PAGE))


# --- by week ---


def test_alike_rows_of_a_day_are_one_and_weeks_begin_on_monday() -> None:
    monday = date(2026, 11, 23)
    rows = [
        Deadline(monday + DAY, Kind.CONTRACT, f"c{number}", f"人{number}", what="的聘用合同", group="的聘用合同")
        for number in range(3)
    ] + [
        Deadline(monday - DAY, Kind.CERTIFICATE, "old", "旧"),
        Deadline(monday + 7 * DAY, Kind.EXAM, "next", "批"),
        Deadline(monday + 100 * DAY, Kind.EXAM, "far", "远"),
    ]
    one, *_ = [row for row in together(rows) if row.kind == Kind.CONTRACT]
    assert (one.words, one.persons) == ("人0 等 3 人的聘用合同", ("人0", "人1", "人2"))
    weeks = weeks_of(rows, today=monday, weeks=6)
    assert [week.number for week in weeks] == [1, 3, 1, 0, 0, 0, 0, 1]
    assert [week.span for week in weeks[:3]] == ["11月23日以前", "11月23日—29日", "11月30日—12月6日"]
    sunday = weeks_of(rows, today=monday + 6 * DAY, weeks=6)
    assert sunday[1].span == "11月29日"
    assert sunday[2].span == "11月30日—12月6日"


@pytest.mark.django_db
def test_the_page_filters_jumps_and_goes_on(enterprise: Enterprise) -> None:
    hired(enterprise, "欧阳·䶮", 12)
    hired(enterprise, "后来", 60)
    client = browser(make_operator(enterprise))
    page = client.get(PAGE)
    said, text = words(page), page.content.decode()
    assert "今天是2026年11月23日，星期一" in said
    assert "欧阳·䶮的聘用合同" in said
    assert "后来的聘用合同" not in said
    assert 'aria-current="page"' in text
    assert 'href="#w2"' in text
    assert "后来的聘用合同" in words(client.get(f"{PAGE}?weeks=26"))
    assert "这一类现在没有到期的事" in words(client.get(f"{PAGE}?kind=exam"))
    assert "欧阳" in words(client.get(f"{PAGE}?kind=x&weeks={'9' * 400}"))
    assert "半年内没有到期的事" in words(browser(make_operator(make_enterprise())).get(PAGE))


@pytest.mark.django_db
def test_the_calendar_file_and_the_workbook(enterprise: Enterprise) -> None:
    hired(enterprise, "=欧阳·䶮", 12)
    hired(enterprise, "迟到", -2)
    client = browser(make_operator(enterprise))
    content = client.get(f"{PAGE}calendar.ics").content.decode().replace("\r\n ", "")
    assert "DTSTART;VALUE=DATE:20261205" in content
    assert "合同到期：=欧阳·䶮的聘用合同" in content
    assert "迟到" not in content
    sheet = load_workbook(io.BytesIO(client.post(f"{PAGE}export/").content)).active
    assert sheet is not None
    rows = list(sheet.iter_rows(values_only=True))
    assert [row[0] for row in rows] == ["日期", "2026年11月21日", "2026年12月5日"]
    assert str(rows[2][2]).startswith("'=")
    assert AuditEntry.objects.get(action="deadlines.export").detail["count"] == 2
    assert client.get(f"{PAGE}export/").status_code == 405


# --- what it costs ---


def crowded(count: int, first: int) -> Enterprise:
    """A third of the people has something that ends within half a year."""
    enterprise = make_enterprise()
    people = people_named(names(count), first=first)
    employ(people, enterprise, [TODAY + timedelta(days=10 + 3 * (place % 180)) for place in range(count)])
    certify(
        people, enterprise, [TODAY + timedelta(days=5 + 2 * (place % 500)) for place in range(count)], first=first + 1
    )
    return enterprise


def cost(client: Client) -> float:
    begun = time.process_time()
    assert client.get(PAGE).status_code == 200
    return time.process_time() - begun


@pytest.mark.django_db
def test_the_page_takes_the_same_queries_for_1_3_and_300(
    count_queries: Callable[[Callable[[], object]], int],
) -> None:
    counts = []
    for first, size in ((0, 1), (10, 3), (100, 300)):
        enterprise = crowded(size, first)
        client = browser(make_operator(enterprise))
        counts.append(count_queries(lambda c=client: c.get(PAGE)))  # type: ignore[misc]
        counts.append(count_queries(lambda c=client: c.get(f"{PAGE}?weeks=26")))  # type: ignore[misc]
    assert len(set(counts)) == 1, counts


@pytest.mark.django_db
def test_2000_people_take_less_than_300_ms_of_this_process() -> None:
    """The database's part is guarded by tests/devtools/test_bench_large.py."""
    enterprise = crowded(2_000, 0)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE employment_employment, certificates_certificate, accounts_person")
    client = browser(make_operator(enterprise))
    cost(client)
    assert min(cost(client) for _ in range(3)) < 0.3 * pace()
