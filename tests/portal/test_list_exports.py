"""Lists of administrators as tables: every registry by its own columns and filters, and the logins; masked and guarded."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib import admin
from django.db import IntegrityError, connection, transaction
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from accounts.enums import Duty, Sphere
from accounts.models import Person, User
from administration.enums import OfficeKind
from administration.models import AuditEntry, CalendarDay, Office
from portal.exporting import registry_list
from tests.factories import make_office, make_person, make_staff
from tests.workflow.browsing import browser, words
from workflow.exports.services import decide_export
from workflow.models import ExportRequest

pytestmark = pytest.mark.django_db
EXPORT = "/office/exports/lists/registry/csv/"


@pytest.fixture
def keeper() -> User:
    office = make_office("江西省住房和城乡建设厅", kind=OfficeKind.PROVINCIAL, region="360000")
    return make_staff(office, Duty.REGISTRY)


@pytest.fixture
def system_admin() -> User:
    return User.objects.create(login="sys.one", sphere=Sphere.SYSTEM_ADMIN, name="系统")


def rows_of(answer: Any) -> list[list[str]]:
    assert answer.status_code == 200, answer
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def test_each_registry_is_a_table(system_admin: User, keeper: User) -> None:
    person = make_person("王小明")
    clients = {user: browser(user) for user in (system_admin, keeper)}
    tried = 0
    for model in admin.site._registry:
        label = model._meta.label_lower
        for user, client in clients.items():
            page = client.get(f"/office/registry/{label.replace('.', '/')}/")
            answer = client.get(f"{EXPORT}?list={label}")
            assert answer.status_code == page.status_code, (label, user.login)
            if page.status_code == 200:
                titles, *lines = rows_of(answer)
                assert titles, label
                assert not [line for line in lines if person.name in line or str(person.id_number) in line], label
                tried += 1
    assert tried >= len(admin.site._registry)


def test_filters_words_and_formulas(system_admin: User) -> None:
    client = browser(system_admin)
    CalendarDay.objects.create(day="2026-12-24", is_workday=False, note="=HYPERLINK(1)")
    CalendarDay.objects.create(day="2026-12-26", is_workday=True, note="调休")
    titles, *lines = rows_of(client.get(f"{EXPORT}?list=administration.calendarday&is_workday__exact=0"))
    assert len(titles) == 3
    (line,) = [line for line in lines if line[0] == "2026年12月24日"]
    assert line[1:] == ["否", "'=HYPERLINK(1)"]
    assert not [line for line in lines if line[0] == "2026年12月26日"]
    xlsx = client.get("/office/exports/lists/registry/xlsx/?list=administration.office")
    sheet = load_workbook(io.BytesIO(b"".join(xlsx.streaming_content))).active
    assert sheet is not None
    assert {row[0] for row in sheet.iter_rows(values_only=True)} >= {one.name for one in Office.objects.order_by("pk")}
    entry = AuditEntry.objects.filter(action="list.export").order_by("pk")[0]
    assert (entry.actor_id, entry.detail["list"]) == (system_admin.pk, "administration.calendarday")


def test_the_page_leads_to_its_export(system_admin: User, keeper: User) -> None:
    make_person("王小明")
    page = browser(system_admin).get("/office/registry/accounts/person/?q=王")
    assert "list=accounts.person&amp;q=" in page.content.decode()
    for user in (system_admin, keeper):
        assert "申请未脱敏导出" in words(browser(user).get("/office/registry/accounts/person/"))


def test_who_may_not(system_admin: User, keeper: User, client: Client) -> None:
    reviewer = make_staff(make_office("九江市住房和城乡建设局", region="360400"), Duty.REVIEW)
    security = User.objects.create(login="sec.one", sphere=Sphere.SECURITY_ADMIN, name="安全")
    auditor = User.objects.create(login="aud.one", sphere=Sphere.AUDIT_ADMIN, name="审计")
    person = f"{EXPORT}?list=accounts.person"
    users = "/office/exports/lists/users/csv/"
    assert client.get(person).status_code == 302
    for user in (reviewer, security, auditor):
        assert browser(user).get(person).status_code == 403
    for user in (system_admin, keeper, reviewer):
        assert browser(user).get(users).status_code == 403
    assert "用户" in words(browser(security).get("/office/users/"))
    titles, *lines = rows_of(browser(security).get(f"{users}?sphere=staff"))
    assert titles[0] == "登录名"
    assert {line[0] for line in lines} == {keeper.login, reviewer.login}
    for wrong in (
        "list=x",
        "list=accounts.nothing",
        "list=accounts.loginsession",
        "list=accounts.person&password__exact=1",
        "",
    ):
        assert browser(system_admin).get(f"{EXPORT}?{wrong}").status_code == 404, wrong
    assert browser(system_admin).get("/office/exports/lists/registry/pdf/?list=accounts.person").status_code == 404


def test_a_keeper_gets_whole_names_on_request(keeper: User, run_jobs: Callable[..., list[str]]) -> None:
    person = make_person("王小明")
    make_person("赵四")
    asked = browser(keeper).post(
        "/office/exports/new/registry/?list=accounts.person&q=王", {"reason": "核对", "form": "csv"}
    )
    assert asked.status_code == 302
    one = ExportRequest.objects.get()
    decide_export(
        one.pk,
        approve=True,
        answer="",
        by=User.objects.create(login="sec.one", sphere=Sphere.SECURITY_ADMIN, name="安"),
    )
    run_jobs()
    rows = rows_of(browser(keeper).post(f"/office/exports/{one.pk}/take/"))
    assert rows[1][-1] == "身份证号码"
    assert [(row[0], row[-1].strip()) for row in rows[2:]] == [(person.name, str(person.id_number))]


def test_a_table_costs_the_same_for_many(system_admin: User) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            lines = list(registry_list(system_admin, QueryDict("list=accounts.person")).lines(True))
        assert len(lines) == Person.objects.count()
        return len(queries)

    make_person("王小明")
    few = cost()
    for _ in range(5):
        make_person("赵四")
    assert cost() == few


def test_the_system_administrator_gets_whole_names_on_request_alone(
    system_admin: User, keeper: User, run_jobs: Callable[..., list[str]]
) -> None:
    person, client = make_person("王小明"), browser(system_admin)
    new = "/office/exports/new/registry/?list=accounts.person"
    answer = client.post(new, {"reason": "核对重复的记录", "form": "csv"}, follow=True)
    assert "结果显示在这里" in words(answer)
    assert "等待审批" in words(answer)
    one = ExportRequest.objects.get()
    assert client.post(f"/office/exports/{one.pk}/take/", follow=True).status_code == 200
    security = User.objects.create(login="sec.one", sphere=Sphere.SECURITY_ADMIN, name="安")
    assert "系统（系统管理员）" in words(browser(security).get(f"/office/exports/requests/{one.pk}/"))
    browser(security).post(f"/office/exports/requests/{one.pk}/", {"decision": "approve"})
    run_jobs()
    assert "可以下载" in words(client.get("/office/"))
    assert browser(keeper).post(f"/office/exports/{one.pk}/take/").status_code == 404
    rows = rows_of(client.post(f"/office/exports/{one.pk}/take/"))
    assert "系统（系统管理员）" in rows[0][0]
    assert (person.name, str(person.id_number)) in [(row[0], row[-1].strip()) for row in rows[2:]]
    actions = AuditEntry.objects.filter(action__startswith="export.").order_by("pk").values_list("action", "actor_id")
    assert list(actions) == [
        ("export.ask", system_admin.pk),
        ("export.approve", security.pk),
        ("export.take", system_admin.pk),
    ]


def test_whoever_asks_has_no_second_login_that_approves(system_admin: User) -> None:
    security = User.objects.create(login="sec.one", sphere=Sphere.SECURITY_ADMIN, name="安")
    with pytest.raises(IntegrityError, match="one_person_has_one_role"), transaction.atomic():
        User.objects.filter(pk__in=[system_admin.pk, security.pk]).update(identity_index="a" * 64)


def test_other_administrators_ask_for_none() -> None:
    for sphere in (Sphere.SECURITY_ADMIN, Sphere.AUDIT_ADMIN):
        client = browser(User.objects.create(login=f"{sphere.value}.one", sphere=sphere, name="别的"))
        for address in ("/office/exports/", "/office/exports/new/registry/?list=accounts.person"):
            assert client.get(address).status_code == 403
