"""A suspension of fixed length ends by itself on the day after its last one; the office that decided is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from unittest.mock import patch

import pytest

from administration.models import Message
from administration.nightly import run_nightly
from certificates.authority import suspensions
from certificates.authority.suspensions import end_suspensions
from certificates.models import Certificate, CertificateEvent
from tests.clock import Clock
from tests.concurrency import at_once
from tests.workflow.browsing import browser, words

from .authority_world import DOCUMENT, NOW, Bench

LAST = date(2027, 5, 22)


def night(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T01:20:00+08:00")


@pytest.fixture(autouse=True)
def today(clock: Clock) -> None:
    clock.stop_at(NOW)


def suspended(**fields: object) -> Bench:
    bench = Bench(**fields)  # type: ignore[arg-type]
    bench.act("suspend", until=LAST)
    return bench


@pytest.mark.django_db
def test_it_lasts_through_its_last_day_and_ends_in_the_night_after(clock: Clock) -> None:
    bench = suspended()
    assert end_suspensions(now=clock.stop_at(night("2027-05-22"))) == 0
    assert bench.state() == "02"
    assert end_suspensions(now=clock.stop_at(night("2027-05-23"))) == 1
    event = CertificateEvent.objects.order_by("-pk")[0]
    assert (event.operation, event.state_before, event.state_after, event.kind) == ("06", "02", "01", "restore")
    assert (event.actor, event.document_number) == (None, DOCUMENT)
    assert "2027年5月22日，期满自动发还" in event.summary
    assert Certificate.objects.get().display_status == "normal"
    assert end_suspensions(now=night("2027-05-24")) == 0


@pytest.mark.django_db
def test_holder_enterprise_and_the_office_that_decided_are_told(clock: Clock) -> None:
    bench = suspended()
    end_suspensions(now=clock.stop_at(night("2027-05-23")))
    boxes = {
        "person": bench.person.mailbox,
        "enterprise": bench.enterprise.mailbox,
        "office": bench.province.provincial.mailbox,
    }
    told = {who: Message.objects.filter(mailbox=box).order_by("-pk")[0].title for who, box in boxes.items()}
    number = bench.certificate.number
    assert told == {
        "person": f"{number}：暂扣期满，已发还",
        "enterprise": f"{number}：暂扣期满，已发还",
        "office": "1 本证书暂扣期满，系统已自动处理",
    }


@pytest.mark.django_db
def test_what_ended_meanwhile_comes_back_as_expired(clock: Clock) -> None:
    """The clock runs on while it is suspended."""
    bench = suspended(ends_on=date(2027, 3, 31))
    assert end_suspensions(now=clock.stop_at(night("2027-05-23"))) == 1
    assert bench.state() == "05"
    assert Message.objects.filter(mailbox=bench.person.mailbox, title__contains="有效期已过").exists()


@pytest.mark.django_db
def test_a_suspension_without_end_waits_for_the_authority(clock: Clock) -> None:
    bench = Bench()
    bench.act("suspend", until=None)
    assert end_suspensions(now=clock.stop_at(night("2030-01-01"))) == 0
    assert bench.state() == "02"


@pytest.mark.django_db
def test_only_the_suspension_in_force_counts(clock: Clock) -> None:
    """Restored early and suspended again without end: the first decision's end means nothing any more."""
    bench = suspended()
    bench.act("restore")
    bench.act("suspend", until=None)
    assert end_suspensions(now=clock.stop_at(night("2027-05-23"))) == 0
    assert bench.state() == "02"


@pytest.mark.django_db
def test_the_office_reads_that_it_ends_by_itself_and_the_jobs_page_counts_it(clock: Clock) -> None:
    bench = suspended()
    client = browser(bench.province.decider)
    page = words(client.get(f"/office/certificates/{bench.certificate.pk}/"))
    assert "暂扣至2027年5月22日，期满次日系统自动发还" in page
    clock.stop_at(night("2027-05-23"))
    client = browser(bench.province.decider)
    assert "期满，系统当夜自动发还" in words(client.get(f"/office/certificates/{bench.certificate.pk}/"))
    run = run_nightly("suspension_ends")
    assert run is not None
    assert run.counts == {"restored": 1}
    jobs = words(client.get("/office/jobs/"))
    assert "暂扣期满发还" in jobs
    assert "已发还1" in jobs
    after = words(client.get(f"/office/certificates/{bench.certificate.pk}/"))
    assert "系统当夜自动发还" not in after
    assert "期满自动发还" in after


@pytest.mark.django_db(transaction=True)
def test_two_runners_restore_each_once() -> None:
    bench = suspended()
    for _ in range(4):
        other = Bench(province=bench.province)
        other.act("suspend", until=LAST)
    with patch.object(suspensions, "CHUNK", 2):
        outcomes = at_once([lambda: end_suspensions(now=night("2027-05-23"))] * 2)
    assert sum(outcome for outcome in outcomes if isinstance(outcome, int)) == 5
    assert CertificateEvent.objects.filter(operation="06").count() == 5


@pytest.mark.django_db
def test_it_asks_the_same_queries_for_one_and_for_three(clock: Clock, count_queries: Callable[..., int]) -> None:
    asked, province = [], None
    now = night("2027-05-23")
    for size in (1, 3):
        clock.stop_at(NOW)
        for _ in range(size):
            bench = Bench(province=province)
            province = bench.province
            bench.act("suspend", until=LAST)
        clock.stop_at(now)
        asked.append(count_queries(lambda: end_suspensions(now=now)))
    assert asked[0] == asked[1]
