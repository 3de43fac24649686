"""The reversal of a 政策延续: a second person's approval from a number of certificates on, over natural persons."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.enums import Duty
from accounts.models import User
from administration.models import AuditEntry, Message, Parameter
from certificates.bulk_extension.reversal import reverse_batch
from certificates.bulk_extension.reversal_starting import (
    approve_reversal,
    recall_reversal,
    reverse,
    send_back_reversal,
)
from certificates.bulk_extension.services import apply_policies
from certificates.bulk_extension.starting import LIMIT
from certificates.enums import PolicyState
from certificates.models import PolicyBatch
from common.findings import Refused
from tests.certificates.bulk_extension.test_bulk_extension import END, NOW, fresh, old, run
from tests.certificates.bulk_extension.test_policy_approval import LIST, body, codes
from tests.clock import Clock
from tests.concurrency import at_once
from tests.factories import Province, actor, make_staff

DOCUMENT = "赣建建〔2026〕99号"


@pytest.fixture(autouse=True)
def today(clock: Clock) -> None:
    clock.stop_at(NOW)


def has_run(province: Province, *, limit: int = 2) -> PolicyBatch:
    """Two certificates were extended, and only then is the number set from which on a second person approves."""
    old(date(2018, 8, 1))
    old(date(2018, 8, 2))
    batch = run(province)
    Parameter.objects.create(
        key=LIMIT, value=limit, effective_from=date(2026, 1, 1), document_number="赣建办〔2026〕1号"
    )
    return batch


def asked(province: Province) -> PolicyBatch:
    batch = has_run(province)
    reverse(batch.pk, document_number=DOCUMENT, by=province.provincial_actor, now=NOW)
    batch.refresh_from_db()
    return batch


@pytest.fixture
def province(db: None) -> Province:
    return Province()


@pytest.fixture
def second(province: Province) -> User:
    return make_staff(province.provincial, Duty.DECIDE, name="赵敏")


def test_below_the_number_one_person_takes_it_back(province: Province) -> None:
    batch = has_run(province, limit=3)
    reverse(batch.pk, document_number=DOCUMENT, by=province.provincial_actor, now=NOW)
    batch.refresh_from_db()
    assert (batch.state, batch.reversal_asked_by, batch.reversed_by) == (
        PolicyState.REVERSING,
        None,
        province.decider,
    )


def test_the_pages_ask_a_second_person_who_approves(province: Province, second: User, client: Client) -> None:
    batch = has_run(province)
    page = f"{LIST}{batch.pk}/"
    client.force_login(province.decider)
    assert "报批撤回" in body(client.get(page))
    answer = client.post(f"{page}reverse/", {"document_number": DOCUMENT, "confirmed": "on"}, follow=True)
    assert "撤回已报批，批准人收到消息" in body(answer)
    own = body(client.get(page))
    assert "同一人的不同账号视为一人" in own
    assert "批准并撤回" not in own
    refused = client.post(f"{page}reversal/approve/", {"seen": "2"})
    assert refused.status_code == 409
    assert "须由第二人批准" in body(refused)
    assert Message.objects.filter(mailbox=province.provincial.mailbox, title__startswith="撤回政策延续待批准").exists()
    client.force_login(second)
    shown = body(client.get(page))
    assert "批准并撤回" in shown
    assert DOCUMENT in shown
    assert "已批准并开始撤回" in body(client.post(f"{page}reversal/approve/", {"seen": "2"}, follow=True))
    batch.refresh_from_db()
    assert (batch.state, batch.reversal_asked_by, batch.reversed_by) == (
        PolicyState.REVERSING,
        province.decider,
        second,
    )
    reverse_batch(batch.pk, now=NOW)
    batch.refresh_from_db()
    assert (batch.state, batch.counts) == (PolicyState.REVERSED, {"reversed": 2})
    trail = AuditEntry.objects.filter(object_type="certificates.policybatch").order_by("pk")
    assert list(trail.values_list("action", "actor_id"))[2:] == [
        ("ask_policy_reversal", province.decider.pk),
        ("approve_policy_reversal", second.pk),
        ("reverse_policy_batch", second.pk),
    ]


def test_a_second_login_of_the_same_person_is_no_second_person(province: Province, second: User) -> None:
    batch = asked(province)
    User.objects.filter(pk__in=[province.decider.pk, second.pk]).update(identity_index="a" * 64)
    with pytest.raises(Refused) as caught:
        approve_reversal(batch.pk, seen=2, by=actor(User.objects.get(pk=second.pk)), now=NOW)
    assert codes(caught) == ["policy.second_person"]
    with pytest.raises(Refused) as caught:
        send_back_reversal(batch.pk, reason=" ", by=actor(User.objects.get(pk=second.pk)))
    assert codes(caught) == ["policy.second_person", "policy.reason_missing"], "all reasons at once"
    batch.refresh_from_db()
    assert batch.state == PolicyState.TO_REVERSE


def test_what_is_approved_is_what_was_shown(province: Province, second: User, client: Client) -> None:
    """An old record that is matched while the reversal waits still receives the extension, and is taken back with it."""
    batch = asked(province)
    later = old(date(2018, 8, 3))
    assert apply_policies([later.pk], now=NOW) == 1
    assert fresh(later).ends_on == END
    client.force_login(second)
    for seen in ("2", "", "x", "99999999999999999999"):
        answer = client.post(f"{LIST}{batch.pk}/reversal/approve/", {"seen": seen})
        assert answer.status_code == 409
        assert "现在是 3 本" in body(answer)
    assert client.post(f"{LIST}{batch.pk}/reversal/approve/", {"seen": "3"}).status_code == 302
    reverse_batch(batch.pk, now=NOW)
    assert fresh(later).ends_on == date(2018, 8, 3)


def test_sent_back_with_a_reason_or_recalled_the_batch_stands(province: Province, second: User, client: Client) -> None:
    batch = asked(province)
    page = f"{LIST}{batch.pk}/"
    client.force_login(second)
    empty = client.post(f"{page}reversal/send-back/", {"reason": ""})
    assert empty.status_code == 400
    assert "请填写不予批准的原因" in body(empty)
    client.post(f"{page}reversal/send-back/", {"reason": "文件还没有印发"})
    batch.refresh_from_db()
    assert (batch.state, batch.return_reason) == (PolicyState.DONE, "赵敏：文件还没有印发")
    assert (batch.reversal_document, batch.reversal_asked_by) == ("", None)
    assert "文件还没有印发" in body(client.get(page))
    assert client.post(f"{page}reversal/approve/", {"seen": "2"}).status_code == 409
    client.force_login(province.decider)
    again = {"document_number": DOCUMENT, "confirmed": "on"}
    assert client.post(f"{page}reverse/", again).status_code == 302
    twice = client.post(f"{page}reverse/", again)
    assert twice.status_code == 409
    assert "该批次的撤回已经报批" in body(twice)
    assert "批次仍然有效" in body(client.post(f"{page}reversal/recall/", follow=True))
    with pytest.raises(Refused) as caught:
        recall_reversal(batch.pk, by=province.provincial_actor)
    assert codes(caught) == ["policy.reversal_not_awaiting"]


def test_other_duties_do_not_approve(province: Province, client: Client) -> None:
    batch = asked(province)
    client.force_login(make_staff(province.provincial, Duty.REGISTRY))
    for address in ("approve", "send-back", "recall"):
        assert client.post(f"{LIST}{batch.pk}/reversal/{address}/", {"seen": "2"}).status_code == 403
    batch.refresh_from_db()
    assert batch.state == PolicyState.TO_REVERSE


def test_the_database_knows_that_a_second_person_takes_it_back(province: Province) -> None:
    batch = asked(province)
    with pytest.raises(IntegrityError, match="policy_is_reversed_by_a_second_person"), transaction.atomic():
        PolicyBatch.objects.filter(pk=batch.pk).update(reversed_by=province.decider)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("other", ["recall", "approve"])
def test_of_two_words_at_once_one_counts(other: str) -> None:
    province = Province()
    second = make_staff(province.provincial, Duty.DECIDE, name="赵敏")
    batch = asked(province)
    others = {
        "recall": lambda: recall_reversal(batch.pk, by=province.provincial_actor),
        "approve": lambda: approve_reversal(batch.pk, seen=2, by=actor(second), now=NOW),
    }
    outcomes = at_once([lambda: approve_reversal(batch.pk, seen=2, by=actor(second), now=NOW), others[other]])
    assert sorted(isinstance(one, Refused) for one in outcomes) == [False, True]
    batch.refresh_from_db()
    assert batch.state in (PolicyState.REVERSING, PolicyState.DONE)
    assert AuditEntry.objects.filter(action="reverse_policy_batch").count() == (batch.state == PolicyState.REVERSING)
