"""政策延续: a second person's approval from a number of certificates on, over natural persons."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.enums import Duty
from accounts.models import User
from administration.models import AuditEntry, Message, Parameter
from certificates.bulk_extension.starting import LIMIT, approve, recall, send_back, start
from certificates.enums import PolicyState
from certificates.models import PolicyBatch
from common.findings import Refused
from tests.certificates.bulk_extension.test_bulk_extension import NOW, draft, old
from tests.clock import Clock
from tests.concurrency import at_once
from tests.factories import Province, actor, make_staff

LIST = "/office/policy/"


@pytest.fixture(autouse=True)
def today(clock: Clock) -> None:
    clock.stop_at(NOW)


@pytest.fixture
def province(db: None) -> Province:
    """Two certificates are many."""
    Parameter.objects.create(key=LIMIT, value=2, effective_from=date(2026, 1, 1), document_number="赣建办〔2026〕1号")
    return Province()


@pytest.fixture
def second(province: Province) -> User:
    return make_staff(province.provincial, Duty.DECIDE, name="赵敏")


def asked(province: Province) -> PolicyBatch:
    old(date(2018, 8, 1))
    old(date(2018, 8, 2))
    batch = draft(province)
    start(batch.pk, by=province.provincial_actor, now=NOW)
    batch.refresh_from_db()
    return batch


def codes(caught: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [finding.code for finding in caught.value.findings]


def body(response: Any) -> str:
    return str(response.content.decode())


def test_below_the_number_one_person_starts_it(province: Province) -> None:
    old(date(2018, 8, 1))
    batch = draft(province)
    start(batch.pk, by=province.provincial_actor, now=NOW)
    batch.refresh_from_db()
    assert (batch.state, batch.asked_by, batch.approved_by) == (PolicyState.RUNNING, None, None)


def test_the_pages_ask_a_second_person_who_approves(province: Province, second: User, client: Client) -> None:
    old(date(2018, 8, 1))
    old(date(2018, 8, 2))
    batch = draft(province)
    client.force_login(province.decider)
    page = f"{LIST}{batch.pk}/"
    assert "须由另一名有“省厅审核”职责的工作人员批准后执行" in body(client.get(page))
    assert "已报批" in body(client.post(f"{page}start/", follow=True))
    own = body(client.get(page))
    assert "同一人的不同账号视为一人" in own
    assert "批准并执行" not in own
    refused = client.post(f"{page}approve/", {"seen": "2"})
    assert refused.status_code == 409
    assert "须由第二人批准" in body(refused)
    assert Message.objects.filter(mailbox=province.provincial.mailbox, title__startswith="政策延续待批准").exists()
    client.force_login(second)
    assert "批准并执行" in body(client.get(page))
    assert "已批准并开始执行" in body(client.post(f"{page}approve/", {"seen": "2"}, follow=True))
    batch.refresh_from_db()
    assert (batch.state, batch.asked_by, batch.approved_by) == (PolicyState.RUNNING, province.decider, second)
    actions = AuditEntry.objects.filter(object_type="certificates.policybatch").order_by("pk")
    assert list(actions.values_list("action", flat=True)) == [
        "create_policy_batch",
        "ask_policy_batch",
        "approve_policy_batch",
        "start_policy_batch",
    ]


def test_a_second_login_of_the_same_person_is_no_second_person(province: Province, second: User) -> None:
    batch = asked(province)
    User.objects.filter(pk__in=[province.decider.pk, second.pk]).update(identity_index="a" * 64)
    with pytest.raises(Refused) as caught:
        approve(batch.pk, seen=2, by=actor(User.objects.get(pk=second.pk)), now=NOW)
    assert codes(caught) == ["policy.second_person"]
    with pytest.raises(Refused) as caught:
        send_back(batch.pk, reason=" ", by=actor(User.objects.get(pk=second.pk)))
    assert codes(caught) == ["policy.second_person", "policy.reason_missing"], "all reasons at once"
    batch.refresh_from_db()
    assert batch.state == PolicyState.AWAITING


def test_neither_who_drew_it_up_nor_who_asked_approves(province: Province, second: User) -> None:
    old(date(2018, 8, 1))
    old(date(2018, 8, 2))
    batch = draft(province)
    start(batch.pk, by=actor(second), now=NOW)
    for one in (province.provincial_actor, actor(second)):
        with pytest.raises(Refused) as caught:
            approve(batch.pk, seen=2, by=one, now=NOW)
        assert codes(caught) == ["policy.second_person"]


def test_what_is_approved_is_what_was_shown(province: Province, second: User, client: Client) -> None:
    batch = asked(province)
    old(date(2018, 8, 3))
    client.force_login(second)
    for seen in ("2", "", "x", "99999999999999999999"):
        answer = client.post(f"{LIST}{batch.pk}/approve/", {"seen": seen})
        assert answer.status_code == 409
        assert "现在是 3 本" in body(answer)
    assert client.post(f"{LIST}{batch.pk}/approve/", {"seen": "3"}).status_code == 302


def test_sent_back_with_a_reason_or_recalled_it_is_a_draft_again(
    province: Province, second: User, client: Client
) -> None:
    batch = asked(province)
    page = f"{LIST}{batch.pk}/"
    client.force_login(second)
    empty = client.post(f"{page}send-back/", {"reason": ""})
    assert empty.status_code == 400
    assert "请填写不予批准的原因" in body(empty)
    client.post(f"{page}send-back/", {"reason": "范围应从7月起"})
    batch.refresh_from_db()
    assert (batch.state, batch.return_reason) == (PolicyState.DRAFT, "赵敏：范围应从7月起")
    assert "范围应从7月起" in body(client.get(page))
    late = client.post(f"{page}send-back/", {"reason": "又一次，文字不丢"})
    assert late.status_code == 409
    client.force_login(province.decider)
    client.post(f"{page}start/")
    assert client.post(f"{page}start/").status_code == 409, "asked for already"
    assert client.post(f"{page}discard/").status_code == 409
    assert "批次回到待执行" in body(client.post(f"{page}recall/", follow=True))
    with pytest.raises(Refused) as caught:
        recall(batch.pk, by=province.provincial_actor)
    assert codes(caught) == ["policy.not_awaiting"]


def test_other_duties_do_not_approve(province: Province, client: Client) -> None:
    batch = asked(province)
    client.force_login(make_staff(province.provincial, Duty.REGISTRY))
    for address in ("approve", "send-back", "recall"):
        assert client.post(f"{LIST}{batch.pk}/{address}/", {"seen": "2"}).status_code == 403
    assert client.get(f"{LIST}{batch.pk}/list/").status_code == 403
    assert client.get(f"{LIST}{batch.pk}/export/csv/").status_code == 403


def test_the_database_knows_that_a_second_person_approves(province: Province) -> None:
    batch = asked(province)
    with pytest.raises(IntegrityError), transaction.atomic():
        PolicyBatch.objects.filter(pk=batch.pk).update(approved_by=province.decider)


@pytest.mark.django_db(transaction=True)
def test_of_approval_and_recall_at_once_one_counts() -> None:
    Parameter.objects.create(key=LIMIT, value=1, effective_from=date(2026, 1, 1), document_number="文号")
    province = Province()
    second = make_staff(province.provincial, Duty.DECIDE, name="赵敏")
    batch = asked(province)
    outcomes = at_once(
        [
            lambda: approve(batch.pk, seen=2, by=actor(second), now=NOW),
            lambda: recall(batch.pk, by=province.provincial_actor),
        ]
    )
    assert sorted(isinstance(one, Refused) for one in outcomes) == [False, True]
    batch.refresh_from_db()
    assert batch.state in (PolicyState.RUNNING, PolicyState.DRAFT)
