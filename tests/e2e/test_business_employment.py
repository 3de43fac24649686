"""聘用关系: declined and accepted on the phone, then ended on the person's request."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import expect

from employment.models import Employment
from tests.e2e import manual, story
from tests.factories import Province, make_counter_code, make_employment, make_enterprise, make_operator, make_person


def test_a_proposal_is_declined_then_made_again_and_accepted(enter: story.Enter) -> None:
    Province()
    enterprise, worker = make_enterprise("江西修河建设有限公司"), make_person("阿不都·热合曼")
    desk, phone = enter(make_operator(enterprise)), enter(worker.user, width=story.PHONE)
    begins = timezone.localdate().isoformat()
    desk.goto("/enterprise/")
    story.propose(desk, worker.id_number, "项目负责人", begins=begins)
    story.open_task_on_phone(phone, "拒绝", make_counter_code(worker))
    story.look(phone, "employment-declining")
    phone.get_by_label("原因").fill("职务与劳动合同不一致")
    phone.get_by_role("button", name="确认拒绝").click()
    expect(phone.get_by_text("已拒绝")).to_be_visible()
    phone.goto("/m/")
    expect(phone.get_by_text("没有待办事项")).to_be_visible()
    assert not Employment.objects.exists()

    desk.goto("/enterprise/")
    story.propose(desk, worker.id_number, "专职安全生产管理人员", begins=begins)
    phone.goto("/person/employment/")
    expect(phone.get_by_text("网页版只能查看")).to_be_visible()
    story.look(phone, "employment-proposed")
    # Verified a moment ago: not asked again.
    phone.goto("/m/")
    phone.get_by_role("link", name="立即处理").click()
    phone.get_by_role("link", name="同意").click()
    phone.get_by_role("button", name="确认同意").click()
    expect(phone.get_by_text("已同意")).to_be_visible()
    phone.goto("/person/employment/")
    expect(phone.get_by_text("在聘", exact=True)).to_be_visible()
    expect(phone.get_by_text(enterprise.name).first).to_be_visible()
    story.look(phone, "employment-active")

    # Renewed in place: the same employment, with the new terms beside the present ones.
    desk.goto("/enterprise/employment/")
    manual.click(desk, "1.2.4-01", desk.get_by_role("link", name="续签、变更职务"))
    desk.get_by_label("项目负责人").check()
    story.look(desk, "employment-renewing")
    manual.click(desk, "1.2.4-02", desk.get_by_role("button", name="提交，由本人确认"))
    expect(desk.get_by_text("确认之前，现在的登记不变")).to_be_visible()
    phone.goto("/person/employment/")
    story.look(phone, "employment-renewal-proposed")
    phone.goto("/m/")
    phone.get_by_role("link", name="立即处理").click()
    expect(phone.get_by_role("heading", name="现在 → 办理后")).to_be_visible()
    proposed = phone.get_by_role("row", name="职务").get_by_role("cell").last
    expect(proposed).to_contain_text("项目负责人、专职安全生产管理人员")
    story.look(phone, "employment-renewal-phone")
    manual.click(phone, "1.2.4-03", phone.get_by_role("link", name="同意"))
    manual.click(phone, "1.2.4-04", phone.get_by_role("button", name="确认同意"))
    expect(phone.get_by_text("已同意")).to_be_visible()
    assert sorted(Employment.objects.get().posts) == ["07", "08"]


def test_a_person_asks_to_leave_and_the_enterprise_agrees(enter: story.Enter) -> None:
    Province()
    enterprise, worker = make_enterprise("江西修河建设有限公司"), make_person("阿不都·热合曼")
    make_employment(worker, enterprise, "08")
    person = enter(worker.user)
    person.goto("/person/employment/")
    manual.click(person, "1.2.3-03", person.get_by_role("link", name="申请解除聘用"))
    expect(person.get_by_text("全部满足", exact=True)).to_be_visible()
    manual.click(person, "1.2.3-04", person.get_by_role("button", name="填写申请"))
    person.get_by_label("解除原因").select_option(index=1)
    person.get_by_label("劳动合同解除日期").fill((timezone.localdate() - timedelta(days=1)).isoformat())
    story.look(person, "employment-end")
    application = manual.submit(person, ("1.2.3-05", "1.2.3-06"))
    desk = enter(make_operator(enterprise))
    story.confirm(desk, "聘用关系解除")

    story.expect_approved(person, application)
    person.goto("/person/employment/")
    expect(person.get_by_role("heading", name="现在没有登记聘用关系")).to_be_visible()
    expect(person.get_by_role("row", name=enterprise.name)).to_be_visible()
    assert Employment.objects.get().end_reason == "by_person"

    colleague = make_employment(make_person("葛小满"), enterprise, "07")
    desk.goto("/enterprise/employment/")
    manual.click(desk, "1.2.3-01", desk.get_by_role("link", name="解除聘用"))
    desk.get_by_label("解除说明").fill("劳动合同到期，不再续签。")
    manual.click(desk, "1.2.3-02", desk.get_by_role("button", name="解除聘用"))
    expect(desk.get_by_text("还没有在聘人员")).to_be_visible()
    colleague.refresh_from_db()
    assert colleague.end_reason == "by_enterprise"
