"""A change that was filed in time holds the expiry; the extension follows within ten working days of its decision."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from administration.models import CalendarDay, Message, Parameter
from certificates.enums import DisplayStatus
from certificates.models import Certificate, CertificateTerm
from certificates.nightly import expire_certificates
from certificates.pages.detail import sheet_of
from certificates.state.display import reasons_of_codes, status_of
from common.findings import Finding, Refused
from employment.models import Employment
from tests.clock import Clock
from tests.factories import actor, make_certificate, make_employment, make_enterprise, make_person
from tests.worlds.base import NOW, PAYLOAD
from tests.worlds.employer_change import EmployerChangeWorld
from tests.worlds.extension import ExtensionWorld
from workflow.business import business_of
from workflow.enums import Action, Desk, Status
from workflow.models import Application, Event
from workflow.services.acting import act, act_many
from workflow.services.filing import create_draft, save_draft, submit

pytestmark = pytest.mark.django_db
DECIDED = "2026-12-03"
"""A Thursday behind the end: ten working days later it is Thursday the 17th."""


@pytest.fixture(autouse=True)
def today(clock: Clock) -> None:
    clock.stop_on("2026-11-23")


class Changed(EmployerChangeWorld):
    """A change filed a week before the end."""

    ends_on = date(2026, 11, 30)

    def build(self) -> None:
        super().build()
        self.change = self.file(NOW)

    def decide(self, application: Application, now: datetime) -> None:
        while application.is_open:
            act(
                application.pk,
                action=Action.APPROVE,
                actor=self.holder(application),
                detail=self.originals(application),
                now=now,
            )
            application.refresh_from_db()
        assert application.status == Status.APPROVED

    def extend(self, now: datetime, kind: str = "extension") -> Application:
        query = {"certificate": str(self.certificate.pk)}
        case = replace(business_of(kind).prepare(self.filer, query, today=now.date()), payload=PAYLOAD)
        draft = create_draft(case=case, actor=self.filer, now=now)
        save_draft(draft.pk, payload=PAYLOAD, actor=self.filer)
        submit(draft.pk, actor=self.filer, now=now)
        draft.refresh_from_db()
        return draft

    @property
    def fresh(self) -> Certificate:
        return Certificate.objects.get(pk=self.certificate.pk)


def refused(call: Callable[[], object]) -> dict[str, Finding]:
    with pytest.raises(Refused) as caught:
        call()
    return {finding.code: finding for finding in caught.value.findings}


def changed_late(clock: Clock, decided: str = DECIDED) -> Changed:
    world = Changed()
    world.decide(world.change, clock.stop_on(decided))
    return world


def test_after_the_decision_it_stays_usable_and_says_until_when_the_extension_is_filed(clock: Clock) -> None:
    world = changed_late(clock)
    clock.stop_on("2026-12-17")
    assert expire_certificates(now=timezone.now()) == 0
    answer = status_of(world.certificate)
    assert (answer.is_normal, answer.label, answer.tone) == (True, "正常使用", "warn")
    (finding,) = answer.findings
    assert (finding.code, finding.blocking) == ("certificate.extension_due", False)
    assert "请在2026年12月17日前申请延续" in finding.message
    assert finding.cure is not None
    assert finding.cure.business == "extension"
    assert "（已届满，2026年12月17日（含）前可办理延续）" in sheet_of(world.fresh, None).ends


def test_lookup_and_qr_page_say_it_too(clock: Clock, client: Client) -> None:
    world = changed_late(clock)
    clock.stop_on("2026-12-17")
    asked = {"number": world.certificate.number, "name": world.person.name}
    version = world.fresh.versions.get()
    for page in (client.post("/lookup/", asked).text, client.get(f"/v/{version.token}/").text):
        assert "2026年12月17日前仍可申请延续" in page
    clock.stop_on("2026-12-18")
    assert "2026年12月17日" not in client.post("/lookup/", asked).text
    assert "已过有效期" in client.get(f"/v/{version.token}/").text


def test_filed_on_the_last_day_it_is_under_review_and_the_new_term_follows_the_old_end(clock: Clock) -> None:
    world = changed_late(clock)
    extension = world.extend(clock.stop_on("2026-12-17"))
    assert extension.desk == Desk.EMPLOYER
    # Decided long after: neither the night nor the desks forget what it was filed upon.
    later = clock.stop_on("2027-09-01")
    assert expire_certificates(now=timezone.now()) == 0
    answer = status_of(world.certificate)
    assert (answer.label, answer.in_extension_review) == ("延续审查中", True)
    assert "审查期间继续有效" in sheet_of(world.fresh, None).ends
    world.decide(extension, later)
    terms = CertificateTerm.objects.filter(certificate=world.certificate).order_by("starts_on")
    assert [(row.starts_on, row.ends_on) for row in terms][-1] == (date(2026, 12, 1), date(2029, 11, 30))
    noted = Event.objects.filter(application=extension).order_by("-pk").values_list("parameters", flat=True)[0]
    assert noted["extension_after_decision_days"] == [[10, "2000-01-01", "系统初始参数"]]


def test_one_day_later_it_is_too_late_and_the_night_ends_it(clock: Clock) -> None:
    world = changed_late(clock)
    late = clock.stop_on("2026-12-18")
    found = refused(lambda: world.extend(late))
    assert set(found) == {"extension.too_late"}
    assert "至2026年12月17日期间申请" in found["extension.too_late"].detail
    assert not status_of(world.certificate).is_normal
    assert expire_certificates(now=timezone.now()) == 1
    assert world.fresh.legal_state == "05"


def test_holidays_do_not_count(clock: Clock) -> None:
    CalendarDay.objects.bulk_create(
        CalendarDay(day=date(2026, 12, day), is_workday=False, note="放假") for day in (16, 17)
    )
    world = changed_late(clock)
    assert status_of(world.certificate).extension_until == date(2026, 12, 21)
    assert world.extend(clock.stop_on("2026-12-21")).is_open


def test_decided_on_the_end_date_or_just_before_the_days_count_as_well(clock: Clock) -> None:
    """Until then the change stood in the way of the extension."""
    world = changed_late(clock, "2026-11-27")
    clock.stop_on("2026-12-11")
    assert status_of(world.certificate).extension_until == date(2026, 12, 11)
    clock.stop_on("2026-12-12")
    assert not status_of(world.certificate).is_normal


def test_decided_long_before_the_end_nothing_is_added(clock: Clock) -> None:
    world = changed_late(clock, "2026-11-24")
    clock.stop_on("2026-12-09")
    assert not status_of(world.certificate).is_normal
    assert expire_certificates(now=timezone.now()) == 1


@pytest.mark.parametrize("action", [Action.REJECT, Action.WITHDRAW])
def test_a_change_that_was_not_approved_adds_nothing(clock: Clock, action: Action) -> None:
    world = Changed()
    now = clock.stop_on(DECIDED)
    holder = world.filer if action == Action.WITHDRAW else world.holder(world.change)
    act(world.change.pk, action=action, actor=holder, comment="不同意", now=now)
    assert not status_of(world.certificate).is_normal
    assert expire_certificates(now=now) == 1


def test_the_number_of_days_is_a_dated_parameter_that_counts_as_of_the_decision(clock: Clock) -> None:
    Parameter.objects.create(
        key="extension_after_decision_days",
        value=2,
        effective_from=date(2026, 12, 4),
        document_number="赣建办〔2026〕9号",
    )
    early = changed_late(clock)
    assert status_of(early.certificate).extension_until == date(2026, 12, 17)
    clock.stop_on("2026-11-23")
    late = changed_late(clock, "2026-12-04")
    assert status_of(late.certificate).extension_until == date(2026, 12, 8)


def test_meanwhile_only_the_extension_may_be_filed(clock: Clock) -> None:
    """Another change would tie the certificate up until its time is over, and hold nothing."""
    world = changed_late(clock)
    now = clock.stop_on("2026-12-07")
    Employment.objects.filter(person=world.person).update(ended_at=now, end_reason="by_enterprise")
    make_employment(world.person, world.enterprise, "07")
    found = refused(lambda: world.extend(now, "employer_change"))
    assert "2026年12月17日前申请延续" in found["certificate.extension_first"].detail
    cure = found["certificate.extension_first"].cure
    assert cure is not None
    assert cure.business == "extension"


def test_an_extension_withdrawn_in_its_time_may_be_filed_again_within_it(clock: Clock) -> None:
    world = changed_late(clock)
    now = clock.stop_on("2026-12-07")
    act(world.extend(now).pk, action=Action.WITHDRAW, actor=world.filer, now=now)
    assert status_of(world.certificate).extension_until == date(2026, 12, 17)
    assert world.extend(clock.stop_on("2026-12-17")).is_open


# --- the stored status ---


def codes(world: Changed) -> tuple[str, list[str]]:
    return world.fresh.display_status, world.fresh.display_codes


def test_the_stored_status_follows_in_the_same_moment(clock: Clock) -> None:
    world = Changed()
    now = clock.stop_on(DECIDED)
    world.decide(world.change, now)
    assert codes(world) == (DisplayStatus.NORMAL, ["certificate.extension_due"])
    assert [one.words for one in reasons_of_codes(world.fresh.display_codes)] == ["有效期已届满，变更办结后可申请延续"]
    extension = world.extend(now)
    assert codes(world) == (DisplayStatus.NORMAL, ["certificate.in_extension_review"])
    act(
        extension.pk,
        action=Action.REJECT,
        actor=world.holder(extension),
        comment="不符合",
        now=clock.stop_on("2026-12-20"),
    )
    assert codes(world) == (DisplayStatus.ABNORMAL, ["certificate.expired"])


def test_who_gets_more_time_is_told_once(clock: Clock) -> None:
    world = changed_late(clock)
    now = clock.stop_on("2026-12-07")
    act(world.extend(now).pk, action=Action.WITHDRAW, actor=world.filer, now=now)
    titles = Message.objects.filter(mailbox=world.person.mailbox).values_list("title", flat=True)
    assert [title for title in titles if "延续" in title and title.startswith("请在")] == [
        f"请在2026年12月17日前申请延续：{world.certificate.number}"
    ]


def test_closing_many_takes_the_queries_of_one(clock: Clock, count_queries: Callable[..., int]) -> None:
    asked = []
    for size in (1, 4):
        first = ExtensionWorld()
        worlds = [first, *(first.another() for _ in range(size - 1))]
        ids = [world.file(NOW).pk for world in worlds]
        Certificate.objects.filter(pk__in=[world.certificate.pk for world in worlds]).update(ends_on=date(2026, 11, 30))
        now = clock.stop_on(DECIDED)
        asked.append(
            count_queries(
                lambda ids=ids, now=now, first=first: act_many(
                    ids, action=Action.REJECT, actor=actor(first.operator), comment="不同意", now=now
                )
            )
        )
        rows = Certificate.objects.filter(pk__in=[world.certificate.pk for world in worlds])
        assert set(rows.values_list("display_status", flat=True)) == {"abnormal"}
        clock.stop_on("2026-11-23")
    assert asked[0] == asked[1]


def test_certificates_past_their_end_take_the_same_queries_for_one_and_for_many(
    clock: Clock, count_queries: Callable[..., int]
) -> None:
    enterprise = make_enterprise()
    asked = []
    for size in (1, 3):
        for _ in range(size):
            person = make_person()
            make_employment(person, enterprise, "08")
            make_certificate(person, enterprise, "C3", ends_on=NOW.date() - timedelta(days=3))
        asked.append(count_queries(lambda: expire_certificates(now=timezone.now())))
    assert asked[0] == asked[1]
