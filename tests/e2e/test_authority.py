"""A fraud is found out, the decision is overturned, a suspension runs out: 主管部门处理 in a real browser."""

from __future__ import annotations

import re
from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import Page, expect

from certificates.authority import services
from certificates.enums import Ground
from certificates.models import Certificate, CertificateEvent
from tests.certificates.authority.authority_world import Bench
from tests.e2e.story import Enter, follow, look
from tests.factories import make_certificate, make_enterprise, make_person


def fill_in(page: Page, document_number: str, reason: str) -> None:
    page.get_by_label("文号").fill(document_number)
    page.get_by_label("事由").fill(reason)


def test_a_revocation_and_its_reversal_on_the_page(enter: Enter, page: Page) -> None:
    bench = Bench("A", ends_on=timezone.localdate() + timedelta(days=700))
    added = make_certificate(bench.person, make_enterprise(), "A", post="01", additional_to=bench.certificate)
    office = enter(bench.province.decider)
    office.goto(f"/office/certificates/{bench.certificate.pk}/")
    look(office, "authority-panel")
    office.get_by_role("link", name="撤销", exact=True).click()
    office.get_by_role("button", name="下一步").click()
    expect(office.get_by_role("alert")).to_contain_text("请填写文号")
    look(office, "authority-errors")
    office.get_by_label("以欺骗、贿赂等不正当手段取得证书").check()
    fill_in(office, "赣建安撤〔2026〕7号", "考核中由他人代考，经查属实")
    office.get_by_role("button", name="下一步").click()
    expect(office.get_by_text(f"依附的增发A证{added.number}")).to_be_visible()
    look(office, "authority-confirm")
    follow(office.get_by_role("button", name="返回修改"))
    expect(office.get_by_label("文号")).to_have_value("赣建安撤〔2026〕7号")
    office.get_by_role("button", name="下一步").click()
    office.get_by_role("button", name="确认撤销").click()
    expect(office.get_by_text("的法定状态为“撤销”")).to_be_visible()
    expect(office.get_by_text("持证人在限制期内")).to_be_visible()
    look(office, "authority-revoked")

    holder = enter(bench.person.user)
    for address, name in (("/person/", "authority-home"), ("/person/certificates/", "authority-mine")):
        holder.goto(address)
        expect(holder.get_by_text(re.compile("前不得申请安全生产考核合格证书")).first).to_be_visible()
        look(holder, name)
    page.goto("/notices/")
    follow(page.get_by_role("link", name="关于撤销2本"))
    look(page, "authority-notice")

    follow(office.get_by_role("link", name=re.compile("^撤回这项决定")))
    fill_in(office, "赣府复决〔2027〕3号", "行政复议决定撤销原决定")
    follow(office.get_by_role("button", name="下一步"))
    look(office, "authority-overturn-confirm")
    office.get_by_role("button", name="确认撤回原决定").click()
    expect(office.get_by_text("该决定已撤回")).to_be_visible()
    look(office, "authority-overturned")
    page.reload()
    expect(page.get_by_text(re.compile("^这则公告已于.*撤回，理由：赣府复决"))).to_be_visible()


def test_a_notice_with_one_line_struck_out_and_a_suspension_that_ran_out(enter: Enter, page: Page) -> None:
    bench = Bench()
    other = make_certificate(make_person("欧阳·𠮷热合曼"), bench.enterprise, "C2")
    said = {
        "document_number": "赣建安销〔2026〕5号",
        "reason": "经公安机关核实",
        "by": bench.decider,
        "now": timezone.now(),
    }
    events = services.cancel_by_office([bench.certificate.pk, other.pk], ground=Ground.DEATH, **said)
    services.overturn(next(event.pk for event in events if event.certificate_id == other.pk), **said)
    page.goto("/notices/")
    page.get_by_role("link", name="关于注销2本").click()
    expect(page.locator("del")).to_contain_text(other.number)
    look(page, "authority-notice-struck")
    long_ago = {**said, "now": timezone.now() - timedelta(days=40)}
    services.suspend([other.pk], until=timezone.localdate() - timedelta(days=10), **long_ago)
    office = enter(bench.province.decider)
    office.goto(f"/office/certificates/{other.pk}/")
    expect(office.get_by_text(re.compile("暂扣已于.*期满"))).to_be_visible()
    look(office, "authority-overdue")
    follow(office.get_by_role("link", name="发还", exact=True))
    fill_in(office, "赣建安发〔2027〕1号", "整改合格")
    look(office, "authority-restore")
    office.get_by_role("button", name="下一步").click()
    office.get_by_role("button", name="确认暂扣发还").click()
    expect(office.get_by_text("的法定状态为“有效”")).to_be_visible()
    assert Certificate.objects.get(pk=other.pk).legal_state == "01"
    assert CertificateEvent.objects.filter(certificate=other).count() == 4
