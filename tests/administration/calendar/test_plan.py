"""A year's plan of holidays: what is refused, what it changes, and whose deadlines it moves."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from accounts.enums import Duty
from administration.audit.services import Author
from administration.calendar.plan import PlanNotSeen, apply_plan, read_text
from administration.models import AuditEntry, CalendarDay
from tests.concurrency import at_once
from tests.factories import Province, make_staff
from tests.workflow.browsing import NOW, browser, words
from tests.worlds.extension import ExtensionWorld
from workflow.enums import Action
from workflow.models import Application
from workflow.services.acting import act

PAGE = "/office/parameters/holidays/"
PLAN = "2027年1月1日，放假，元旦\n2027-01-03\t上班\t元旦调休\n2027/1/2 放假 元旦".replace(" 放假 ", ",放假,")
KEEPER = Author(user_id=None, name="李处长")


@pytest.fixture
def frozen(clock: Any) -> None:
    clock.stop_at(NOW)


def calendar(year: int) -> dict[date, bool]:
    return dict(CalendarDay.objects.filter(day__year=year).values_list("day", "is_workday"))


def test_a_plan_is_read_as_offices_write_it() -> None:
    plan = read_text(PLAN, year=2027)
    assert [(one.day.day, one.is_workday, one.name) for one in plan] == [
        (1, False, "元旦"),
        (2, False, "元旦"),
        (3, True, "元旦调休"),
    ]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("2027-01-01,也许,元旦\n明天,放假,", ["第 1 行类型：这里应填写“放假”或“上班”。", "第 2 行日期"]),
        ("2027-01-04,上班,", ["本来就是工作日", "方案中没有 2027 年元旦"]),
        ("2027-01-01,放假,\n2027-01-01,放假,", ["写了两次"]),
        ("2027-01-01,放假,\n2028-05-01,放假,", ["2028年5月1日（星期一）不在 2027 年"]),
        ("日期,类型,名称", ["方案里没有日期"]),
        ("随便写的", ["日期"]),
    ],
)
def test_all_that_is_wrong_is_told_at_once(text: str, sentences: list[str]) -> None:
    with pytest.raises(ValidationError) as caught:
        read_text(text, year=2027)
    told = " ".join(caught.value.messages)
    assert all(sentence in told for sentence in sentences), told


@pytest.mark.django_db
@pytest.mark.usefixtures("frozen")
def test_the_plan_is_shown_first_and_moves_open_deadlines_once_confirmed(run_jobs: Callable[[], object]) -> None:
    world = ExtensionWorld()
    case = world.file()
    act(case.pk, action=Action.APPROVE, actor=world.holder(case), now=NOW)
    due = Application.objects.get(pk=case.pk).due_on
    assert due == date(2026, 11, 30)
    keeper = browser(make_staff(world.province.provincial, Duty.REGISTRY))
    assert "下载模板" in words(keeper.get(PAGE))
    kept = "\n".join(f"{day},{'上班' if work else '放假'}," for day, work in sorted(calendar(2026).items()))
    book = Workbook()
    book.active.append(["日期", "类型", "名称"])
    for line in [*kept.splitlines(), "2026-11-25,放假,临时放假"]:
        book.active.append(line.split(","))
    stream = BytesIO()
    book.save(stream)
    before = calendar(2026)
    upload = SimpleUploadedFile("方案.xlsx", stream.getvalue())
    question = keeper.post(PAGE, {"year": "2026", "table": upload, "rows": ""})
    assert question.status_code == 200, words(question)
    assert "2026年11月25日星期三按星期放假（临时放假）" in words(question)
    assert "2026年11月30日改为2026年12月1日，延后1天" in words(question)
    assert calendar(2026) == before, "nothing is saved yet"
    assert run_jobs() == []
    typed = dict(re.findall(r'name="(year|rows|moves_seen)" value="([^"]*)"', question.content.decode()))
    stale = keeper.post(PAGE, typed | {"moves_seen": "0" * 32})
    assert stale.status_code == 409
    assert "请按下面的内容重新确认" in words(stale)
    assert calendar(2026) == before
    answer = keeper.post(PAGE, typed, follow=True)
    assert "件在办办件的期限正在重算" in words(answer)
    run_jobs()
    assert Application.objects.get(pk=case.pk).due_on == date(2026, 12, 1)
    assert AuditEntry.objects.get(action="calendar.plan").detail["year"] == 2026
    again = keeper.post(PAGE, {"year": "2026", "rows": typed["rows"]})
    assert "方案与现在的工作日历一致" in words(again)


@pytest.mark.django_db
def test_days_that_the_plan_does_not_name_follow_the_week_again() -> None:
    CalendarDay.objects.create(day="2031-03-03", is_workday=False)
    CalendarDay.objects.create(day="2030-12-30", is_workday=False)
    plan = read_text("2031-01-01,放假,元旦\n2030-12-31,放假,元旦", year=2031)
    with pytest.raises(PlanNotSeen) as asked:
        apply_plan(year=2031, plan=plan, seen="", by=KEEPER)
    assert [(one.day.isoformat(), one.before, one.after) for one in asked.value.changes] == [
        ("2030-12-31", "", "放假（元旦）"),
        ("2031-01-01", "", "放假（元旦）"),
        ("2031-03-03", "放假", ""),
    ]
    assert apply_plan(year=2031, plan=plan, seen=asked.value.mark, by=KEEPER) == (3, 0)
    assert set(calendar(2031)) == {date(2031, 1, 1)}
    assert date(2030, 12, 30) in calendar(2030), "of the year before nothing is taken away"


@pytest.mark.django_db(transaction=True)
def test_of_two_keepers_with_different_plans_the_second_is_asked_anew() -> None:
    plans = [read_text(f"2031-01-01,放假,元旦\n2031-01-0{day},放假,元旦", year=2031) for day in (2, 3)]
    marks = []
    for plan in plans:
        with pytest.raises(PlanNotSeen) as asked:
            apply_plan(year=2031, plan=plan, seen="", by=KEEPER)
        marks.append(asked.value.mark)
    outcomes = at_once(
        [
            lambda plan=plan, mark=mark: apply_plan(year=2031, plan=plan, seen=mark, by=KEEPER)
            for plan, mark in zip(plans, marks, strict=True)
        ]
    )
    assert sorted(isinstance(one, PlanNotSeen) for one in outcomes) == [False, True]
    assert len(calendar(2031)) == 2


@pytest.mark.django_db
def test_who_may_and_what_a_wrong_file_says() -> None:
    province = Province()
    for user in (make_staff(province.municipal, Duty.REGISTRY), province.decider, province.reviewer):
        assert browser(user).get(PAGE).status_code == 403
        assert browser(user).post(PAGE, {"year": "2027", "rows": PLAN}).status_code == 403
    assert "导入放假安排" not in words(browser(province.decider).get("/office/parameters/"))
    keeper = browser(make_staff(province.provincial, Duty.REGISTRY))
    assert "导入放假安排" in words(keeper.get("/office/parameters/"))
    assert keeper.get(f"{PAGE}template/").content[:2] == b"PK"
    for table, told in ((b"\xff\xd8\xff not a table", "您选的是图片，不是表格"), (b"", "空")):
        answer = keeper.post(PAGE, {"year": "2027", "table": SimpleUploadedFile("方案.xlsx", table)})
        assert answer.status_code == 400
        assert told in words(answer)
    both = keeper.post(PAGE, {"year": "2027", "table": SimpleUploadedFile("a.csv", b"x"), "rows": PLAN})
    assert "一次只读一份方案" in words(both)
    assert "2027-01-03" in both.content.decode(), "what was pasted is not lost"
    assert "请选择方案文件，或者粘贴方案" in words(keeper.post(PAGE, {"year": "2027"}))
    assert not CalendarDay.objects.filter(day__year=2027, note="元旦调休").exists()
