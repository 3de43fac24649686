"""Managers, clerks and readers: who may do what, for how long, and that an enterprise always keeps a manager."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils.timezone import localdate, now

from accounts.access.rights import Right
from administration.models import AuditEntry, Message
from common.findings import Refused
from enterprises.ca_login import key_services
from enterprises.ca_login.backend import BACKEND
from enterprises.enums import OperatorRole
from enterprises.models import CaKey, Enterprise, OperatorDelegation
from enterprises.rights import services
from enterprises.rights.rules import rights_of
from tests.clock import Clock
from tests.factories import make_enterprise, make_operator

pytestmark = pytest.mark.django_db
KEYS = "/enterprise/keys/"


@pytest.fixture
def enterprise() -> Enterprise:
    return make_enterprise("江西䶮甲建设有限公司")


@pytest.fixture
def manager(enterprise: Enterprise) -> CaKey:
    return make_operator(enterprise, "李会计").ca_key


@pytest.fixture
def clerk(enterprise: Enterprise) -> CaKey:
    return make_operator(enterprise, "阿依古丽·买买提", role=OperatorRole.CLERK).ca_key


@pytest.fixture
def reader(enterprise: Enterprise) -> CaKey:
    return make_operator(enterprise, "周查阅", role=OperatorRole.READER).ca_key


def door(key: CaKey) -> Client:
    """Logged in as by the key, so that the delegations of today are read with the user."""
    client = Client()
    client.force_login(key.user, backend=BACKEND)
    return client


def body(response: Any) -> str:
    return str(response.content.decode())


def set_role(key: CaKey, role: OperatorRole, by: CaKey, *, may_confirm: bool = False) -> CaKey:
    return services.set_role(key_id=key.pk, role=role, may_confirm=may_confirm, by=by, now=now())


def delegate(key: CaKey, right: Right, by: CaKey, *, days: int = 2, starts_in: int = 0) -> OperatorDelegation:
    start = localdate() + timedelta(days=starts_in)
    return services.delegate(
        key_id=key.pk, right=right, starts_on=start, ends_on=start + timedelta(days=days), by=by, now=now()
    )


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [finding.code for finding in refused.value.findings]


# --- roles ---


def test_a_manager_sets_a_role_which_everybody_of_the_enterprise_reads(manager: CaKey, clerk: CaKey) -> None:
    reply = door(manager).post(f"{KEYS}{clerk.pk}/role/", {"role": "clerk", "may_confirm": "on"}, follow=True)
    assert "可以" in body(reply)
    clerk.refresh_from_db()
    assert (clerk.role, clerk.may_confirm) == ("clerk", True)
    entry = AuditEntry.objects.get(action="operator.role")
    assert (entry.actor_name, entry.object_id, entry.detail["former_may_confirm"]) == ("李会计", str(clerk.pk), False)
    message = Message.objects.get(mailbox=clerk.enterprise.mailbox)
    assert message.title == "阿依古丽·买买提的角色已改为经办人"
    assert message.link == KEYS


def test_what_stays_as_it_is_leaves_no_trace(manager: CaKey, clerk: CaKey) -> None:
    set_role(clerk, OperatorRole.CLERK, manager)
    assert not AuditEntry.objects.filter(action="operator.role").exists()


@pytest.mark.parametrize("role", [OperatorRole.CLERK, OperatorRole.READER])
def test_the_last_manager_stays_one(manager: CaKey, clerk: CaKey, role: OperatorRole) -> None:
    reply = door(manager).post(f"{KEYS}{manager.pk}/role/", {"role": role})
    assert reply.status_code == 409
    assert "唯一能登录的管理员" in body(reply)
    manager.refresh_from_db()
    assert manager.role == OperatorRole.MANAGER


@pytest.mark.parametrize("fault", [{"blocked_at": now()}, {"valid_to": now() - timedelta(days=1)}])
def test_a_manager_who_cannot_log_in_is_none(manager: CaKey, enterprise: Enterprise, fault: dict[str, Any]) -> None:
    CaKey.objects.filter(pk=make_operator(enterprise, "余波").ca_key.pk).update(**fault)
    with pytest.raises(Refused) as refused:
        set_role(manager, OperatorRole.READER, manager)
    assert codes(refused) == ["operator.last_manager"]


def test_a_manager_may_leave_when_there_is_another(manager: CaKey, clerk: CaKey) -> None:
    set_role(clerk, OperatorRole.MANAGER, manager)
    set_role(manager, OperatorRole.READER, manager)
    manager.refresh_from_db()
    assert (manager.role, manager.may_confirm) == (OperatorRole.READER, False)


@pytest.mark.parametrize("act", ["demote", "block"])
@pytest.mark.django_db(transaction=True)
def test_two_managers_who_take_each_other_s_role_leave_one(enterprise: Enterprise, act: str) -> None:
    both = [make_operator(enterprise, name).ca_key for name in ("李会计", "余波")]
    ready, refused = threading.Barrier(2), []

    def take(own: CaKey, other: CaKey) -> None:
        try:
            ready.wait(timeout=180)
            if act == "demote":
                set_role(other, OperatorRole.READER, own)
            else:
                key_services.block_key(key_id=other.pk, reason="离职", by=own, now=now())
        except Refused as error:
            refused.append(error.findings[0].code)
        finally:
            connection.close()

    threads = [threading.Thread(target=take, args=pair) for pair in (both, both[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=300)
    left = CaKey.objects.filter(enterprise=enterprise, role=OperatorRole.MANAGER, blocked_at=None)
    assert left.count() == 1
    assert refused == ["operator.no_right" if act == "demote" else "operator.blocked"]


def test_keys_of_other_enterprises_are_not_found(manager: CaKey) -> None:
    foreign = make_operator(make_enterprise(), role=OperatorRole.CLERK).ca_key
    other = delegate(foreign, Right.CONFIRM, make_operator(foreign.enterprise).ca_key)
    client = door(manager)
    for page in (f"{KEYS}{foreign.pk}/role/", f"{KEYS}{foreign.pk}/delegate/"):
        assert client.get(page).status_code == 404
        assert client.post(page, {"role": "reader"}).status_code == 404
    assert client.post(f"{KEYS}delegations/{other.pk}/end/").status_code == 404


# --- who may not ---


@pytest.mark.parametrize("who", ["clerk", "reader"])
def test_only_managers_change_operators(who: str, manager: CaKey, request: pytest.FixtureRequest) -> None:
    key: CaKey = request.getfixturevalue(who)
    for page, data in (
        (f"{KEYS}{manager.pk}/", {"operator_name": "余波"}),
        (f"{KEYS}{manager.pk}/block/", {"reason": "遗失"}),
        (f"{KEYS}{key.pk}/role/", {"role": "manager"}),
        (f"{KEYS}{key.pk}/delegate/", {"right": "manage", "starts_on": "2026-12-01", "ends_on": "2026-12-02"}),
    ):
        reply = door(key).post(page, data)
        assert reply.status_code == 403
        assert "不能管理操作员" in body(reply)
        assert "李会计" in body(reply), "it says who may"
    manager.refresh_from_db()
    assert (manager.operator_name, manager.blocked_at) == ("李会计", None)
    assert CaKey.objects.get(pk=key.pk).role == key.role
    with pytest.raises(Refused, match="不能管理操作员"):
        set_role(key, OperatorRole.MANAGER, key)


def test_without_a_manager_who_can_log_in_the_refusal_says_how_to_get_one(manager: CaKey, clerk: CaKey) -> None:
    CaKey.objects.filter(pk=manager.pk).update(valid_to=now() - timedelta(days=1))
    reply = door(clerk).post(f"{KEYS}{clerk.pk}/role/", {"role": "manager"})
    assert "续期后首次登录" in body(reply)
    assert "登记为管理员" in body(reply)


# --- delegations ---


def test_a_delegation_begins_and_ends_by_itself(manager: CaKey, clerk: CaKey, clock: Clock) -> None:
    clock.stop_on("2026-12-01")
    delegate(clerk, Right.MANAGE, manager, starts_in=1, days=1)
    page = f"{KEYS}{clerk.pk}/"
    for day, status in (("2026-12-01", 403), ("2026-12-02", 409), ("2026-12-03", 409), ("2026-12-04", 403)):
        clock.stop_on(day)
        assert door(clerk).post(page, {"operator_name": "余波"}).status_code == status, day
    assert AuditEntry.objects.get(action="operator.delegate").detail == {
        "right": "manage",
        "starts_on": "2026-12-02",
        "ends_on": "2026-12-03",
    }


def test_who_manages_by_delegation_changes_others_but_neither_managers_nor_himself(
    manager: CaKey, clerk: CaKey, reader: CaKey
) -> None:
    delegate(clerk, Right.MANAGE, manager)
    set_role(reader, OperatorRole.CLERK, clerk, may_confirm=True)
    for key, role, code in (
        (manager, OperatorRole.READER, ["operator.of_managers", "operator.last_manager"]),
        (clerk, OperatorRole.MANAGER, ["operator.own_rights", "operator.appoints"]),
        (reader, OperatorRole.MANAGER, ["operator.appoints"]),
    ):
        with pytest.raises(Refused) as refused:
            set_role(key, role, clerk)
        assert codes(refused) == code
    with pytest.raises(Refused, match="代管期间不能再授权"):
        delegate(reader, Right.MANAGE, clerk)
    with pytest.raises(Refused, match="不能更改、停用管理员"):
        key_services.block_key(key_id=manager.pk, reason="离职", by=clerk, now=now())


def test_a_delegation_is_taken_back_at_once(manager: CaKey, clerk: CaKey) -> None:
    given = delegate(clerk, Right.CONFIRM, manager)
    assert Right.CONFIRM in rights_of(CaKey.objects.get(pk=clerk.pk))
    client = door(manager)
    assert "已收回" in body(client.post(f"{KEYS}delegations/{given.pk}/end/", follow=True))
    assert Right.CONFIRM not in rights_of(CaKey.objects.get(pk=clerk.pk))
    assert "已经结束" in body(client.post(f"{KEYS}delegations/{given.pk}/end/", follow=True)), "pressed twice"
    assert AuditEntry.objects.filter(action="operator.end_delegation").count() == 1


def test_it_ends_with_the_role_of_a_clerk(manager: CaKey, clerk: CaKey) -> None:
    given = delegate(clerk, Right.CONFIRM, manager)
    set_role(clerk, OperatorRole.READER, manager)
    given.refresh_from_db()
    assert given.ended_by == manager.user
    assert rights_of(CaKey.objects.get(pk=clerk.pk)).all == {Right.READ}


def test_the_same_days_are_not_delegated_twice(manager: CaKey, clerk: CaKey) -> None:
    delegate(clerk, Right.CONFIRM, manager)
    page = f"{KEYS}{clerk.pk}/delegate/"
    day = localdate().isoformat()
    reply = door(manager).post(page, {"right": "confirm", "starts_on": day, "ends_on": day})
    assert reply.status_code == 409
    assert "已有同一事项的授权" in body(reply)
    delegate(clerk, Right.MANAGE, manager)


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [(2, 1, "不能早于第一天"), (-3, -1, "已经过去"), (-1, 1, "不能从过去的日子开始"), (0, 366, "最多授权366天")],
)
def test_days_that_cannot_be(manager: CaKey, clerk: CaKey, start: int, end: int, words: str) -> None:
    today = localdate()
    days = {"starts_on": today + timedelta(days=start), "ends_on": today + timedelta(days=end)}
    reply = door(manager).post(f"{KEYS}{clerk.pk}/delegate/", {"right": "confirm", **days})
    assert reply.status_code in (400, 409)
    assert words in body(reply)
    assert not OperatorDelegation.objects.exists()


def test_only_clerks_without_the_right_get_it(manager: CaKey, clerk: CaKey, reader: CaKey) -> None:
    set_role(clerk, OperatorRole.CLERK, manager, may_confirm=True)
    for key, right, code in (
        (reader, Right.CONFIRM, "delegation.role"),
        (manager, Right.CONFIRM, "delegation.role"),
        (clerk, Right.CONFIRM, "delegation.not_needed"),
        (clerk, Right.FILE, "delegation.right"),
    ):
        with pytest.raises(Refused) as refused:
            delegate(key, right, manager)
        assert code in codes(refused)


# --- pages ---


def test_the_list_takes_the_same_queries_for_three_and_nine(
    manager: CaKey,
    clerk: CaKey,
    reader: CaKey,
    enterprise: Enterprise,
    count_queries: Callable[[Callable[[], object]], int],
) -> None:
    client = door(manager)
    client.get(KEYS)
    delegate(clerk, Right.MANAGE, manager)
    three = count_queries(lambda: client.get(KEYS))
    for name in ("甲", "乙", "丙", "丁", "戊", "己"):
        delegate(make_operator(enterprise, name, role=OperatorRole.CLERK).ca_key, Right.CONFIRM, manager)
    assert count_queries(lambda: client.get(KEYS)) == three


def test_the_login_reads_delegations_without_a_query_of_its_own(
    manager: CaKey, clerk: CaKey, count_queries: Callable[[Callable[[], object]], int]
) -> None:
    as_manager, as_clerk = door(manager), door(clerk)
    for client in (as_manager, as_clerk):
        client.get(KEYS)
    assert count_queries(lambda: as_clerk.get(KEYS)) == count_queries(lambda: as_manager.get(KEYS))


def test_pages_offer_each_reader_what_he_may_do(manager: CaKey, clerk: CaKey, reader: CaKey) -> None:
    page = body(door(manager).get(KEYS))
    assert f"{KEYS}{clerk.pk}/role/" in page
    assert f"{KEYS}{clerk.pk}/delegate/" in page
    assert f"{KEYS}{reader.pk}/delegate/" not in page
    for key in (clerk, reader):
        page = body(door(key).get(KEYS))
        assert "/role/" not in page
        assert "/block/" not in page
        assert "由本企业管理员办理" in body(door(key).get(f"{KEYS}{clerk.pk}/"))


def test_a_blocked_operator_is_told_why_at_the_login(manager: CaKey, clerk: CaKey) -> None:
    client = door(clerk)
    assert client.get(KEYS).status_code == 200
    key_services.block_key(key_id=clerk.pk, reason="离职交接", by=manager, now=now())
    reply = client.get(KEYS, follow=True)
    assert reply.redirect_chain
    assert "这把 CA 锁已停用" in body(reply)
    assert "离职交接" in body(reply)
    assert "这把 CA 锁已停用" not in body(Client().get("/enterprise/login/"))
