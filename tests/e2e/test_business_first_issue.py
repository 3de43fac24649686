"""From the batch to the certificate: announced, entered, reviewed, results uploaded, decided, found by the lookup."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.enums import Duty
from administration.enums import OfficeKind
from certificates.models import Certificate
from exams.models import ExamBatch, ExamEntry
from tests.e2e import manual, story
from tests.exams.exam_world import make_candidate
from tests.factories import Province, make_enterprise, make_office, make_operator, make_staff

NAME = "南昌市2027年第一批考核"


def make_batch_by_form(page: Page) -> None:
    today = timezone.localdate()
    page.goto("/office/exams/")
    page.get_by_role("link", name="新建批次").first.click()
    page.get_by_label("批次名称").fill(NAME)
    page.get_by_label("考试地区").select_option(label="南昌市")
    page.get_by_label("C2证").check()
    page.get_by_label("报名开始").fill(str(today))
    page.get_by_label("报名截止").fill(str(today + timedelta(days=5)))
    page.get_by_label("考试日期").fill(str(today + timedelta(days=20)))
    page.get_by_label("考试地点").fill("演示考点")
    page.get_by_label("名额").fill("30")
    page.get_by_label("考试机构").select_option(label="考试中心")
    story.look(page, "exam-batch-new")
    story.follow(page.get_by_role("button", name="保存"))
    page.get_by_role("button", name="公布批次").click()
    expect(page.get_by_text("批次已公布").first).to_be_visible()
    story.look(page, "exam-batch")


def test_from_the_batch_to_the_certificate(
    enter: story.Enter, page: Page, tmp_path: Path, run_jobs: Callable[..., list[str]]
) -> None:
    province, enterprise = Province(), make_enterprise()
    operator = make_operator(enterprise)
    center = make_office("考试中心", kind=OfficeKind.ORGANISER, region="360000")
    organiser = make_staff(center, Duty.ORGANISE, name="考务员")
    people = [make_candidate(enterprise, name) for name in ("甲安全", "乙安全")]
    make_candidate(enterprise, "丙无照", photo=False)
    decider = enter(province.decider)
    make_batch_by_form(decider)

    firm = enter(operator)
    firm.goto("/enterprise/")
    story.follow(firm.get_by_role("link", name="应用").first)
    manual.click(firm, "1.4-01", firm.get_by_role("link", name="安管人员考试报名").first)
    story.look(firm, "exam-enterprise")
    manual.click(firm, "1.4-02", firm.get_by_role("link", name="报名 " + NAME))
    firm.get_by_label("选择 甲安全").check()
    firm.get_by_label("选择 乙安全").check()
    expect(firm.get_by_text("未上传个人证件照")).to_be_visible()
    manual.step(firm, "1.4-03", firm.get_by_role("row").filter(has_text="丙无照"))
    firm.get_by_label("本企业承诺").check()
    story.look(firm, "exam-sign-up")
    manual.click(firm, "1.4-04", firm.get_by_role("button", name="为勾选的人员报名"))
    expect(firm.get_by_text("2 人已报名")).to_be_visible()
    manual.step(firm, "1.4-05")
    story.look(firm, "exam-entries")

    reviewer = enter(province.reviewer)
    reviewer.goto("/office/exams/review/")
    for person in people:
        reviewer.get_by_label(f"选择 {person.name} C2证").check()
    story.look(reviewer, "exam-review")
    reviewer.get_by_role("button", name="审核通过").click()
    expect(reviewer.get_by_text("审核通过 2 条")).to_be_visible()

    day = timezone.localdate()
    ExamBatch.objects.update(sign_up_from=day - timedelta(days=9), sign_up_to=day - timedelta(days=5), exam_from=day)
    # The review was before the exam day; nobody is admitted later.
    ExamEntry.objects.update(
        reviewed_at=timezone.now() - timedelta(days=6), notified_at=timezone.now() - timedelta(days=6)
    )
    rows = [
        f"{one.name},{one.id_number},{score},{absent}"
        for one, score, absent in zip(people, ("86", ""), ("", "是"), strict=True)
    ]
    file = tmp_path / "成绩.csv"
    file.write_text("\n".join(["姓名,身份证号,成绩,缺考", *rows]), encoding="utf-8")
    hall = enter(organiser)
    hall.goto("/office/imports/new/")
    hall.get_by_label("考试成绩").check()
    hall.locator("input[type=file]").set_input_files(file)
    hall.get_by_role("button", name="上传并预览").click()
    hall.wait_for_url(re.compile(r"/office/imports/[0-9]+/$"))
    run_jobs()
    hall.reload()
    expect(hall.get_by_role("heading", name="成绩预览：还没有录入任何成绩")).to_be_visible()
    story.look(hall, "exam-results-preview")
    hall.get_by_role("button", name="确认录入 2 人").click()
    expect(hall.get_by_text("已确认，正在导入")).to_be_visible()
    run_jobs()
    assert dict(ExamEntry.objects.values_list("person__name", "state")) == {"甲安全": "passed", "乙安全": "absent"}
    absent = enter(people[1].user)
    absent.goto("/person/exams/")
    expect(absent.get_by_text("不得参加考试报名").first).to_be_visible()
    story.look(absent, "exam-mine")

    decider.goto("/office/queue/provincial/")
    expect(decider.get_by_role("link", name="首次发证")).to_be_visible()
    decider.locator("input[name=picked]").first.check()
    decider.get_by_role("button", name="批量通过").click()
    decider.get_by_role("button", name="确认通过").click()
    expect(decider.get_by_role("heading", name="批量办理结果")).to_be_visible()
    run_jobs()
    certificate = Certificate.objects.get()
    assert (certificate.person, certificate.enterprise) == (people[0], enterprise)
    page.goto("/lookup/")
    page.get_by_label("证书编号").fill(certificate.number)
    page.get_by_label("姓名").first.fill("甲安全")
    page.get_by_role("button", name="查询").first.click()
    expect(page.get_by_text(certificate.number).first).to_be_visible()
    expect(page.get_by_text("正常使用").first).to_be_visible()
