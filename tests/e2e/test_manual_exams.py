"""Follows the manual of an exam: 2.5, 3.1 to 3.4 by the offices, 1.6 by the person, step by step."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.enums import Duty
from administration.enums import OfficeKind
from exams.enums import EntryState
from exams.models import ExamBatch, ExamEntry
from tests.e2e import manual, story
from tests.exams.exam_world import make_batch, make_candidate, make_entry, make_seat, make_session, make_site
from tests.factories import Province, actor, make_enterprise, make_office, make_staff

NAME = "南昌市2027年第二批考核"
SITE = "江西青云职业学院"


class Hall:
    """The office that holds the exam, and one candidate; the exam is in three weeks."""

    def __init__(self) -> None:
        self.province, self.enterprise = Province(), make_enterprise("江西赣江建设有限公司")
        self.center = make_office("江西省考试中心", kind=OfficeKind.ORGANISER, region="360000")
        self.organiser = make_staff(self.center, Duty.ORGANISE, name="考务员甲")
        self.person = make_candidate(self.enterprise, "冯小满")

    def batch(self, *, exam_in: int = 20, sign_up_to: int = -1) -> ExamBatch:
        day = timezone.localdate()
        return make_batch(
            name=NAME,
            organiser=self.center,
            site=SITE,
            sign_up_from=day - timedelta(days=9),
            sign_up_to=day + timedelta(days=sign_up_to),
            exam_from=day + timedelta(days=exam_in),
            exam_to=day + timedelta(days=exam_in),
            announced_at=timezone.now() - timedelta(days=9),
        )

    def entry(self, batch: ExamBatch, state: EntryState = EntryState.APPROVED) -> ExamEntry:
        return make_entry(self.person, self.enterprise, batch, office=self.province.municipal, state=state)


def open_batch(page: Page) -> None:
    page.goto("/office/exams/")
    page.get_by_role("link", name=NAME).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(NAME)


def test_a_batch_is_announced(enter: story.Enter) -> None:
    hall, today = Hall(), timezone.localdate()
    page = enter(hall.province.decider)
    page.goto("/office/exams/")
    manual.click(page, "3.1-01", page.get_by_role("link", name="新建批次").first)
    page.get_by_label("批次名称").fill(NAME)
    page.get_by_label("考试地区").select_option(label="南昌市")
    page.get_by_label("C2证").check()
    for label, days in (("报名开始", 0), ("报名截止", 5), ("考试日期", 20)):
        page.get_by_label(label).fill(str(today + timedelta(days=days)))
    page.get_by_label("考试地点").fill(SITE)
    page.get_by_label("名额").fill("30")
    page.get_by_label("考试机构").select_option(label=hall.center.name)
    manual.click(page, "3.1-02", page.get_by_role("button", name="保存"))
    manual.click(page, "3.1-03", page.get_by_role("button", name="公布批次"))
    expect(page.get_by_text("批次已公布").first).to_be_visible()


def test_sites_and_sessions(enter: story.Enter) -> None:
    hall = Hall()
    hall.batch()
    page = enter(hall.organiser)
    page.goto("/office/exams/")
    page.get_by_role("link", name="考点", exact=True).click()
    manual.click(page, "3.2-01", page.get_by_role("link", name="登记考点").first)
    page.get_by_label("考点名称").fill(SITE)
    page.get_by_label("所在地区").select_option(label="南昌市")
    page.get_by_label("地址").fill("南昌市青云谱区样例路1号")
    story.follow(page.get_by_role("button", name="保存"))
    page.get_by_label("房间", exact=False).last.fill("3号楼101")
    page.get_by_label("座位数").fill("100")
    manual.click(page, "3.2-02", page.get_by_role("button", name="登记房间"))
    expect(page.get_by_role("row").filter(has_text="3号楼101")).to_be_visible()
    open_batch(page)
    manual.click(page, "3.2-03", page.get_by_role("link", name="安排场次"))
    page.get_by_label("开始时间").fill("09:00")
    page.get_by_label("结束时间").fill("10:30")
    page.get_by_label(f"{SITE}3号楼101使用的座位数").fill("100")
    manual.click(page, "3.2-04", page.get_by_role("button", name="保存"))
    expect(page.get_by_text("共 100 个座位")).to_be_visible()


def test_entries_are_reviewed(enter: story.Enter) -> None:
    hall = Hall()
    hall.entry(hall.batch(sign_up_to=5), EntryState.ENTERED)
    page = enter(hall.province.reviewer)
    page.goto("/office/exams/review/")
    page.get_by_label("选择 冯小满 C2证").check()
    manual.step(page, "2.5-01", page.get_by_label("选择 冯小满 C2证"))
    manual.click(page, "2.5-02", page.get_by_role("button", name="审核通过"))
    expect(page.get_by_text("审核通过 1 条")).to_be_visible()


def test_seats_are_given_and_the_card_is_taken(enter: story.Enter) -> None:
    hall = Hall()
    batch = hall.batch()
    hall.entry(batch)
    make_session(batch, make_site(hall.center, 30, name=SITE), actor(hall.organiser))
    page = enter(hall.organiser)
    open_batch(page)
    manual.click(page, "3.3-01", page.get_by_role("link", name="考场和座位"))
    manual.click(page, "3.3-02", page.get_by_role("button", name="编排 1 人的座位"))
    expect(page.get_by_text("已编排 1 人")).to_be_visible()
    manual.step(page, "3.3-03", page.get_by_role("button", name="门贴").first)
    person = enter(hall.person.user)
    person.goto("/person/exams/")
    manual.step(person, "1.6-01")
    manual.click(person, "1.6-02", person.get_by_role("link", name=f"准考证 {NAME}"))
    manual.step(person, "1.6-03", person.get_by_role("link", name="下载 PDF"), hide="main img")


def test_results_are_uploaded(enter: story.Enter, tmp_path: Path, run_jobs: Callable[..., list[str]]) -> None:
    hall = Hall()
    batch = hall.batch(exam_in=-1, sign_up_to=-5)
    make_seat(hall.entry(batch), hall.center)
    ExamEntry.objects.update(reviewed_at=timezone.now() - timedelta(days=6))
    file = tmp_path / "成绩.csv"
    file.write_text(f"姓名,身份证号,成绩,缺考\n冯小满,{hall.person.id_number},86,\n", encoding="utf-8")
    page = enter(hall.organiser)
    open_batch(page)
    manual.click(page, "3.4-01", page.get_by_role("link", name="上传成绩文件"))
    page.locator("input[type=file]").set_input_files(file)
    manual.click(page, "3.4-02", page.get_by_role("button", name="上传并预览"))
    page.wait_for_url(re.compile(r"/office/imports/[0-9]+/$"))
    run_jobs()
    page.reload()
    manual.click(page, "3.4-03", page.get_by_role("button", name="确认录入 1 人"))
    expect(page.get_by_text("已确认，正在导入")).to_be_visible()
