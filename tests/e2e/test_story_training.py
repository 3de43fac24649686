"""A training institution corrects a record under an open extension: the desk, the person and the enterprise see it at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.enums import Duty
from administration.enums import OfficeKind
from tests.e2e import story
from tests.factories import (
    Province,
    make_certificate,
    make_employment,
    make_enterprise,
    make_office,
    make_operator,
    make_person,
    make_staff,
    make_training,
)
from workflow.models import Application

LACKS = "继续教育学时不足：申请时 24 学时，现在 12 学时，需要 24 学时。"


def filed_extension(person: Page, operator: Page, number: str) -> Application:
    story.start(person, number, "证书延续")
    application = story.submit(person)
    story.confirm(operator, "证书延续")
    return application


def expect_told(page: Page, title: str, shows: str, address: str) -> None:
    """The message is in the mailbox, and the page to which it leads says the hours."""
    page.goto("/messages/")
    expect(page.get_by_text(title).first).to_be_visible()
    page.goto(address)
    expect(page.get_by_text(shows).first).to_be_visible()


def corrected(trainer: Page, name: str, hours: str) -> None:
    """From the institution's first page to the corrected record."""
    trainer.goto("/office/")
    story.look(trainer, "training-home")
    story.follow(trainer.get_by_role("link", name="查看、更正和撤回记录"))
    trainer.get_by_label("姓名").fill(name)
    story.follow(trainer.get_by_role("button", name="筛选"))
    story.look(trainer, "training-records")
    story.follow(trainer.get_by_role("link", name=f"更正 {name}"))
    trainer.get_by_label("学时").fill(hours)
    story.look(trainer, "training-correct")
    trainer.get_by_label("更正原因").fill("按签到表，下午没有到课")
    trainer.get_by_role("button", name="保存更正").click()
    expect(trainer.get_by_text("已更正。原记录保留为已撤回")).to_be_visible()
    story.look(trainer, "training-corrected")


def added(trainer: Page, name: str, id_number: str) -> None:
    day = (timezone.localdate() - timedelta(days=1)).isoformat()
    trainer.goto("/office/training/")
    # The list has a field 姓名, too.
    story.follow(trainer.locator("#main").get_by_role("link", name="登记一条"))
    for label, value in (("姓名", name), ("身份证号", id_number), ("课程", "补训：应急处置"), ("学时", "１２")):
        trainer.get_by_label(label, exact=False).first.fill(value)
    trainer.get_by_label("开始日期").fill(day)
    trainer.get_by_label("结束日期").fill(day)
    story.look(trainer, "training-new")
    trainer.get_by_role("button", name="登记", exact=True).click()
    expect(trainer.get_by_text(f"已登记{name}的“补训：应急处置”，12 学时。")).to_be_visible()


def test_a_corrected_record_reaches_the_desk_and_everybody_concerned(
    enter: story.Enter, run_jobs: Callable[..., list[str]]
) -> None:
    today, province, enterprise = timezone.localdate(), Province(), make_enterprise()
    holder, operator = make_person("古丽·买买提"), make_operator(enterprise)
    make_employment(holder, enterprise, "07")
    certificate = make_certificate(holder, enterprise, "B", ends_on=today + timedelta(days=60))
    school = make_office("九江培训学校", kind=OfficeKind.TRAINING, region="360400")
    record = make_training(holder, ends_on=today - timedelta(days=3))
    record.institution, record.institution_name = school, school.name
    record.save()
    person, desk, firm = enter(holder.user), enter(province.reviewer), enter(operator)
    trainer = enter(make_staff(school, Duty.TRAINING, name="赵老师"))
    application = filed_extension(person, firm, certificate.number)

    corrected(trainer, holder.name, "12")
    run_jobs()
    title = f"继续教育学时不足：证书延续 {application.number}"
    story.open_case(desk, "地市受理", "证书延续")
    expect(desk.get_by_text(LACKS).first).to_be_visible()
    expect(desk.get_by_text("按签到表，下午没有到课").first).to_be_visible()
    expect_told(person, title, "还差", "/person/training/")
    story.look(person, "training-mine")
    expect_told(firm, title, holder.name, "/enterprise/training/")
    story.look(firm, "training-staff")

    added(trainer, holder.name, str(holder.id_number))
    run_jobs()
    desk.reload()
    expect(desk.get_by_text(LACKS)).to_have_count(0)
    expect_told(person, f"继续教育学时已满足：证书延续 {application.number}", "学时已满足", "/person/training/")
    story.approve_twice(enter, province, "证书延续")
    story.expect_approved(person, application)
