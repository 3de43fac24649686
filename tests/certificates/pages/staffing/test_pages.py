"""The enterprise's board says what stands between each certificate and its next term, and offers the cure beside it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook

from accounts.models import Person
from administration.models import AuditEntry, Message
from certificates.models import Certificate
from certificates.state.snapshots import refresh_for_people
from common.text.masking import mask_id_number
from enterprises.models import Enterprise
from tests.clock import Clock
from tests.factories import (
    make_certificate,
    make_employment,
    make_enterprise,
    make_operator,
    make_person,
    make_training,
)
from tests.worlds.extension import ExtensionWorld
from workflow.enums import Action
from workflow.services.acting import act

pytestmark = pytest.mark.django_db
NOW = datetime.fromisoformat("2026-11-23T10:00:00+08:00")
Count = Callable[[Callable[[], object]], int]
ADDRESS = "/enterprise/staff/"
REMIND = "/enterprise/staff/remind/"


@pytest.fixture(autouse=True)
def today(clock: Clock) -> None:
    clock.stop_at(NOW)


@pytest.fixture
def firm() -> Enterprise:
    return make_enterprise()


@pytest.fixture
def clerk(client: Client, firm: Enterprise) -> Client:
    client.force_login(make_operator(firm))
    return client


def holder(firm: Enterprise, name: str, category: str = "C1", *, hours: int = 24, **fields: Any) -> Certificate:
    person = make_person(name)
    make_employment(person, firm, "08")
    made = make_certificate(person, firm, category, **{"ends_on": date(2027, 1, 31), **fields})
    if hours:
        make_training(person, hours=hours, ends_on=date(2026, 5, 5))
    refresh_for_people([person.pk])
    return made


def row(page: str, name: str) -> str:
    """The row of the person with this name."""
    return next(part.split("</tr>")[0] for part in page.split("<tr") if f'"name">{name}<' in part)


def messages_of(person: Person) -> list[Message]:
    return list(Message.objects.filter(mailbox=person.mailbox_id).order_by("pk"))


# --- what a row says ---


def test_what_ends_soon_says_what_lacks_and_who_may_be_reminded(clerk: Client, firm: Enterprise) -> None:
    holder(firm, "陈一")
    holder(firm, "周二", hours=16)
    holder(firm, "吴三", ends_on=date(2028, 6, 30))
    page = clerk.get(ADDRESS).text
    assert "没有申请延续" in row(page, "陈一")
    assert "学时 16 / 24" in row(page, "周二")
    assert "还差 8 学时" in row(page, "周二")
    for name in ("陈一", "周二"):
        assert "还有 69 天" in row(page, name)
        assert "提醒本人" in row(page, name)
    assert "提醒本人" not in row(page, "吴三")


def test_before_the_window_opens_nobody_is_reminded(clerk: Client, firm: Enterprise) -> None:
    holder(firm, "陈一", ends_on=date(2027, 2, 21))
    assert "还不能申请延续" not in row(clerk.get(ADDRESS).text, "陈一")
    Certificate.objects.update(ends_on=date(2027, 3, 31))
    assert "提醒本人" not in row(clerk.get(ADDRESS).text, "陈一")


def test_a_case_under_way_says_where_it_stands_and_leads_there(client: Client) -> None:
    world = ExtensionWorld()
    application = world.file()
    client.force_login(world.operator)
    page = row(client.get(ADDRESS).text, world.person.name)
    if application.holder_enterprise_id == world.enterprise.pk:
        assert "等本企业确认" in page
        act(application.pk, action=Action.APPROVE, actor=world.holder(application), now=NOW)
        page = row(client.get(ADDRESS).text, world.person.name)
    assert "办理中" in page
    assert f"现在轮到{world.province.municipal.name}" in page
    assert f'href="/applications/{application.number}/"' in page
    assert "没有申请延续" not in page
    assert "提醒本人" not in page
    assert client.get(f"/applications/{application.number}/").status_code == 200


def test_what_is_wrong_has_its_own_cure(clerk: Client, firm: Enterprise) -> None:
    leaver, elsewhere, other = make_person("王五"), make_person("赵六"), make_enterprise()
    make_certificate(leaver, firm, "C1", ends_on=date(2028, 1, 31))
    make_certificate(elsewhere, other, "C1", ends_on=date(2028, 1, 31))
    make_employment(elsewhere, firm, "08")
    bare = make_person("钱七", photo=False)
    make_employment(bare, firm, "08")
    make_certificate(bare, firm, "C1", ends_on=date(2028, 1, 31))
    refresh_for_people([leaver.pk, elsewhere.pk, bare.pk])
    page = clerk.get(ADDRESS).text
    assert "未登记聘用关系" in row(page, "王五")
    assert 'href="/enterprise/employment/new/"' in row(page, "王五")
    assert "提醒本人" not in row(page, "王五")
    assert f"证书仍在{other.name}名下" in row(page, "赵六")
    assert "提醒本人" in row(page, "赵六")
    assert "未上传个人证件照" in row(page, "钱七")


def test_a_contract_that_ends_is_renewed_from_its_row(clerk: Client, firm: Enterprise) -> None:
    person = make_person("陈一")
    job = make_employment(person, firm, "08", contract_to=date(2026, 12, 5))
    make_certificate(person, firm, "C1", ends_on=date(2028, 1, 31))
    refresh_for_people([person.pk])
    page = row(clerk.get(f"{ADDRESS}?state=contract").text, "陈一")
    assert "聘用合同2026年12月5日到期" in page
    assert f'href="/enterprise/employment/{job.pk}/renew/"' in page
    assert clerk.get(f"/enterprise/employment/{job.pk}/renew/").status_code == 200


# --- figures and filters ---


def test_each_figure_is_the_number_of_what_its_filter_lists(client: Client) -> None:
    world = ExtensionWorld()
    world.file()
    firm = world.enterprise
    holder(firm, "陈一")
    holder(firm, "周二", "B", hours=3)
    make_employment(make_person("孙八"), firm, "07")
    leaver = make_person("王五")
    make_certificate(leaver, firm, "A", ends_on=date(2028, 1, 31))
    refresh_for_people([leaver.pk, world.person.pk])
    client.force_login(world.operator)
    answer = client.get(ADDRESS)
    numbers = {figure.state: figure.number for figure in answer.context["figures"]}
    numbers["none"] = answer.context["without_count"]
    assert '<a href="?state=none">1 人没有证书</a>' in answer.text
    for state, number in numbers.items():
        assert len(client.get(ADDRESS, {"state": state}).context["lines"]) == number, state
    assert {state: numbers[state] for state in ("", "expiring", "hours", "none", "abnormal")} == {
        "": 4, "expiring": 3, "hours": 1, "none": 1, "abnormal": 1,
    }  # fmt: skip
    assert "其中 2 本没有申请延续" in answer.text


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", ["陈一", "周二", "王五"]),
        ("sort=number", ["周二", "陈一", "王五"]),
        ("sort=nonsense", ["陈一", "周二", "王五"]),
        ("name=周", ["周二"]),
        ("category=B", ["周二"]),
        ("post=07", ["周二"]),
        ("state=abnormal", ["王五"]),
        ("state=normal", ["陈一", "周二"]),
        ("state=expiring", ["陈一"]),
        ("state=none", ["孙八"]),
        ("state=none&post=08", []),
        ("state=none&category=B", ["陈一", "孙八"]),
        ("state=none&name=陈", []),
    ],
)
def test_filters_and_orders_live_in_the_address(clerk: Client, firm: Enterprise, query: str, shown: list[str]) -> None:
    holder(firm, "陈一")
    second, leaver = make_person("周二"), make_person("王五")
    make_employment(second, firm, "07")
    make_certificate(second, firm, "B", ends_on=date(2028, 1, 1))
    make_certificate(leaver, firm, "C1", ends_on=date(2028, 1, 31))
    make_employment(make_person("孙八"), firm, "07")
    refresh_for_people([second.pk, leaver.pk])
    names = [line.person.name for line in clerk.get(f"{ADDRESS}?{query}").context["lines"]]
    assert sorted(names) == sorted(shown) if "none" in query else names == shown


def test_it_is_paged_without_losing_anybody(clerk: Client, firm: Enterprise) -> None:
    for number in range(25):
        holder(firm, f"张{number:02d}", ends_on=date(2028, 1, 1 + number % 3), hours=0)
    first = clerk.get(ADDRESS)
    second = clerk.get(ADDRESS, {"cursor": first.context["page"].next_cursor})
    names = [line.person.name for answer in (first, second) for line in answer.context["lines"]]
    assert len(names) == len(set(names)) == 25


def test_nobody_employed_is_told_where_to_begin(clerk: Client) -> None:
    page = clerk.get(ADDRESS).text
    assert "还没有在聘人员" in page
    assert "/enterprise/employment/" in page


def test_it_costs_the_same_for_one_and_for_many(clerk: Client, firm: Enterprise, count_queries: Count) -> None:
    holder(firm, "陈一")
    clerk.get(ADDRESS)
    one = count_queries(lambda: clerk.get(ADDRESS))
    for number in range(6):
        holder(firm, f"周{number}", hours=number)
    assert count_queries(lambda: clerk.get(ADDRESS)) == one


# --- reminders ---


def test_one_message_names_all_that_is_up_to_the_person_once_a_day(
    clerk: Client, firm: Enterprise, clock: Clock
) -> None:
    first = holder(firm, "陈一", hours=16)
    second = make_certificate(first.person, firm, "B", ends_on=date(2027, 1, 5))
    idle = holder(firm, "吴三", ends_on=date(2028, 6, 30))
    ids = [first.pk, second.pk, idle.pk]
    answer = clerk.post(f"{REMIND}?state=expiring", {"action": "picked", "picked": ids}, follow=True)
    assert answer.redirect_chain == [(f"{ADDRESS}?state=expiring", 302)]
    assert "已提醒 1 人。1 本证书现在不需要本人办理，没有提醒。" in answer.text
    (message,) = messages_of(first.person)
    assert message.title == f"{firm.name}提醒您办理证书事项"
    assert first.number in message.body
    assert second.number in message.body
    assert first.person.id_number not in message.body
    assert (message.link, message.kind) == ("/person/training/", "certificate")
    assert messages_of(idle.person) == []
    assert AuditEntry.objects.filter(action="staff.remind", object_id=str(first.person.pk)).count() == 1
    again = clerk.post(REMIND, {"certificate": str(first.pk)}, follow=True)
    assert "没有发出新的提醒。1 人今天已经提醒过，没有重复发送。" in again.text
    assert len(messages_of(first.person)) == 1
    clock.stop_at(NOW.replace(day=24))
    clerk.force_login(make_operator(firm))
    clerk.post(REMIND, {"certificate": str(first.pk)})
    assert len(messages_of(first.person)) == 2


def test_all_that_the_filters_show_are_reminded(clerk: Client, firm: Enterprise) -> None:
    shown, hidden = holder(firm, "陈一"), holder(firm, "周二", "B")
    answer = clerk.post(f"{REMIND}?category=C1", {"action": "all"}, follow=True)
    assert "已提醒 1 人。" in answer.text
    assert len(messages_of(shown.person)) == 1
    assert messages_of(hidden.person) == []


@pytest.mark.parametrize("action", ["picked", "all", "", "nonsense"])
def test_nothing_chosen_is_said_and_sends_nothing(clerk: Client, firm: Enterprise, action: str) -> None:
    query = "?state=nonsense" if action == "all" else ""
    holder(firm, "陈一")
    chosen = {"action": action, "certificate": ["", "0", "-1", "9" * 30, "四二"]}
    answer = clerk.post(f"{REMIND}{query}", chosen, follow=True)
    assert "请先勾选要提醒的证书" in answer.text
    assert not Message.objects.filter(title__contains="提醒您办理").exists()


def test_people_of_other_enterprises_get_nothing(clerk: Client, firm: Enterprise) -> None:
    foreign = holder(make_enterprise(), "陈一")
    answer = clerk.post(REMIND, {"action": "picked", "picked": [foreign.pk, 999999]}, follow=True)
    assert "请先勾选要提醒的证书" in answer.text
    assert messages_of(foreign.person) == []


def test_many_are_reminded_by_the_statements_of_one(clerk: Client, firm: Enterprise, count_queries: Count) -> None:
    one = [holder(firm, "陈一").pk]
    many = [holder(firm, f"周{number}").pk for number in range(5)]
    clerk.get(ADDRESS)
    first = count_queries(lambda: clerk.post(REMIND, {"action": "picked", "picked": one}))
    assert count_queries(lambda: clerk.post(REMIND, {"action": "picked", "picked": many})) == first


# --- the workbook ---


def rows_of(content: bytes) -> list[list[str]]:
    sheet = load_workbook(BytesIO(content)).active
    assert sheet is not None
    return [[str(value or "") for value in row] for row in sheet.iter_rows(values_only=True)]


def test_the_workbook_has_all_that_the_filters_show_and_what_is_to_be_done(clerk: Client, firm: Enterprise) -> None:
    for number in range(22):
        holder(firm, f"张{number:02d}")
    lacking = holder(firm, "周二", "B", hours=3)
    leaver = make_person("王五")
    make_certificate(leaver, firm, "A", ends_on=date(2028, 1, 31))
    make_employment(make_person("=孙八"), firm, "07")
    refresh_for_people([leaver.pk])
    answer = clerk.post("/enterprise/staff/export/")
    assert answer["Cache-Control"] == "private, no-store"
    titles, *rows = rows_of(answer.content)
    assert titles[0] == "姓名"
    assert len(rows) == 25
    by_name = {row[0]: row for row in rows}
    assert by_name["周二"][1] == mask_id_number(lacking.person.id_number)
    assert "学时 3 / 24" in by_name["周二"][-1]
    assert by_name["'=孙八"][4] == "没有证书"
    detail = AuditEntry.objects.get(action="staff.export").detail
    assert (detail["count"], detail["full"]) == (25, False)
    _, only = rows_of(clerk.post("/enterprise/staff/export/?category=B", {"full": "on"}).content)
    assert only[1] == lacking.person.id_number


def test_whole_numbers_are_those_of_employees_alone(clerk: Client, firm: Enterprise) -> None:
    leaver = make_person("王五")
    make_certificate(leaver, firm, "A", ends_on=date(2028, 1, 31))
    _, row_ = rows_of(clerk.post("/enterprise/staff/export/", {"full": "on"}).content)
    assert row_[1] == mask_id_number(leaver.id_number)
    assert AuditEntry.objects.get(action="staff.export").detail["full"] is True
