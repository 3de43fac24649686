"""The end of an employment by its contract: reminders before it, the night after."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from unittest.mock import patch

import pytest

from administration.models import Message, SentReminder
from administration.nightly import run_nightly
from employment.expiry import services
from employment.expiry.services import end_expired_contracts, remind_of_contracts
from employment.models import Employment
from enterprises.models import Enterprise
from tests.clock import Clock
from tests.concurrency import at_once
from tests.employment.story import NOW, TODAY, Story, messages_of
from tests.factories import (
    make_employment,
    make_enterprise,
    make_person,
)
from workflow.enums import Status


@pytest.fixture(autouse=True)
def today(clock: Clock) -> None:
    clock.stop_at(NOW)


def contract(until: date, enterprise: Enterprise | None = None) -> Employment:
    return make_employment(make_person(), enterprise or make_enterprise(), "08", contract_to=until)


@pytest.mark.django_db
def test_a_contract_that_ran_out_ends_the_employment_the_night_after() -> None:
    over, today_last = contract(TODAY - timedelta(days=1)), contract(TODAY)
    assert end_expired_contracts(now=NOW) == 1
    over.refresh_from_db()
    today_last.refresh_from_db()
    assert (over.end_reason, over.ended_at, today_last.is_active) == ("contract_expired", NOW, True)
    assert "因合同到期解除" in messages_of(over.person.mailbox)[0]
    assert messages_of(over.enterprise.mailbox) == ["1 名人员的聘用关系已因合同到期解除"]


@pytest.mark.django_db
def test_contracts_end_once() -> None:
    for _ in range(3):
        contract(TODAY - timedelta(days=1))
    assert [end_expired_contracts(now=NOW), end_expired_contracts(now=NOW)] == [3, 0]


def test_an_expired_contract_closes_a_request_to_end(story: Story) -> None:
    application = story.filed()
    Employment.objects.update(contract_to=TODAY - timedelta(days=1))
    assert end_expired_contracts(now=NOW) == 1
    application.refresh_from_db()
    assert (application.status, story.ended().end_reason) == (Status.CLOSED, "contract_expired")


@pytest.mark.django_db
def test_killed_between_chunks_the_next_run_finishes() -> None:
    for _ in range(5):
        contract(TODAY - timedelta(days=1))
    real, calls = services.end_locked, []

    def dies_in_the_second_chunk(*args: object, **kwargs: object) -> object:
        calls.append(1)
        if len(calls) == 2:
            raise ConnectionError("killed")
        return real(*args, **kwargs)

    with patch.object(services, "CHUNK", 2), patch.object(services, "end_locked", dies_in_the_second_chunk):
        with pytest.raises(ConnectionError):
            run_nightly("contracts")
        assert Employment.objects.active().count() == 3
        run = run_nightly("contracts")
    assert run is not None
    assert run.counts == {"ended": 3, "reminded": 0}
    assert Message.objects.filter(title__startswith="您与").count() == 5


@pytest.mark.django_db(transaction=True)
def test_two_runners_end_and_remind_once() -> None:
    for more in range(6):
        contract(TODAY - timedelta(days=1))
        contract(TODAY + timedelta(days=10 + more))

    def night() -> int:
        return end_expired_contracts(now=NOW) + remind_of_contracts(now=NOW)

    with patch.object(services, "CHUNK", 2):
        outcomes = at_once([night, night])
    assert sum(outcome for outcome in outcomes if isinstance(outcome, int)) == 12
    assert Message.objects.filter(title__startswith="您与").count() == 12


@pytest.mark.django_db
def test_reminders_thirty_and_seven_days_before_each_once() -> None:
    employment = contract(date(2026, 12, 31))
    sent = []
    for day in range(40):
        now = NOW + timedelta(days=day)
        if remind_of_contracts(now=now):
            sent.append((date(2026, 12, 31) - now.date()).days)
        assert remind_of_contracts(now=now) == 0
    assert sent == [30, 7]
    assert (
        messages_of(employment.person.mailbox)
        == [f"您与{employment.enterprise.name}的劳动合同将于2026年12月31日到期"] * 2
    )


@pytest.mark.django_db
def test_the_enterprise_is_reminded_in_one_message_and_a_new_end_anew() -> None:
    enterprise = make_enterprise()
    employments = [contract(TODAY + timedelta(days=20), enterprise) for _ in range(3)]
    assert remind_of_contracts(now=NOW) == 3
    assert messages_of(enterprise.mailbox) == ["3 名人员的合同即将到期，最早2026年12月13日"]
    Employment.objects.filter(pk=employments[0].pk).update(contract_to=TODAY + timedelta(days=25))
    assert remind_of_contracts(now=NOW) == 1
    assert SentReminder.objects.count() == 4


@pytest.mark.django_db
def test_a_chunk_asks_the_same_queries_for_one_and_for_three(count_queries: Callable[..., int]) -> None:
    for work, day in ((end_expired_contracts, -1), (remind_of_contracts, 20)):
        asked = []
        for size in (1, 3):
            for _ in range(size):
                contract(TODAY + timedelta(days=day))
            asked.append(count_queries(lambda work=work: work(now=NOW)))
        assert asked[0] == asked[1], work
