"""A person verifies telephone and e-mail, hears of a proposal by both, follows the link and agrees on the phone.

An SMS service and a mail server answer on loopback; the job that empties the outbox runs in this process.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from administration.outbox.tasks import send_deliveries
from devtools.demo_servers.mail_server import MailBox
from devtools.demo_servers.sms_service import SmsService
from employment.models import Employment
from tests.administration.outbox.reached import approve_templates, set_parameter, sms_service, smtp
from tests.e2e import story
from tests.factories import PASSWORD, Province, make_counter_code, make_enterprise, make_operator, make_person

pytestmark = pytest.mark.django_db(transaction=True)
PHONE, EMAIL = "13900004321", "ouyang@example.com"
CASE = "聘用关系建立"


def sent(service: SmsService) -> list[list[str]]:
    """The parameters of what was sent to the telephone, in order."""
    taken = [service.taken[key] for key in service.order]
    assert {one["phone"] for one in taken} <= {PHONE}
    return [list(map(str, one["parameters"])) for one in taken]


def mailed(box: MailBox) -> list[str]:
    assert {receiver for receiver, _ in box.received} <= {EMAIL}
    return [str(letter.get_content()) for _, letter in box.received]


def press(page: Page, words: str, title: str) -> None:
    """A button whose name ends with what it is about, for those who do not see where it stands."""
    story.follow(page.get_by_role("button", name=re.compile(rf"^{words}\s*：{title}$")))


def verify(page: Page, title: str, code: str) -> None:
    page.get_by_label("验证码").fill(code)
    press(page, "验证", title)
    expect(page.get_by_text("已验证，以后的消息会发到这里。")).to_be_visible()


def test_a_proposal_reaches_the_person_by_sms_and_mail(
    enter: story.Enter, browser: Browser, base_url: str, browser_context_args: dict[str, Any], settings: Any
) -> None:
    Province()
    settings.PUBLIC_BASE_URL = base_url
    enterprise, holder = make_enterprise("江西讯达建设有限公司"), make_person("欧阳·䶮", phone=PHONE)
    # Nobody is disturbed at night; the story may be told at any hour.
    set_parameter("messages_quiet_from", 0)
    set_parameter("messages_quiet_until", 0)
    approve_templates()
    with sms_service(settings) as service, smtp(settings) as box:
        person = enter(holder.user)
        person.goto("/messages/contact/")
        press(person, "获取验证码", "手机号码")
        send_deliveries.func(0)
        verify(person, "手机号码", sent(service)[0][0])
        person.get_by_role("textbox", name="电子邮箱").fill(EMAIL)
        press(person, "保存", "电子邮箱")
        press(person, "获取验证码", "电子邮箱")
        send_deliveries.func(0)
        found = re.search(r"(?<!\d)\d{6}(?!\d)", mailed(box)[0])
        assert found is not None
        verify(person, "电子邮箱", found.group())
        story.look(person, "messages-contact")

        operator = enter(make_operator(enterprise))
        operator.goto("/enterprise/")
        story.propose(operator, holder.id_number, "项目负责人", begins=timezone.localdate().isoformat())
        send_deliveries.func(0)
        send_deliveries.func(0)
        assert len(sent(service)) == 2
        (letter,) = mailed(box)[1:]
        assert CASE in letter
        assert holder.id_number not in letter + "".join(sent(service)[1])
        expect(person.get_by_role("heading", name="联系方式")).to_be_visible()
        person.reload()
        expect(person.get_by_role("row").filter(has_text="有办件等待处理")).to_have_count(2)
        story.look(person, "messages-log")

    # The link of the e-mail leads a phone that is not logged in to the login, and from there to the case.
    links = re.findall(rf"{re.escape(base_url)}\S+", letter)
    assert links
    phone = browser.new_context(
        **{**browser_context_args, "base_url": base_url, "viewport": {"width": 390, "height": 844}, "is_mobile": True}
    ).new_page()
    phone.goto(links[0])
    phone.get_by_label("身份证号码").fill(holder.id_number)
    phone.get_by_label("密码").fill(PASSWORD)
    story.follow(phone.get_by_role("button", name="登录", exact=True))
    story.look(phone, "messages-link")
    story.follow(phone.get_by_role("link", name="打开手机端页面"))
    story.follow(phone.get_by_role("link", name="同意"))
    phone.get_by_label("窗口核验码").fill(make_counter_code(holder))
    phone.get_by_role("button", name="验证").click()
    phone.get_by_role("button", name="确认同意").click()
    expect(phone.get_by_text("聘用关系建立已办理").first).to_be_visible()
    assert Employment.objects.get().person == holder
    phone.context.close()
