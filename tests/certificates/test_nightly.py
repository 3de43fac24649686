"""Expiry, reminders and the stored status at night: run twice is run once, killed in the middle goes on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from unittest.mock import patch

import pytest

from administration.enums import RunState
from administration.models import JobRun, Message, SentReminder
from administration.nightly import run_nightly
from certificates import nightly
from certificates.models import Certificate, CertificateEvent
from certificates.nightly import expire_certificates, remind_of_ends
from enterprises.models import Enterprise
from tests.clock import Clock
from tests.concurrency import at_once
from tests.factories import Province, actor, make_certificate, make_employment, make_enterprise, make_person
from workflow.business import business_of
from workflow.enums import CloseReason, Status
from workflow.models import Application
from workflow.services.filing import create_draft, save_draft, submit

NOW = datetime.fromisoformat("2026-11-24T01:40:00+08:00")
TODAY = NOW.date()


@pytest.fixture(autouse=True)
def tonight(clock: Clock) -> None:
    clock.stop_at(NOW)


def holder(ends_on: date, category: str = "C3", enterprise: Enterprise | None = None, **fields: object) -> Certificate:
    enterprise = enterprise or make_enterprise()
    person = make_person()
    make_employment(person, enterprise, "08" if category.startswith("C") else "02")
    return make_certificate(person, enterprise, category, ends_on=ends_on, **fields)


def state(certificate: Certificate) -> str:
    return Certificate.objects.get(pk=certificate.pk).legal_state


def titles(certificate: Certificate) -> list[str]:
    return [message.title for message in Message.objects.filter(mailbox=certificate.person.mailbox)]


def expired(count: int = 1) -> list[Certificate]:
    return [holder(date(2026, 11, 20)) for _ in range(count)]


def expire(now: datetime = NOW) -> int:
    return expire_certificates(now=now)


def remind(now: datetime = NOW) -> int:
    return remind_of_ends(now=now)


# --- expiry ---


@pytest.mark.django_db
def test_a_certificate_past_its_end_expires_with_an_event_and_a_message() -> None:
    (gone,) = expired()
    stays = holder(TODAY)
    assert expire() == 1
    assert (state(gone), state(stays)) == ("05", "01")
    event = CertificateEvent.objects.get(certificate=gone)
    assert (event.operation, event.state_before, event.state_after) == ("04", "01", "05")
    assert event.actor is None
    assert Certificate.objects.get(pk=gone.pk).display_codes == ["certificate.state_05"]
    assert titles(gone) == [f"您的证书{gone.number}已过有效期，状态变更为失效"]


@pytest.mark.django_db
def test_expiry_twice_is_expiry_once() -> None:
    expired(3)
    assert [expire(), expire()] == [3, 0]
    assert CertificateEvent.objects.count() == 3
    assert Message.objects.count() == 3


@pytest.mark.django_db
def test_other_states_do_not_expire() -> None:
    """暂扣、注销 and the others end by decisions."""
    certificates = [holder(date(2026, 11, 20), legal_state=code) for code in ("02", "03", "04", "06", "07")]
    assert expire() == 0
    assert [state(one) for one in certificates] == ["02", "03", "04", "06", "07"]


@pytest.mark.django_db
def test_an_additional_a_expires_with_its_base_and_is_not_cancelled_by_it() -> None:
    base = holder(date(2026, 11, 20), "A")
    other = make_enterprise(legal_representative_index=base.person.id_number_index)
    added = make_certificate(base.person, other, "A", ends_on=base.ends_on, post="01", additional_to=base)
    with patch.object(nightly, "CHUNK", 1):
        assert expire() == 2
    assert (state(base), state(added)) == ("05", "05")


@pytest.mark.django_db
def test_expiry_ends_what_was_under_way_on_the_certificate() -> None:
    """A business that does not hold expiry falls with the certificate."""
    Province()
    certificate = holder(date(2026, 11, 23), "A")
    filed = datetime.fromisoformat("2026-11-23T10:00:00+08:00")
    me = actor(certificate.person.user)
    case = business_of("cancellation").prepare(me, {"certificate": str(certificate.pk)}, today=filed.date())
    application = create_draft(case=case, actor=me, now=filed)
    payload = {"phone": "13800000000", "note": "", "commitment": True, "reason": "leaving"}
    save_draft(application.pk, payload=payload, actor=me)
    submit(application.pk, actor=me, now=filed)
    assert expire() == 1
    application.refresh_from_db()
    assert (application.status, application.close_reason) == (Status.CLOSED, CloseReason.CERTIFICATE_ENDED)


@pytest.mark.django_db
def test_a_killed_expiry_keeps_what_it_did_and_the_next_run_finishes() -> None:
    certificates = expired(5)
    real, calls = nightly.change_states, []

    def dies_in_the_second_chunk(*args: object, **kwargs: object) -> object:
        calls.append(1)
        if len(calls) == 2:
            raise ConnectionError("killed")
        return real(*args, **kwargs)

    with patch.object(nightly, "CHUNK", 2), patch.object(nightly, "change_states", dies_in_the_second_chunk):
        with pytest.raises(ConnectionError):
            run_nightly("certificate_expiry")
        assert [state(one) for one in certificates].count("05") == 2
        assert JobRun.objects.get().state == RunState.FAILED
        run = run_nightly("certificate_expiry")
    assert run is not None
    assert (run.state, run.counts) == (RunState.DONE, {"expired": 3})
    assert CertificateEvent.objects.count() == 5


@pytest.mark.django_db(transaction=True)
def test_two_runners_expire_each_certificate_once() -> None:
    expired(6)
    with patch.object(nightly, "CHUNK", 2):
        outcomes = at_once([expire, expire])
    assert sum(outcome for outcome in outcomes if isinstance(outcome, int)) == 6
    assert CertificateEvent.objects.count() == 6
    assert Message.objects.count() == 6


@pytest.mark.django_db
def test_expiry_asks_the_same_queries_for_one_and_for_three(count_queries: Callable[..., int]) -> None:
    asked = []
    for size in (1, 3):
        expired(size)
        asked.append(count_queries(expire))
    assert asked[0] == asked[1]


# --- reminders ---


@pytest.mark.django_db
@pytest.mark.parametrize("days", [90, 60, 30, 7])
def test_each_reminder_comes_once(days: int) -> None:
    certificate = holder(TODAY + timedelta(days=days))
    assert [remind(), remind()] == [1, 0]
    assert [title for title in titles(certificate) if "到期" in title] == [
        f"您的证书{certificate.number}将于{_chinese(certificate.ends_on)}到期"
    ]
    assert SentReminder.objects.get().days == days


def _chinese(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


@pytest.mark.django_db
def test_a_certificate_gets_all_four_over_the_months() -> None:
    certificate = holder(date(2027, 2, 22))
    sent = []
    for day in range(91):
        now = NOW + timedelta(days=day)
        if remind(now):
            sent.append((certificate.ends_on - now.date()).days)
    assert sent == [90, 60, 30, 7]


@pytest.mark.django_db
def test_a_missed_night_sends_the_nearest_reminder_only() -> None:
    certificate = holder(TODAY + timedelta(days=5))
    assert remind() == 1
    assert SentReminder.objects.get(object_id=certificate.pk).days == 7


@pytest.mark.django_db
def test_the_enterprise_gets_one_message_for_all() -> None:
    enterprise = make_enterprise()
    certificates = [holder(TODAY + timedelta(days=20 + more), enterprise=enterprise) for more in range(3)]
    assert remind() == 3
    message = Message.objects.get(mailbox=enterprise.mailbox)
    assert message.title == f"3 本证书即将到期，最早{_chinese(certificates[0].ends_on)}"
    assert all(one.number in message.body for one in certificates)


@pytest.mark.django_db
def test_nobody_is_reminded_of_what_is_being_dealt_with_or_has_ended() -> None:
    holder(TODAY + timedelta(days=20), legal_state="04")
    under_way = holder(TODAY + timedelta(days=20))
    application = Application.objects.create(
        number="x",
        kind="extension",
        filed_by="person",
        person=under_way.person,
        region_id="360102",
        status=Status.IN_REVIEW,
        desk="employer",
        holder_enterprise=under_way.enterprise,
        enterprise=under_way.enterprise,
        desk_entered_at=NOW,
        first_submitted_at=NOW,
    )
    under_way.items.create(application=application, is_open=True)
    assert remind() == 0


@pytest.mark.django_db(transaction=True)
def test_two_runners_send_each_reminder_once() -> None:
    for more in range(6):
        holder(TODAY + timedelta(days=20 + more))
    with patch.object(nightly, "CHUNK", 2):
        outcomes = at_once([remind, remind])
    assert sum(outcome for outcome in outcomes if isinstance(outcome, int)) == 6
    assert Message.objects.filter(title__contains="您的证书").count() == 6


@pytest.mark.django_db
def test_reminders_ask_the_same_queries_for_one_and_for_three(count_queries: Callable[..., int]) -> None:
    asked = []
    for size in (1, 3):
        for _ in range(size):
            holder(TODAY + timedelta(days=20))
        asked.append(count_queries(remind))
    assert asked[0] == asked[1]


# --- display status ---


@pytest.mark.django_db
def test_the_stored_status_follows_the_day() -> None:
    certificate = holder(TODAY + timedelta(days=100))
    Certificate.objects.update(display_status="abnormal", display_codes=["employment.none"])
    run = run_nightly("certificate_snapshots")
    assert run is not None
    assert (run.counts["people"], run.counts["changed"]) == (1, 1)
    certificate.refresh_from_db()
    assert (certificate.display_status, certificate.display_codes) == ("normal", [])


@pytest.mark.django_db
def test_a_killed_refresh_goes_on_where_it_stopped() -> None:
    for _ in range(5):
        holder(TODAY + timedelta(days=100))
    real = nightly.refresh_for_people
    seen: list[int] = []

    def dies_in_the_third_chunk(person_ids: list[int]) -> int:
        if len(seen) == 4:
            raise ConnectionError("killed")
        seen.extend(person_ids)
        return real(person_ids)

    with patch.object(nightly, "CHUNK", 2):
        with patch.object(nightly, "refresh_for_people", dies_in_the_third_chunk), pytest.raises(ConnectionError):
            run_nightly("certificate_snapshots")
        run = run_nightly("certificate_snapshots")
        again = run_nightly("certificate_snapshots")
    assert run is not None
    assert again is not None
    assert (run.counts["people"], again.counts["people"]) == (1, 5)
