"""One exam from its batch to the certificates, and an appeal that changes a result, all of it on the pages."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
import zxingcpp
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from certificates.models import Certificate, Document
from exams.checkin.selectors import presence_of
from exams.models import ExamCheckIn, ExamEntry, ExamSeat
from tests.e2e import manual, paper, story
from tests.e2e.exam_office import FIT, NAME, ExamOffice, filled_in, let_days_pass, let_the_exam_day_come
from workflow.models import Application, Bar

Jobs = Callable[..., list[str]]
SITE = "江西青云职业学院"
CHEATERS, FAILED, MISSING, MISNAMED, RETURNED = ("冯小满", "吴建国"), "孙建国", "李建国", "许小满", "周建国"


# --- before the exam ---


def announced(page: Page, office: ExamOffice) -> None:
    today = timezone.localdate()
    page.goto("/office/exams/")
    page.get_by_role("link", name="新建批次").first.click()
    page.get_by_label("批次名称").fill(NAME)
    page.get_by_label("考试地区").select_option(label="南昌市")
    page.get_by_label("C2证").check()
    for label, days in (("报名开始", 0), ("报名截止", 5), ("考试日期", 20), ("考试结束日期", 21)):
        page.get_by_label(label, exact=False).last.fill(str(today + timedelta(days=days)))
    page.get_by_label("考试地点").fill(SITE)
    page.get_by_label("名额").fill("35")
    page.get_by_label("考试机构").select_option(label=office.center.name)
    story.follow(page.get_by_role("button", name="保存"))
    page.get_by_role("button", name="公布批次").click()
    expect(page.get_by_text("批次已公布").first).to_be_visible()


def open_batch(page: Page) -> None:
    page.goto("/office/exams/")
    page.get_by_role("link", name=NAME).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(NAME)


def roomed(page: Page) -> None:
    page.goto("/office/exams/")
    page.get_by_role("link", name="考点", exact=True).click()
    page.get_by_role("link", name="登记考点").first.click()
    page.get_by_label("考点名称").fill(SITE)
    page.get_by_label("所在地区").select_option(label="南昌市")
    page.get_by_label("地址").fill("南昌市青云谱区样例路1号")
    story.follow(page.get_by_role("button", name="保存"))
    for room, seats in (("3号楼101", "20"), ("3号楼102", "15")):
        page.get_by_label("房间", exact=False).last.fill(room)
        page.get_by_label("座位数").fill(seats)
        page.get_by_role("button", name="登记房间").click()
        expect(page.get_by_role("row", name=re.compile(room))).to_be_visible()
    story.look(page, "exam-story-site")
    open_batch(page)
    story.follow(page.get_by_role("link", name="安排场次"))
    page.get_by_label("开始时间").fill("09:00")
    page.get_by_label("结束时间").fill("10:30")
    page.get_by_label(f"{SITE}3号楼101使用的座位数").fill("20")
    page.get_by_label(f"{SITE}3号楼102使用的座位数").fill("15")
    story.look(page, "exam-story-session")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("共 35 个座位，名额 35 个")).to_be_visible()


REFUSED = {
    "号码错": "号码读不出来",
    "赵建国": "与第",
    "明不符": "这个号码登记的是名不符",
    "缺照片": "未上传个人证件照",
    "学历低": "学历和职称都不符合要求",
    "在别处": "没有与本企业登记聘用关系",
}


def signed_up_by_list(page: Page, office: ExamOffice, folder: Path) -> None:
    page.goto("/enterprise/exams/")
    page.get_by_role("link", name=f"报名 {NAME}").click()
    page.get_by_text("把名单给我们").click()
    page.get_by_label("或者上传表格").set_input_files(office.list_file(folder))
    page.get_by_role("button", name="核对名单").click()
    expect(page.get_by_role("heading", name="核对结果：40 行里 34 人可以报名")).to_be_visible()
    for name, reason in REFUSED.items():
        expect(page.get_by_role("row").filter(has_text=name).filter(has_text=reason)).to_be_visible()
    story.look(page, "exam-story-list")
    page.get_by_label("本企业承诺").check()
    page.get_by_role("button", name="为勾选的人员报名").click()
    expect(page.get_by_text("34 人已报名")).to_be_visible()
    assert ExamEntry.objects.count() == FIT


def reviewed(desk: Page, firm: Page, name: str) -> None:
    """One is returned, cured and then approved; the others are approved page by page."""
    desk.goto("/office/")
    story.follow(desk.get_by_role("link", name=re.compile("^考试")).first)
    story.follow(desk.get_by_role("link", name=re.compile("报名审核")))
    desk.get_by_label("姓名").fill(name)
    story.follow(desk.get_by_role("button", name="筛选"))
    desk.get_by_role("link", name=name).click()
    desk.get_by_label("职务与劳动合同不一致").check()
    story.look(desk, "exam-story-entry")
    desk.get_by_role("button", name="退回补正").click()
    expect(desk.get_by_text(f"{name}的报名已退回补正").first).to_be_visible()
    for approved in (20, FIT - 21):
        desk.goto("/office/exams/review/")
        desk.locator("[data-pick-all]").check()
        desk.get_by_role("button", name="审核通过").click()
        expect(desk.get_by_text(f"审核通过 {approved} 条")).to_be_visible()
    firm.goto("/enterprise/")
    firm.get_by_role("link", name="查看退回的报名").first.click()
    story.follow(firm.get_by_role("link", name=f"补正 {name}"))
    expect(firm.get_by_text("职务与劳动合同不一致").first).to_be_visible()
    story.look(firm, "exam-story-resubmit")
    firm.get_by_role("button", name="已补正，重新提交").click()
    expect(firm.get_by_text("已重新提交，等待主管部门审核")).to_be_visible()
    desk.goto("/office/exams/review/")
    desk.get_by_role("link", name=name).click()
    desk.get_by_role("button", name="通过", exact=True).click()
    expect(desk.get_by_text(f"{name}的报名审核通过").first).to_be_visible()


def seated(page: Page) -> None:
    open_batch(page)
    page.get_by_role("link", name="考场和座位").click()
    page.get_by_role("button", name="编排 34 人的座位").click()
    expect(page.get_by_text("已编排 34 人，共 35 个座位")).to_be_visible()
    story.look(page, "exam-story-seats")
    assert ExamSeat.objects.filter(released_at__isnull=True).count() == FIT


# --- papers ---


def kept(page: Page, target: Path, press: Callable[[], None]) -> Path:
    with page.expect_download() as started:
        press()
    started.value.save_as(target)
    return target


def codes_in(file: Path) -> list[str]:
    """All QR codes of a printed file."""
    pages = file.with_suffix("")
    subprocess.run(["pdftoppm", "-r", "110", "-gray", "-png", file, pages], check=True)
    pictures = [Image.open(BytesIO(one.read_bytes())) for one in sorted(file.parent.glob(f"{pages.name}-*.png"))]
    return [code.text for picture in pictures for code in zxingcpp.read_barcodes(picture)]


def cards_taken(firm: Page, person: Page, seat: ExamSeat, folder: Path) -> None:
    firm.goto("/enterprise/exams/")
    story.follow(firm.get_by_role("link", name="准考证", exact=True))
    story.look(firm, "exam-story-cards")
    cards = kept(firm, folder / "全部准考证.pdf", firm.get_by_role("button", name=re.compile("^下载 PDF")).click)
    codes = ExamSeat.objects.order_by("pk").values_list("code", flat=True)
    assert sorted(codes_in(cards)) == sorted(codes)
    person.goto("/person/exams/")
    story.follow(person.get_by_role("link", name=f"准考证 {NAME}"))
    story.look(person, "exam-story-card")
    card = kept(person, folder / "准考证.pdf", person.get_by_role("link", name="下载 PDF").click)
    assert codes_in(card) == [seat.code]
    said = paper.printed_text(card)
    assert seat.candidate_number in said
    assert "3号楼10" in said


def door_list_taken(page: Page, folder: Path) -> None:
    open_batch(page)
    page.get_by_role("link", name="考场和座位").click()
    file = kept(page, folder / "门贴.pdf", page.get_by_role("button", name=re.compile("^门贴.*第1考场")).click)
    said = paper.printed_text(file)
    sitting = list(ExamSeat.objects.filter(session_room__number=1).select_related("entry__person").order_by("number"))
    assert len(sitting) >= FIT - 15
    assert [one for one in sitting if one.entry.person.name not in said] == []
    assert [one for one in sitting if str(one.entry.person.id_number) in said] == []


# --- at the door ---


def checked_in_offline(hall: Page, phone: Page, seats: list[ExamSeat]) -> None:
    open_batch(hall)
    hall.get_by_role("link", name="考试当天和签到").click()
    story.follow(hall.get_by_role("link", name=re.compile("^生成签到链接.*第1场第1考场")))
    story.follow(hall.get_by_role("button", name="生成签到链接"))
    phone.goto(hall.get_by_role("link", name="/checkin/").inner_text())
    phone.get_by_label("签到人员姓名").first.fill("监考一")
    phone.get_by_role("button", name="开始签到").click()
    expect(phone.locator("[data-check-in][data-ready='1'][data-kept='1']")).to_have_count(1)
    phone.context.set_offline(True)
    phone.reload()
    for seat in seats:
        phone.get_by_label("准考证号、座位号或姓名").fill(seat.candidate_number)
        phone.get_by_role("button", name="查找").click()
        expect(phone.get_by_alt_text(f"{seat.entry.person.name}的证件照")).to_be_visible()
        phone.get_by_role("button", name="确认签到").click()
        expect(phone.get_by_text(f"{seat.number:02d} {seat.entry.person.name} 已签到")).to_be_visible()
    expect(phone.get_by_text(f"{len(seats)} 条等待上传")).to_be_visible()
    assert not ExamCheckIn.objects.exists()
    phone.context.set_offline(False)
    expect(phone.get_by_text("全部已上传")).to_be_visible()
    hall.goto(hall.url.rsplit("/", 2)[0] + "/")
    row = hall.get_by_role("table", name="考场").get_by_role("row", name=re.compile("第1考场"))
    expect(row.get_by_role("cell", name=str(len(seats)), exact=True)).to_be_visible()


# --- results ---


def upload_results(page: Page, file: Path, run_jobs: Jobs) -> None:
    open_batch(page)
    page.get_by_role("link", name="上传成绩文件").click()
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="上传并预览").click()
    page.wait_for_url(re.compile(r"/office/imports/[0-9]+/$"))
    run_jobs()
    page.goto(page.url)
    expect(page.get_by_role("heading", level=1)).to_contain_text("预览")


def results_recorded(page: Page, folder: Path, run_jobs: Jobs) -> None:
    """The first file is wrong in two places and shows it; the second one is confirmed."""
    first, second = CHEATERS
    results: dict[str, dict[str, object]] = {
        first: {"违纪": "替考"},
        second: {"违纪": "携带通讯工具"},
        FAILED: {"成绩": 58},
    }
    open_batch(page)
    candidates = kept(page, folder / "考生.xlsx", page.get_by_role("button", name=re.compile("下载考生名单")).click)
    upload_results(page, filled_in(candidates, results, but=MISSING, rename=MISNAMED), run_jobs)
    for said in ("姓名与报名信息不一致", MISSING, "不会当作缺考", *CHEATERS, "替考", "携带通讯工具"):
        expect(page.get_by_text(said).first).to_be_visible()
    expect(page.get_by_text(re.compile("12 ?个月内不能再报名")).first).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("^确认录入"))).to_have_count(0)
    page.get_by_role("button", name="放弃这份表").click()
    expect(page.get_by_text("已放弃这个文件")).to_be_visible()
    assert not ExamEntry.objects.filter(settled_at__isnull=False).exists()
    upload_results(page, filled_in(candidates, results), run_jobs)
    page.get_by_role("button", name=f"确认录入 {FIT} 人").click()
    expect(page.get_by_text("已确认，正在导入")).to_be_visible()
    run_jobs()
    assert list(Bar.objects.order_by("pk").values_list("person__name", flat=True)) == list(CHEATERS)
    assert Application.objects.filter(kind="first_issue").count() == FIT - 3


def all_issued(page: Page, expected: int, run_jobs: Jobs) -> None:
    page.goto("/office/queue/provincial/")
    expect(page.get_by_role("link", name="首次发证").first).to_be_visible()
    if expected > 20:
        page.get_by_label(re.compile("不只本页")).check()
    else:
        page.locator("[data-pick-all]").check()
    page.get_by_role("button", name="批量通过").click()
    page.get_by_role("button", name=f"确认通过 {expected} 件").click()
    expect(page.get_by_role("heading", name="批量办理结果")).to_be_visible()
    run_jobs()


def signed_certificate(person: Page, number: str, folder: Path) -> None:
    story.open_certificate(person, number)
    story.expect_signed(person)
    (folder / number).mkdir()
    file = folder / number / "电子证书.pdf"
    story.download(person, "下载电子证书", file)
    paper.expect_trusted_everywhere(file)
    assert number in paper.printed_text(file)


# --- the appeal ---


def appealed(person: Page) -> Application:
    person.goto("/person/exams/")
    manual.click(person, "1.8-01", person.get_by_role("link", name=re.compile("申请复核")))
    expect(person.get_by_text("全部满足", exact=True)).to_be_visible()
    manual.click(person, "1.8-02", person.get_by_role("button", name="填写申请"))
    person.get_by_label("成绩统计或登记有误").check()
    person.get_by_label("事实和理由").fill("第三大题已作答，没有计分。")
    story.look(person, "exam-story-appeal")
    manual.step(person, "1.8-03", person.get_by_label("事实和理由"))
    return manual.submit(person, ("1.8-04", "1.8-05"))


def appeal_granted(page: Page, name: str) -> None:
    page.goto("/office/")
    manual.step(page, "3.6-01", page.get_by_role("link", name="考试机构待办"))
    story.open_case(page, "考试机构", "成绩复核")
    story.look(page, "exam-story-appeal-desk")
    manual.step(page, "3.6-02", page.get_by_role("link", name=re.compile("更正成绩")), hide="main img")
    with page.expect_popup() as opened:
        page.get_by_role("link", name=re.compile("更正成绩")).click()
    form = opened.value
    form.get_by_label("知识考核成绩").fill("７２")
    form.get_by_label("更正原因").fill("第三大题漏计 14 分")
    manual.click(form, "3.6-03", form.get_by_role("button", name="更正结果"), hide="main img")
    expect(form.get_by_text(f"{name}的考试结果已更正")).to_be_visible()
    form.close()
    manual.click(page, "3.6-04", page.get_by_role("button", name="通过", exact=True), hide="main img")
    expect(page.get_by_text("已通过")).to_be_visible()


@pytest.fixture
def phone(browser: Browser, base_url: str, browser_context_args: dict[str, object]) -> object:
    arguments = {**browser_context_args, "base_url": base_url, "viewport": {"width": 390, "height": 844}}
    context = browser.new_context(**arguments)  # type: ignore[arg-type]
    yield context.new_page()
    context.close()


def test_an_exam_from_its_batch_to_the_certificates(
    enter: story.Enter, phone: Page, tmp_path: Path, run_jobs: Jobs
) -> None:
    office = ExamOffice()
    decider, hall, firm = enter(office.province.decider), enter(office.organiser), enter(office.operator)
    announced(decider, office)
    roomed(hall)
    signed_up_by_list(firm, office, tmp_path)
    reviewed(enter(office.province.reviewer), firm, RETURNED)
    seated(hall)
    seats = list(ExamSeat.objects.filter(session_room__number=1).select_related("entry__person").order_by("number"))
    cards_taken(firm, enter(seats[0].entry.person.user), seats[0], tmp_path)
    door_list_taken(hall, tmp_path)

    let_the_exam_day_come(office.batch)
    checked_in_offline(hall, phone, seats[:3])
    assert [presence_of(office.batch)[one.entry_id].by_name for one in seats[:3]] == ["监考一"] * 3

    let_days_pass(office.batch, days=2)
    results_recorded(hall, tmp_path, run_jobs)
    cheater = enter(office.person(CHEATERS[0]).user)
    cheater.goto("/person/exams/")
    expect(cheater.get_by_role("heading", name="现在不能报名考试")).to_be_visible()
    all_issued(decider, FIT - 3, run_jobs)
    assert Document.objects.count() == Certificate.objects.count() == FIT - 3
    passed = office.entry(office.person(RETURNED))
    assert passed.certificate is not None
    signed_certificate(enter(office.person(RETURNED).user), passed.certificate.number, tmp_path)

    failed = enter(office.person(FAILED).user)
    appeal = appealed(failed)
    hall.goto(f"/office/applications/{appeal.number}/")
    expect(hall.get_by_text("请由本部门另一名有“考试机构”职责的工作人员办理").first).to_be_visible()
    appeal_granted(enter(office.colleague), FAILED)
    story.expect_approved(failed, appeal)
    failed.goto("/person/exams/")
    expect(failed.get_by_text("系统正在提交首次发证，不需要申请")).to_be_visible()
    run_jobs()
    all_issued(decider, 1, run_jobs)
    entry = office.entry(office.person(FAILED))
    assert entry.certificate is not None
    signed_certificate(failed, entry.certificate.number, tmp_path)
