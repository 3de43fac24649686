"""The calendar file of a person: exam days with their seats, and until when certificates may be extended."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from common.text.icalendar import CalendarEvent, calendar_file
from tests.clock import Clock
from tests.exams.exam_world import EXAM_DAY, NOW, ExamWorld, make_batch, make_entry, make_seat
from tests.factories import make_certificate, make_person
from tests.workflow.browsing import browser, words

FILE = "/person/calendar.ics"


@pytest.fixture
def world(db: None) -> ExamWorld:
    return ExamWorld()


def read(content: bytes) -> list[dict[str, str]]:
    """Reads the events as RFC 5545 says: lines end with CRLF, and one that begins with a blank continues the last."""
    assert content.endswith(b"END:VCALENDAR\r\n")
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    lines = content.decode().replace("\r\n ", "").split("\r\n")
    assert lines[:3] == ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//jxcloud//jxcloud//ZH"]
    events: list[dict[str, str]] = []
    inside: list[str] = []
    for line in lines:
        name, _, value = line.partition(":")
        if name == "BEGIN":
            inside.append(value)
            if value == "VEVENT":
                events.append({})
        elif name == "END":
            assert inside.pop() == value
        elif inside and inside[-1] == "VEVENT":
            assert name not in events[-1]
            events[-1][name] = value
        elif inside and inside[-1] == "VALARM":
            events[-1][f"ALARM {name}"] = value
    assert inside == []
    return events


def one(**fields: Any) -> dict[str, str]:
    given = {"uid": "a@b", "title": "考试", "starts": date(2026, 12, 31), "ends": date(2026, 12, 31)}
    (event,) = read(calendar_file("日历", [CalendarEvent(**{**given, **fields})], now=NOW))
    return event


def test_days_end_on_the_day_after_and_moments_are_utc() -> None:
    assert one()["DTSTART;VALUE=DATE"] == "20261231"
    assert one()["DTEND;VALUE=DATE"] == "20270101"
    starts = datetime.fromisoformat("2026-12-12T07:30:00+08:00")
    timed = one(starts=starts, ends=starts + timedelta(hours=2), remind_before=timedelta(days=1))
    assert (timed["DTSTART"], timed["DTEND"]) == ("20261211T233000Z", "20261212T013000Z")
    assert timed["ALARM TRIGGER"] == "-PT1440M"
    assert timed["DTSTAMP"] == "20261123T020000Z"


def test_signs_with_a_meaning_are_escaped_and_long_lines_folded_between_characters() -> None:
    event = one(title="A,B;C\\D\n第二行", text="长" * 200 + "𬭎")
    assert event["SUMMARY"] == "A\\,B\\;C\\\\D\\n第二行"
    assert event["DESCRIPTION"] == "长" * 200 + "𬭎"


@pytest.mark.django_db
def test_a_person_gets_exams_with_their_seats_and_the_ends_of_certificates(world: ExamWorld, clock: Clock) -> None:
    clock.stop_at(NOW)
    enterprise, person = world.enterprise, make_person()
    seated = make_entry(person, enterprise, make_batch(), category="B", state="approved")
    seat = make_seat(seated, world.province.municipal)
    entered = make_entry(person, enterprise, make_batch(name="九江第一批"), category="C1", state="entered")
    make_entry(person, enterprise, make_batch(name="取消了的"), category="C2", state="withdrawn")
    make_entry(make_person(), enterprise, make_batch(name="别人的"), category="A", state="approved")
    held = make_certificate(person, enterprise, category="A", ends_on=date(2027, 6, 30))
    answer = browser(person.user).get(FILE)
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["Content-Disposition"].startswith("attachment")
    events = {event["UID"]: event for event in read(answer.content)}
    assert set(events) == {
        f"{kind}@testserver"
        for kind in (f"exam-{seated.pk}", f"exam-{entered.pk}", f"extension-{held.pk}", f"certificate-{held.pk}")
    }
    own = events[f"exam-{seated.pk}@testserver"]
    assert own["DTSTART"] == f"{seat.starts_at.astimezone(NOW.tzinfo) - timedelta(hours=8):%Y%m%dT%H%M%SZ}"
    assert str(seat) in own["DESCRIPTION"]
    days = events[f"exam-{entered.pk}@testserver"]
    assert days["DTSTART;VALUE=DATE"] == f"{EXAM_DAY:%Y%m%d}"
    assert days["SUMMARY"] == "C1证考试：九江第一批"
    assert events[f"extension-{held.pk}@testserver"]["DTSTART;VALUE=DATE"].startswith("202703")
    assert events[f"certificate-{held.pk}@testserver"]["DTSTART;VALUE=DATE"] == "20270630"
    assert events[f"certificate-{held.pk}@testserver"]["ALARM TRIGGER"] == f"-PT{30 * 24 * 60}M"
    assert person.id_number not in answer.content.decode()


@pytest.mark.django_db
def test_who_has_nothing_to_come_gets_an_empty_calendar(world: ExamWorld) -> None:
    assert read(browser(make_person().user).get(FILE).content) == []


@pytest.mark.django_db
def test_the_pages_of_exams_and_certificates_lead_to_it(world: ExamWorld) -> None:
    person = make_person()
    make_certificate(person, world.enterprise)
    mine = browser(person.user)
    for page in ("/person/exams/", "/person/certificates/"):
        assert FILE in mine.get(page).content.decode()
    assert "存入日历" in words(mine.get("/person/exams/"))


@pytest.mark.django_db
def test_the_file_costs_the_same_for_one_exam_and_for_five(
    world: ExamWorld, django_assert_max_num_queries: Any
) -> None:
    person = make_person()
    mine = browser(person.user)
    for number in range(5):
        make_entry(person, world.enterprise, make_batch(), category=("A", "B", "C1", "C2", "C3")[number])
        with django_assert_max_num_queries(8):
            assert mine.get(FILE).status_code == 200
