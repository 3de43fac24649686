"""The organiser sees what a file of results will do, stops at a column filled wrongly, and confirms the right one."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from administration.models import ImportRun
from exams.enums import EntryState
from exams.models import ExamEntry
from exams.results.services import Result, record_results
from tests.e2e import story
from tests.exams.exam_world import ExamWorld, make_batch, make_candidate, make_entry
from tests.factories import actor
from workflow.models import Bar

NAMES = ("鲍春来", "陈桂花", "狄娜", "葛小满", "梁山", "秦川")


def upload(page: Page, folder: Path, rows: list[str], run_jobs: Callable[..., list[str]]) -> None:
    file = folder / f"{len(list(folder.iterdir()))}.csv"
    file.write_text("\n".join(["姓名,身份证号,成绩,违纪,更正原因", *rows]), encoding="utf-8")
    page.goto("/office/imports/new/?kind=exam_results")
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="上传并预览").click()
    page.wait_for_url(re.compile(r"/office/imports/[0-9]+/$"))
    run_jobs()
    page.goto(page.url)
    expect(page.get_by_role("heading", name="成绩预览：还没有录入任何成绩")).to_be_visible()


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "plain"])
def test_from_the_wrong_file_to_the_right_one(
    enter: story.Enter, tmp_path: Path, run_jobs: Callable[..., list[str]], javascript: bool
) -> None:
    world, today = ExamWorld(), timezone.localdate()
    batch = make_batch(
        organiser=world.organiser_office,
        name="2026年第五批考核",
        sign_up_from=today - timedelta(days=9),
        sign_up_to=today - timedelta(days=5),
        exam_from=today,
        exam_to=today,
    )
    people = [make_candidate(world.enterprise, name) for name in NAMES]
    entries = [make_entry(one, world.enterprise, batch, office=world.province.municipal) for one in people]
    record_results([Result(entries[3].pk, EntryState.FAILED, 58)], by=actor(world.organiser))
    hall = enter(world.organiser, javascript=javascript)
    numbers = [f"{one.name},{one.id_number}" for one in people]

    upload(hall, tmp_path, [f"{number},,是,按监考报告" for number in numbers], run_jobs)
    expect(hall.get_by_role("heading", name="请停一下，先核对")).to_be_visible()
    story.look(hall, "results-preview-stop", judge=javascript)
    hall.get_by_text("确实如此？在这里写明理由").click()
    hall.get_by_label("核对情况和理由").fill("已与考点违纪登记表逐人核对")
    hall.get_by_role("button", name="提交理由，请另一人确认").click()
    expect(hall.get_by_text("已与考点违纪登记表逐人核对")).to_be_visible()
    expect(hall.get_by_role("button", name="确认录入 6 人")).to_have_count(0)
    hall.get_by_role("button", name="放弃这份表").click()
    expect(hall.get_by_text("已放弃这个文件")).to_be_visible()

    wrong = f"秦钏,{people[5].id_number}"
    rows = [
        f"{numbers[0]},,替考",
        f"{numbers[1]},88,",
        f"{numbers[2]},70,",
        f"{numbers[3]},85,,漏加一题的分",
        f"{wrong},81,",
    ]
    upload(hall, tmp_path, rows, run_jobs)
    for said in ("58 → 85", "姓名与报名信息不一致", "表里没有的 1 人", "梁山", "不会当作缺考"):
        expect(hall.get_by_text(said).first).to_be_visible()
    expect(hall.get_by_text("12个月内不能再报名").first).to_be_visible()
    story.look(hall, "results-preview", judge=javascript)
    expect(hall.get_by_text("有 1 行不能录入，所以现在不能确认").first).to_be_visible()
    expect(hall.get_by_role("button", name="确认录入 4 人")).to_have_count(0)
    hall.get_by_role("button", name="放弃这份表").click()
    expect(hall.get_by_text("已放弃这个文件")).to_be_visible()
    upload(hall, tmp_path, rows[:-1], run_jobs)
    hall.get_by_role("button", name="确认录入 4 人").focus()
    hall.keyboard.press("Enter")
    expect(hall.get_by_text("已确认，正在导入")).to_be_visible()
    assert not Bar.objects.exists()
    run_jobs()
    hall.goto(hall.url)
    expect(hall.get_by_role("heading", name="结果")).to_be_visible()
    story.look(hall, "results-imported", judge=javascript)
    states = list(ExamEntry.objects.order_by("pk").values_list("state", flat=True))
    assert states == ["cheated", "passed", "passed", "passed", "approved", "approved"]
    assert ImportRun.objects.latest("pk").confirmed_by == "考务员"
