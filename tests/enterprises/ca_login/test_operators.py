"""Operators behind the keys: named at the first login, carried on at renewal, managed by the enterprise."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.enums import Sphere
from accounts.models import User
from administration.models import AuditEntry, Message
from common.findings import Refused
from enterprises.ca_login import key_services
from enterprises.ca_login.key_services import PresentedKey, bind_key, must_ask_who, names_a_person, renewable
from enterprises.enums import OperatorRole
from enterprises.models import CaKey, Enterprise, FormerCaKey
from tests.clock import Clock
from tests.factories import make_enterprise, make_operator, make_uscc

from .keys import LOGIN, answer, issue

pytestmark = pytest.mark.django_db
USCC = make_uscc(9_300_001)
NOW = datetime.now(UTC)
WHO = "/enterprise/login/operator/"
KEYS = "/enterprise/keys/"
COMPANY = "江西赣江路桥建设有限公司"


@pytest.fixture
def enterprise() -> Enterprise:
    return make_enterprise(COMPANY, uscc=USCC)


def presented(**changes: object) -> PresentedKey:
    values: dict[str, object] = {
        "uscc": USCC,
        "certificate_name": "李会计",
        "fingerprint": "ab" * 32,
        "serial_number": "1f",
        "issuer": "CN=演示",
        "valid_from": NOW - timedelta(days=1000),
        "valid_to": NOW + timedelta(days=60),
    }
    return PresentedKey(**values | changes)  # type: ignore[arg-type]


NEW = presented(fingerprint="cd" * 32, valid_from=NOW, valid_to=NOW + timedelta(days=1000))


def bind(enterprise: Enterprise, key: PresentedKey, **options: Any) -> CaKey:
    return bind_key(enterprise_id=enterprise.pk, presented=key, now=NOW, **options)


def body(response: Any) -> str:
    return str(response.content.decode())


# --- the first login ---


@pytest.mark.parametrize("name", [COMPANY, "演示（集团）", "91360000MA12345678", ""])
def test_a_certificate_that_names_no_person_is_asked_for_one(name: str) -> None:
    assert not names_a_person(name)


@pytest.mark.parametrize("name", ["李会计", "欧阳建国", "阿依古丽·买买提"])
def test_a_certificate_that_names_a_person_is_believed(name: str) -> None:
    assert names_a_person(name)


def test_an_unnamed_key_enters_only_when_the_operator_has_said_his_name(client: Client, enterprise: Enterprise) -> None:
    key = issue(USCC, COMPANY)
    reply = answer(client, key, next="/enterprise/profile/")
    assert reply["Location"] == f"{WHO}?next=%2Fenterprise%2Fprofile%2F"
    assert not CaKey.objects.exists()
    assert client.get("/enterprise/")["Location"].startswith(LOGIN)
    page = body(client.get(reply["Location"]))
    assert "这把 CA 锁由谁使用" in page
    assert "接替" not in page
    for name, words in (("", "请填写操作员姓名"), (COMPANY, "不要填写企业名称"), ("李3", "姓名")):
        refused = client.post(WHO, {"operator_name": name})
        assert refused.status_code == 400
        assert words in body(refused)
    entered = client.post(WHO, {"operator_name": " 熊 梅", "next": "/enterprise/profile/"})
    assert entered["Location"] == "/enterprise/profile/"
    bound = CaKey.objects.get()
    assert (bound.operator_name, bound.certificate_name, bound.user.name) == ("熊梅", COMPANY, "熊梅")
    assert AuditEntry.objects.get(action="login").actor_name == "熊梅"
    assert answer(Client(), key)["Location"] == "/enterprise/", "it is asked once"


def test_the_session_changes_when_the_key_has_proved_itself(client: Client, enterprise: Enterprise) -> None:
    client.get(LOGIN)
    planted = client.session.session_key
    answer(client, issue(USCC, COMPANY))
    thief = Client()
    thief.cookies["sessionid"] = planted
    assert thief.get(WHO)["Location"] == LOGIN


def test_the_question_is_open_for_ten_minutes(client: Client, enterprise: Enterprise, clock: Clock) -> None:
    answer(client, issue(USCC, COMPANY))
    clock.forward(timedelta(minutes=11))
    assert client.post(WHO, {"operator_name": "熊梅"})["Location"] == LOGIN
    assert not CaKey.objects.exists()


def test_without_a_proved_key_there_is_no_question(client: Client) -> None:
    assert client.get(WHO)["Location"] == LOGIN
    assert client.post(WHO, {"operator_name": "熊梅"})["Location"] == LOGIN


def test_a_key_blocked_meanwhile_does_not_enter(client: Client, enterprise: Enterprise) -> None:
    key = issue(USCC, COMPANY)
    slow = Client()
    answer(slow, key)
    answer(client, key)
    client.post(WHO, {"operator_name": "熊梅"})
    CaKey.objects.update(blocked_at=NOW, blocked_reason="遗失")
    reply = slow.post(WHO, {"operator_name": "涂建"})
    assert reply.status_code == 403
    assert "这把 CA 锁已停用" in body(reply)
    assert "_auth_user_id" not in slow.session


def test_the_first_operator_manages_and_the_next_says_what_he_does(client: Client, enterprise: Enterprise) -> None:
    assert answer(Client(), issue(USCC, "李会计"))["Location"] == "/enterprise/"
    first = CaKey.objects.get()
    assert (first.role, first.may_confirm) == (OperatorRole.MANAGER, True)
    assert answer(client, issue(USCC, "熊梅"))["Location"] == WHO
    page = body(client.get(WHO))
    assert "接管" in page
    assert client.post(WHO, {"operator_name": "熊梅", "role": "owner"}).status_code == 400
    assert client.post(WHO, {"operator_name": "熊梅"}).status_code == 302
    second = CaKey.objects.exclude(pk=first.pk).get()
    assert (second.role, second.may_confirm) == (OperatorRole.CLERK, False)


def test_a_new_key_of_the_enterprise_can_always_take_over(client: Client, enterprise: Enterprise) -> None:
    lost = bind(enterprise, presented())
    answer(client, issue(USCC, "熊梅"))
    client.post(WHO, {"renews": "new", "operator_name": "熊梅", "role": "manager"})
    client.post(f"{KEYS}{lost.pk}/block/", {"reason": "遗失"})
    lost.refresh_from_db()
    assert lost.blocked_reason == "遗失"
    assert "角色：管理员" in Message.objects.get(mailbox=enterprise.mailbox, title="新增操作员：熊梅").body


@pytest.mark.parametrize("fault", [{"blocked_at": NOW}, {"valid_to": NOW - timedelta(days=1)}, {"role": "clerk"}])
def test_who_comes_when_no_manager_can_log_in_manages(enterprise: Enterprise, fault: dict[str, Any]) -> None:
    bind(enterprise, presented())
    CaKey.objects.update(**fault)
    assert bind(enterprise, NEW).role == OperatorRole.MANAGER


# --- renewal ---


def test_a_renewed_key_is_offered_the_operator_of_the_old_one(client: Client, enterprise: Enterprise) -> None:
    first = issue(USCC, "李会计", not_before=NOW - timedelta(days=900), not_after=NOW + timedelta(days=30))
    assert answer(Client(), first).status_code == 302
    old = CaKey.objects.get()
    second = issue(USCC, "李会计", not_before=NOW - timedelta(hours=1))
    assert answer(client, second)["Location"] == WHO
    page = body(client.get(WHO))
    assert f"接替李会计的旧锁（序列号 {old.serial_number}" in page
    choice = re.search(rf'<input[^>]*name="renews"[^>]*value="{old.pk}"[^>]*>', page)
    assert choice is not None
    assert "checked" in choice[0]
    assert client.post(WHO, {"renews": str(old.pk)})["Location"] == "/enterprise/"
    renewed = CaKey.objects.get()
    assert (renewed.pk, renewed.user_id) == (old.pk, old.user_id)
    assert renewed.fingerprint != old.fingerprint
    assert AuditEntry.objects.get(action="key.renewed").detail["former_fingerprint"] == old.fingerprint
    refused = answer(Client(), first)
    assert [finding.code for finding in refused.context["refusals"]] == ["key.replaced"]
    assert "已由新的证书接替" in body(refused)


def test_a_renewed_key_may_belong_to_somebody_else(client: Client, enterprise: Enterprise) -> None:
    old = bind(enterprise, presented(certificate_name=COMPANY), operator_name="李会计")
    answer(client, issue(USCC, COMPANY, not_before=NOW - timedelta(hours=1)))
    assert client.post(WHO, {"renews": "new", "operator_name": ""}).status_code == 400
    assert client.post(WHO, {"renews": "new", "operator_name": "熊梅"}).status_code == 302
    assert CaKey.objects.count() == 2
    old.refresh_from_db()
    assert old.fingerprint == "ab" * 32


def test_a_new_key_takes_the_place_of_a_lost_one(enterprise: Enterprise) -> None:
    lost = bind(enterprise, presented())
    own = bind(enterprise, presented(certificate_name="甲", fingerprint="01" * 32), role=OperatorRole.MANAGER)
    key_services.block_key(key_id=lost.pk, reason="遗失", by=own, now=NOW)
    assert [key.pk for key in renewable(enterprise, NEW, now=NOW)] == [lost.pk]
    renewed = bind(enterprise, NEW, renews=lost.pk)
    assert (renewed.pk, renewed.blocked_at) == (lost.pk, None)
    assert FormerCaKey.objects.get().blocked_reason == "遗失"
    with pytest.raises(Refused, match="已由新的证书接替"):
        bind(enterprise, presented())


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({}, {"certificate_name": "周安全"}),
        ({}, {"valid_from": NOW - timedelta(days=2000)}),
        ({"valid_to": NOW + timedelta(days=400)}, {}),
    ],
    ids=["named after another person", "an older key", "long before the end"],
)
def test_what_is_no_renewal_is_not_offered(
    enterprise: Enterprise, old: dict[str, object], new: dict[str, object]
) -> None:
    first = bind(enterprise, presented(**old))
    second = presented(**{"fingerprint": "cd" * 32, "valid_from": NOW, "valid_to": NOW + timedelta(days=900)} | new)
    assert renewable(enterprise, second, now=NOW) == []
    assert must_ask_who(enterprise, second, now=NOW), "what the new operator does"
    with pytest.raises(Refused, match="不能由这张证书接替"):
        bind(enterprise, second, renews=first.pk)
    bind(enterprise, second)
    assert CaKey.objects.count() == 2


def test_a_key_of_another_enterprise_is_neither_offered_nor_taken(enterprise: Enterprise, client: Client) -> None:
    foreign = bind(make_enterprise(), presented())
    assert renewable(enterprise, NEW, now=NOW) == []
    with pytest.raises(Refused, match="不能由这张证书接替"):
        bind(enterprise, NEW, renews=foreign.pk)
    foreign.refresh_from_db()
    assert foreign.fingerprint == "ab" * 32


def test_a_key_stays_with_its_credit_code(enterprise: Enterprise) -> None:
    """The registry gave the code to another row meanwhile: a person has to look."""
    bind(make_enterprise(), presented())
    with pytest.raises(Refused, match="已绑定另一家企业"):
        bind(enterprise, presented())


# --- the enterprise's page ---


@pytest.fixture
def own(enterprise: Enterprise) -> CaKey:
    return make_operator(enterprise, "李会计").ca_key


@pytest.fixture
def door(client: Client, own: CaKey) -> Client:
    client.force_login(own.user)
    return client


def test_the_page_shows_when_a_key_was_last_used(client: Client, enterprise: Enterprise) -> None:
    answer(client, issue(USCC))
    key = CaKey.objects.get()
    assert key.last_used_at is not None
    assert "最近登录" in body(client.get(KEYS))
    page = body(client.get(f"{KEYS}{key.pk}/"))
    assert key.serial_number in page
    assert "127.0.0.1" in page


def test_an_operator_is_renamed_and_acts_under_the_new_name(door: Client, enterprise: Enterprise) -> None:
    other = make_operator(enterprise, "周安全").ca_key
    reply = door.post(f"{KEYS}{other.pk}/", {"operator_name": "余波"}, follow=True)
    assert "操作员姓名已保存" in body(reply)
    other.refresh_from_db()
    assert (other.operator_name, other.certificate_name) == ("余波", "周安全")
    assert User.objects.get(pk=other.user_id).name == "余波"
    entry = AuditEntry.objects.get(action="key.operator")
    assert (entry.actor_name, entry.detail) == ("李会计", {"former": "周安全", "name": "余波"})
    assert Message.objects.filter(mailbox=enterprise.mailbox, title="操作员周安全已改为余波").exists()


def test_a_name_that_is_none_is_told_at_its_field(door: Client, own: CaKey) -> None:
    reply = door.post(f"{KEYS}{own.pk}/", {"operator_name": COMPANY})
    assert reply.status_code == 400
    assert "不要填写企业名称" in body(reply)


def test_the_enterprise_is_told_of_new_and_blocked_keys(enterprise: Enterprise) -> None:
    own = bind(enterprise, presented(certificate_name="甲", fingerprint="01" * 32), role=OperatorRole.MANAGER)
    lost = bind(enterprise, presented())
    key_services.block_key(key_id=lost.pk, reason="遗失", by=own, now=NOW)
    titles = list(Message.objects.filter(mailbox=enterprise.mailbox).order_by("pk").values_list("title", flat=True))
    assert titles == ["新增操作员：甲", "新增操作员：李会计", "李会计的 CA 锁已停用"]


def test_keys_of_other_enterprises_are_not_found(door: Client) -> None:
    foreign = make_operator(make_enterprise()).ca_key
    assert door.get(f"{KEYS}{foreign.pk}/").status_code == 404
    assert door.post(f"{KEYS}{foreign.pk}/", {"operator_name": "余波"}).status_code == 404
    assert User.objects.get(pk=foreign.user_id, sphere=Sphere.OPERATOR).name != "余波"


def test_the_list_takes_the_same_queries_for_one_and_three(
    door: Client, enterprise: Enterprise, count_queries: Callable[[Callable[[], object]], int]
) -> None:
    door.get(KEYS)
    one = count_queries(lambda: door.get(KEYS))
    for name in ("周安全", "余波"):
        make_operator(enterprise, name)
    assert count_queries(lambda: door.get(KEYS)) == one
