"""审计: for the audit administrator alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.enums import Duty, Sphere
from accounts.models import Person, User
from administration.audit.chain import ChainBroken, link_entries, verify_chain
from administration.models import AuditCheck, AuditEntry
from tests.factories import make_enterprise, make_id_number, make_office, make_operator, make_person, make_staff
from tests.worlds.extension import ExtensionWorld

pytestmark = pytest.mark.django_db
LIST = "/office/audit/"


@pytest.fixture
def auditor() -> User:
    return User.objects.create(login="auditor", sphere=Sphere.AUDIT_ADMIN, name="审计管理员")


@pytest.fixture
def door(client: Client, auditor: User) -> Client:
    client.force_login(auditor)
    return client


def body(response: Any) -> str:
    return str(response.content.decode())


def write(action: str = "login", **fields: Any) -> AuditEntry:
    return AuditEntry.objects.create(action=action, **fields)


def shown(response: Any) -> list[int]:
    return [row["entry"].pk for row in response.context["rows"]]


def test_the_newest_comes_first_in_words(door: Client) -> None:
    first = write(
        "login",
        actor_name="张三·䶮",
        sphere="person",
        actor_id=7,
        address="10.1.2.3",
        object_type="accounts.person",
        object_id="12",
    )
    second = write("parameter.set", detail={"key": "extension_window", "value": 3}, object_type="a.b", object_id="5")
    answer = door.get(LIST)
    assert shown(answer) == [second.pk, first.pk]
    page = body(answer)
    for words in (
        "张三·䶮",
        "个人 #7",
        "10.1.2.3",
        "设定政策参数",
        "项目：extension_window",
        "值：3",
        "a.b:5",
        "人员 12",
    ):
        assert words in page


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("actor=李四", [1]),
        ("actor=%239", [0]),
        ("action=logout", [1]),
        ("about=accounts.person:3", [2]),
        ("address=10.0.0.8", [2]),
        ("request_id=abc", [0]),
        ("until_on=2026-01-05", [0]),
        ("from_on=2026.1.6", [2, 1]),
        ("from_on=2026年1月6日&until_on=20260106", [1]),
        ("actor=李四&action=login", []),
    ],
)
def test_filters_live_in_the_address(door: Client, query: str, wanted: list[int]) -> None:
    day = timezone.make_aware(timezone.datetime(2026, 1, 5, 23, 59))
    rows = [
        write("login", actor_id=9, actor_name="张三", request_id="abc", at=day),
        write("logout", actor_id=10, actor_name="李四", at=day + timedelta(minutes=1)),
        write(
            "find_person", object_type="accounts.person", object_id="3", address="10.0.0.8", at=day + timedelta(days=9)
        ),
    ]
    assert shown(door.get(f"{LIST}?{query}")) == [rows[number].pk for number in wanted]


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("from_on=2026-02-30", "日期不存在"),
        ("actor=%23x", "# 后面是账号的编号"),
        ("actor=%23%C2%B2", "# 后面是账号的编号"),
        ("about=person", "中间用冒号"),
        ("address=nowhere", "地址的格式不对"),
        ("action=invented", "不在可用的选项中"),
    ],
)
def test_a_wrong_filter_is_told_at_its_field(door: Client, query: str, sentence: str) -> None:
    answer = door.get(f"{LIST}?{query}")
    assert answer.status_code == 400
    assert sentence in body(answer)


def test_a_person_is_found_by_a_posted_number_that_no_address_holds(door: Client) -> None:
    person, other = make_person(), make_person()
    assert person.user is not None
    did = write("login", actor_id=person.user.pk)
    suffered = write("reveal_id_number", actor_id=99, object_type="accounts.person", object_id=str(person.pk))
    write("reveal_id_number", actor_id=99, object_type="accounts.person", object_id=str(other.pk))
    answer = door.post(f"{LIST}person/", {"id_number": person.id_number})
    assert answer["Location"] == f"{LIST}person/{person.pk}/"
    search = AuditEntry.objects.get(action="audit.search_by_id_number")
    assert search.object_id == str(person.pk)
    assert shown(door.get(answer["Location"])) == [search.pk, suffered.pk, did.pk]


def test_an_unknown_or_wrong_number_is_told_and_nothing_is_shown(door: Client) -> None:
    answer = door.post(f"{LIST}person/", {"id_number": make_id_number(777)})
    assert answer.status_code == 400
    assert "没有这个身份证号码的人员" in body(answer)
    answer = door.post(f"{LIST}person/", {"id_number": "36010219850615001"})
    assert answer.status_code == 400
    assert "现为17位" in body(answer)


def test_the_export_holds_the_filtered_rows_and_is_an_entry_itself(door: Client, auditor: User) -> None:
    for number in range(3):
        write("login", actor_name=f"=SUM({number})", detail={"n": number})
    write("logout", actor_name="别人")
    answer = door.get(f"{LIST}export/?action=login")
    lines = b"".join(answer.streaming_content).decode().splitlines()  # type: ignore[attr-defined]
    assert len(lines) == 4
    assert lines[0].startswith("\ufeff编号,时间,操作人编号")
    assert "'=SUM(2)" in lines[1]
    entry = AuditEntry.objects.get(action="audit.exported")
    assert (entry.actor_id, entry.detail) == (auditor.pk, {"action": "login"})


def test_the_state_of_the_chain_is_on_the_page(door: Client) -> None:
    assert "还没有核验过" in body(door.get(LIST))
    write()
    link_entries()
    verify_chain()
    assert "审计链完整" in body(door.get(LIST))
    write(at=timezone.now() - timedelta(days=5))
    with pytest.raises(ChainBroken):
        verify_chain()
    page = body(door.get(LIST))
    assert "审计链核验不通过" in page
    assert AuditCheck.objects.latest("id").problem in page


def test_nobody_else_gets_in(client: Client) -> None:
    others = [
        make_person().user,
        make_operator(make_enterprise()),
        make_staff(make_office(), Duty.DECIDE, Duty.REGISTRY, Duty.REVIEW),
        User.objects.create(login="system", sphere=Sphere.SYSTEM_ADMIN, name="系统管理员"),
        User.objects.create(login="security", sphere=Sphere.SECURITY_ADMIN, name="安全管理员"),
    ]
    for user in others:
        assert user is not None
        client.force_login(user)
        for address in (LIST, f"{LIST}export/", f"{LIST}person/1/"):
            assert client.get(address).status_code == 403
    assert AuditEntry.objects.filter(action="refused", detail__status=403).count() == len(others) * 3


def test_a_page_takes_the_same_queries_for_one_row_and_for_twenty(
    door: Client, count_queries: Callable[[Callable[[], object]], int]
) -> None:
    write()
    one = count_queries(lambda: door.get(LIST))
    for _ in range(30):
        write(object_type="accounts.person", object_id="1")
    assert count_queries(lambda: door.get(LIST)) == one
    page = door.get(LIST)
    assert len(shown(page)) == 20
    assert len(shown(door.get(f"{LIST}?cursor={page.context['page'].next_cursor}"))) == 11


# --- what is noted ---


def test_a_refused_login_is_a_row_without_what_was_typed(client: Client) -> None:
    person = make_person()
    client.post("/login/", {"id_number": person.id_number, "password": "not the password"})
    client.post("/office/login/", {"login": "my-secret-password-1", "password": "x"})
    known, unknown = AuditEntry.objects.filter(action="login.refused").order_by("id")
    assert person.user is not None
    assert (known.object_type, known.object_id, known.address) == ("accounts.user", str(person.user.pk), "127.0.0.1")
    assert unknown.detail == {"login": "my-s…"}
    everything = str(list(AuditEntry.objects.values()))
    assert str(person.id_number) not in everything
    assert "not the password" not in everything


def test_what_a_user_was_refused_is_a_row(client: Client) -> None:
    person, other = make_person(), make_person()
    assert person.user is not None
    client.force_login(person.user)
    client.get("/office/")
    client.post("/person/profile/", {"phone": "123"})
    entries = AuditEntry.objects.filter(action="refused").order_by("id")
    assert [(entry.actor_id, entry.detail["page"], entry.detail["status"]) for entry in entries] == [
        (person.user.pk, "workflow:office", 403),
        (person.user.pk, "accounts:profile", 400),
    ]
    assert Person.objects.get(pk=other.pk).phone == other.phone


def test_what_was_done_on_a_merged_record_is_found_by_the_record_that_stays(door: Client) -> None:
    kept, gone, before = make_person("留一"), make_person("并一"), make_person("先并")
    entries = [
        write("find_person", object_type="accounts.person", object_id=str(gone.pk)),
        write("find_person", object_type="accounts.person", object_id=str(before.pk)),
        write("login", actor_id=gone.user.pk),
    ]
    Person.objects.filter(pk=gone.pk).update(merged_into=kept)
    Person.objects.filter(pk=before.pk).update(merged_into=gone)
    assert {one.pk for one in entries} <= set(shown(door.get(f"{LIST}person/{kept.pk}/")))
    assert entries[2].pk not in shown(door.get(f"{LIST}person/{make_person('旁人').pk}/"))


def test_decisions_are_found_by_the_number_of_the_case_and_by_the_person(door: Client) -> None:
    """Nothing but the audit is opened for that."""
    world = ExtensionWorld()
    application = world.file(now=timezone.now())
    reviewer = world.province.reviewer
    decision = write(
        "application.approve", actor_id=reviewer.pk, object_type="workflow.application", object_id=str(application.pk)
    )
    other = write("application.approve", object_type="workflow.application", object_id="9")
    assert shown(door.get(LIST, {"number": f" {application.number} "})) == [decision.pk]
    assert shown(door.get(LIST, {"number": "2026-3601-999999"})) == []
    answer = door.post(f"{LIST}person/", {"id_number": str(world.person.id_number)}, follow=True)
    assert decision.pk in shown(answer)
    assert other.pk not in shown(answer)
    clerk = make_person("窗口人员")
    reviewer.identity_index = clerk.id_number_index
    reviewer.save()
    assert decision.pk in shown(door.get(f"{LIST}person/{clerk.pk}/"))
    assert door.get(f"/applications/{application.number}/").status_code == 403
