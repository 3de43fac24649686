"""An extension with scripts switched off, by everybody who has a say in it: plain forms carry the whole of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from certificates.models import Certificate
from tests.e2e import story
from tests.factories import (
    Province,
    make_certificate,
    make_employment,
    make_enterprise,
    make_operator,
    make_person,
    make_training,
)


def look(page: Page, name: str) -> None:
    """Accessibility is judged by scripts: the other stories do."""
    story.look(page, name, judge=False)


@pytest.mark.usefixtures("live_worker")
def test_an_extension_without_javascript(
    enter: story.Enter, browser: Browser, base_url: str, browser_context_args: dict[str, Any]
) -> None:
    province, enterprise, holder = Province(), make_enterprise(), make_person("王小丫")
    operator = make_operator(enterprise)
    make_employment(holder, enterprise, "08")
    ends = timezone.localdate() + timedelta(days=30)
    certificate = make_certificate(holder, enterprise, "C3", ends_on=ends)
    arguments = {**browser_context_args, "base_url": base_url, "java_script_enabled": False}
    with browser.new_context(**arguments) as context:
        person = context.new_page()
        story.log_in(person, holder.id_number)
        story.open_certificate(person, certificate.number)
        person.get_by_text("证书延续：暂时不能办理").click()
        expect(person.get_by_text("继续教育学时不足").first).to_be_visible()
        make_training(holder)
        story.start(person, certificate.number, "证书延续")
        look(person, "plain-form")
        person.get_by_role("button", name="提交申请").click()
        expect(person.get_by_role("alert")).to_contain_text("请阅读并勾选承诺")
        look(person, "plain-form-wrong")
        application = story.submit(person)
        story.confirm(enter(operator, javascript=False), "证书延续")

        municipal = enter(province.reviewer, javascript=False)
        story.open_case(municipal, "地市受理", "证书延续")
        look(municipal, "plain-review")
        municipal.get_by_role("button", name="不予通过").click()
        expect(municipal.get_by_role("alert")).to_contain_text("请写明原因")
        story.approve(municipal, "地市受理", "证书延续")
        story.approve(enter(province.decider, javascript=False), "省厅审核", "证书延续")

        story.expect_approved(person, application)
        story.open_certificate(person, certificate.number)
        expect(person.get_by_role("heading", level=1)).to_contain_text("正常使用")
        story.expect_signed_without_script(person)
    assert Certificate.objects.get().ends_on > ends
