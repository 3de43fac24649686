"""The edge cases of the domain that the night decides, each by its number."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from administration.calendar.working_days import load_working_days
from administration.models import CalendarDay
from certificates.models import Certificate
from certificates.nightly import expire_certificates
from certificates.state.display import status_of
from common.findings import Refused
from employment.models import Employment
from enterprises.models import Qualification
from enterprises.register.dissolution import dissolve
from enterprises.register.services import save_qualifications
from tests.clock import Clock
from tests.factories import (
    Province,
    actor,
    make_certificate,
    make_constructor,
    make_employment,
    make_enterprise,
    make_operator,
    make_person,
    make_training,
)
from workflow.business import business_of
from workflow.enums import Action, Desk, Status
from workflow.models import Application
from workflow.services.acting import act
from workflow.services.filing import create_draft, save_draft, submit

pytestmark = pytest.mark.django_db
PAYLOAD = {"phone": "13800000000", "note": "", "commitment": True}


class Story:
    """A registered constructor with a B certificate, all in order."""

    def __init__(self, ends_on: date) -> None:
        self.province = Province()
        self.enterprise = make_enterprise()
        self.operator = make_operator(self.enterprise)
        self.person = make_person()
        make_employment(self.person, self.enterprise, "07")
        self.certificate = make_certificate(self.person, self.enterprise, "B", ends_on=ends_on)
        make_training(self.person, ends_on=ends_on - timedelta(days=200))
        self.me = actor(self.person.user)

    def file(self, now: datetime, kind: str = "extension") -> Application:
        query = {"certificate": str(self.certificate.pk)}
        case = business_of(kind).prepare(self.me, query, today=now.date())
        application = create_draft(case=case, actor=self.me, now=now)
        save_draft(application.pk, payload=PAYLOAD, actor=self.me)
        submit(application.pk, actor=self.me, now=now)
        application.refresh_from_db()
        return application

    def approve(self, application: Application, now: datetime) -> None:
        holders = {
            Desk.EMPLOYER: actor(self.operator),
            Desk.MUNICIPAL: self.province.municipal_actor,
            Desk.PROVINCIAL: self.province.provincial_actor,
        }
        while application.is_open:
            act(application.pk, action=Action.APPROVE, actor=holders[Desk(application.desk)], now=now)
            application.refresh_from_db()

    @property
    def state(self) -> str:
        return Certificate.objects.get(pk=self.certificate.pk).legal_state


def night(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T01:40:00+08:00")


def test_edge_case_1_filed_in_time_and_decided_late_stays_usable(clock: Clock) -> None:
    now = clock.stop_on("2026-11-20")
    story = Story(date(2026, 11, 24))
    application = story.file(now)
    later = clock.stop_on("2026-12-01")
    assert expire_certificates(now=night("2026-12-01")) == 0
    answer = status_of(story.certificate)
    assert (story.state, answer.is_normal, answer.label) == ("01", True, "延续审查中")
    story.approve(application, later)
    assert application.status == Status.APPROVED
    fresh = Certificate.objects.get(pk=story.certificate.pk)
    term = fresh.terms.order_by("starts_on").last()
    assert term is not None
    assert (term.starts_on, fresh.ends_on) == (date(2026, 11, 25), date(2029, 11, 24))


def test_edge_case_1_withdrawn_after_the_end_expires_the_next_night(clock: Clock) -> None:
    now = clock.stop_on("2026-11-20")
    story = Story(date(2026, 11, 24))
    application = story.file(now)
    later = clock.stop_on("2026-12-01")
    act(application.pk, action=Action.WITHDRAW, actor=story.me, now=later)
    assert expire_certificates(now=night("2026-12-02")) == 1
    assert story.state == "05"


def test_edge_case_3_last_day_on_a_holiday(clock: Clock) -> None:
    """1 October 2026 is a holiday until the 7th: state 05 only after the window has closed on the 8th."""
    story = Story(date(2026, 10, 1))
    assert load_working_days().next_workday(date(2026, 10, 1)) == date(2026, 10, 8)
    for day in ("2026-10-02", "2026-10-07", "2026-10-08"):
        assert expire_certificates(now=night(day)) == 0
    now = clock.stop_on("2026-10-08")
    assert status_of(story.certificate).is_normal
    application = story.file(now)
    assert application.status == Status.IN_REVIEW
    assert expire_certificates(now=night("2026-10-09")) == 0


def test_edge_case_3_the_day_after_it_is_too_late(clock: Clock) -> None:
    story = Story(date(2026, 10, 1))
    now = clock.stop_on("2026-10-09")
    assert expire_certificates(now=night("2026-10-09")) == 1
    assert story.state == "05"
    with pytest.raises(Refused) as refused:
        story.file(now)
    assert {"certificate.ended", "extension.too_late"} <= {finding.code for finding in refused.value.findings}


def test_edge_case_8_a_dissolved_employer_ends_its_employments_and_is_not_asked(
    clock: Clock,
) -> None:
    now = clock.stop_on("2026-11-20")
    story = Story(date(2028, 4, 30))
    assert dissolve({story.enterprise.pk: ("dissolved", date(2026, 11, 19))}) == 1
    employment = Employment.objects.get(person=story.person)
    assert employment.end_reason == "enterprise_gone"
    new = make_enterprise()
    make_employment(story.person, new, "07")
    make_constructor(story.person, new)
    application = story.file(now, "employer_change")
    assert application.desk == Desk.MUNICIPAL


def test_edge_case_14_constructor_registration_lost(clock: Clock) -> None:
    """B 异常 with its reason, not cancelled; and it heals by itself."""
    clock.stop_on("2026-11-20")
    story = Story(date(2028, 4, 30))
    registration = Qualification.objects.get()
    registration.is_in_force = False
    save_qualifications([registration])
    fresh = Certificate.objects.get(pk=story.certificate.pk)
    assert (fresh.legal_state, fresh.display_status, fresh.display_codes) == (
        "01",
        "abnormal",
        ["qualification.constructor"],
    )
    (reason,) = status_of(fresh).reasons
    assert reason.message == "没有有效的建造师注册"
    assert story.enterprise.name in reason.detail
    assert expire_certificates(now=night("2026-11-20")) == 0
    registration.is_in_force = True
    save_qualifications([registration])
    assert Certificate.objects.get(pk=story.certificate.pk).display_status == "normal"


def test_edge_case_32_a_year_without_calendar_still_expires(clock: Clock) -> None:
    """Without the calendar the week counts: 1 October 2026 is a Thursday, so the window closes that day."""
    story = Story(date(2026, 10, 1))
    CalendarDay.objects.filter(day__year=2026).delete()
    days = load_working_days()
    assert days.is_provisional(date(2026, 10, 1))
    clock.stop_on("2026-10-02")
    assert expire_certificates(now=night("2026-10-02")) == 1
    assert story.state == "05"
