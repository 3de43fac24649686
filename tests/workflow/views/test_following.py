"""Following an application: progress, lists, inbox, messages, withdrawal, confirmations, the phone."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from administration.messages.services import OutgoingMessage, send
from administration.models import Message
from employment.models import Employment
from tests.employment.pages import propose
from tests.factories import actor, make_enterprise, make_operator, make_person
from tests.workflow.browsing import NOW, InspectionWorld, browser, words
from tests.worlds.base import World
from tests.worlds.employer_change import EmployerChangeWorld
from tests.worlds.employment_start import EmploymentStartWorld
from tests.worlds.extension import ExtensionWorld
from workflow.enums import Action, Desk, Status
from workflow.models import Application
from workflow.services.acting import act
from workflow.services.filing import create_draft, file_application

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


@pytest.fixture
def world() -> ExtensionWorld:
    return ExtensionWorld()


def filed(world: World) -> Application:
    return file_application(case=world.case(), actor=world.filer, now=NOW)


def detail(application: Application) -> str:
    return reverse("workflow:detail", args=[application.number])


def approve(world: World, application: Application) -> None:
    act(application.pk, action=Action.APPROVE, actor=world.holder(application), comment="情况属实", now=NOW)
    application.refresh_from_db()


# --- progress ---


def test_progress_says_how_far_it_is_and_whose_turn(world: ExtensionWorld) -> None:
    world.person.name = "欧阳·𠮷热合曼"
    world.person.save()
    application = filed(world)
    approve(world, application)
    page = browser(world.person_user).get(detail(application))
    text = words(page)
    for part in (
        "本人提交",
        "受聘企业确认",
        "地市受理",
        "省厅审核",
        "签发电子证书",
        "南昌市住房和城乡建设局",
        "11月30日前",
    ):
        assert part in text
    assert "还有5个工作日" in text
    assert "情况属实" in text
    assert "项条件，全部满足" in text
    assert "欧阳·𠮷热合曼" in text
    assert world.certificate.number in page.text
    assert page.text.count('aria-current="step"') == 1
    assert "王敏" not in text, "applicants deal with the office, not with its members"


def test_skipped_step_is_told_with_its_reason_before_it_is_reached() -> None:
    world = EmployerChangeWorld()
    former = world.enterprise
    former.status, former.dissolved_on = "cancelled", NOW.date()
    former.save()
    application = filed(world)
    assert application.desk == Desk.MUNICIPAL
    text = words(browser(world.person_user).get(detail(application)))
    assert "不需要其确认" in text
    assert "证书所在单位确认（不需要）" in text


def test_draft_opens_where_it_is_filled_in(inspection: InspectionWorld) -> None:
    application = create_draft(case=inspection.case(), actor=inspection.filer, now=NOW)
    client = browser(inspection.person_user)
    assert client.get(detail(application)).url == reverse("workflow:edit", args=[application.number])


def test_rejected_application_says_where_and_why(world: ExtensionWorld) -> None:
    application = filed(world)
    act(application.pk, action=Action.REJECT, actor=world.holder(application), comment="已离职", now=NOW)
    text = words(browser(world.person_user).get(detail(application)))
    assert "受聘企业确认（已终止）" in text
    assert "受聘企业不同意" in text
    assert "已离职" in text
    assert "撤回申请" not in text


def test_strangers_do_not_learn_that_it_exists(world: ExtensionWorld) -> None:
    application = filed(world)
    for user in (make_person("李四").user, make_operator(make_enterprise())):
        for name in ("detail", "print", "withdraw", "decide"):
            assert browser(user).get(reverse(f"workflow:{name}", args=[application.number])).status_code == 404
    assert browser(world.province.decider).get(detail(application)).status_code == 200
    assert browser(world.province.reviewer).get(detail(application)).status_code == 404, "not at this office yet"
    assert browser(None).get(detail(application)).status_code == 302
    assert browser(world.person_user).get("/applications/2026-3601-999999/").status_code == 404
    assert browser(world.person_user).get("/applications/%00/").status_code == 400


# --- withdrawal ---


def test_withdrawal_asks_once_and_then_it_is_over(world: ExtensionWorld) -> None:
    application, client = filed(world), browser(world.person_user)
    page = reverse("workflow:withdraw", args=[application.number])
    assert "确定撤回" in words(client.get(page))
    application.refresh_from_db()
    assert application.is_open
    answer = client.post(page, follow=True)
    assert "已撤回" in words(answer)
    application.refresh_from_db()
    assert application.status == Status.WITHDRAWN
    again = client.post(page, follow=True)
    assert "已办结，不能再处理" in words(again)


def test_only_the_filer_withdraws(world: ExtensionWorld) -> None:
    application = filed(world)
    answer = browser(world.operator).post(reverse("workflow:withdraw", args=[application.number]), follow=True)
    assert "只有申请人可以撤回" in words(answer)
    application.refresh_from_db()
    assert application.is_open


# --- lists ---


def test_my_applications_are_filtered_by_status_and_business(world: ExtensionWorld) -> None:
    application, client = filed(world), browser(world.person_user)
    foreign = filed(world.another())
    page = client.get("/applications/")
    assert application.number in page.text
    assert foreign.number not in page.text
    assert application.number in client.get("/applications/?status=in_review&kind=extension").text
    assert application.number not in client.get("/applications/?status=approved").text
    assert application.number in client.get("/applications/?status=nonsense&cursor=x").text
    assert {application.number, foreign.number} <= set(
        browser(world.operator).get("/enterprise/applications/").text.replace("/", " ").split()
    )


def same_queries(
    count: Callable[[Callable[[], object]], int], client: Client, address: str, more: Callable[[], Any], needle: str
) -> None:
    """The page with one row costs as many queries as with three."""
    client.get(address)
    one = count(lambda: client.get(address))
    assert client.get(address).text.count(needle) >= 1
    more()
    more()
    three = count(lambda: client.get(address))
    assert client.get(address).text.count(needle) >= 3
    assert three == one, address


def test_lists_of_an_enterprise_take_constant_queries(
    world: ExtensionWorld, count_queries: Callable[[Callable[[], object]], int]
) -> None:
    filed(world)
    client = browser(world.operator)
    for address in ("/enterprise/confirmations/", "/enterprise/applications/", "/inbox/"):
        same_queries(count_queries, client, address, lambda: filed(world.another()), "2026-3601-")


def test_lists_of_a_person_take_constant_queries(count_queries: Callable[[Callable[[], object]], int]) -> None:
    world = EmploymentStartWorld()

    def propose() -> None:
        other = EmploymentStartWorld(world.province)
        other.person = world.person
        filed(other)

    propose()
    same_queries(count_queries, browser(world.person_user), "/inbox/", propose, "打开手机端页面")
    for address in ("/applications/", "/m/"):
        same_queries(count_queries, browser(world.person_user), address, propose, "2026-3601-")


# --- messages ---


def test_messages_are_read_by_their_owner_only(world: ExtensionWorld) -> None:
    other = make_person("李四")
    send([OutgoingMessage(world.person.mailbox_id, "给您的消息", "内容", "/applications/")])
    send([OutgoingMessage(other.mailbox_id, "给别人的消息", link="https://elsewhere.example/")])
    mine, foreign = Message.objects.order_by("pk")
    client = browser(world.person_user)
    text = words(client.get("/messages/"))
    assert "给您的消息" in text
    assert "给别人的消息" not in text
    assert "1条未读" in text
    assert client.get(reverse("workflow:message_open", args=[mine.pk])).status_code == 405
    assert client.post(reverse("workflow:message_open", args=[foreign.pk])).status_code == 404
    assert client.post(reverse("workflow:message_open", args=[mine.pk])).url == "/applications/"
    assert "没有未读" in words(client.get("/messages/"))
    assert "没有符合条件的消息" in words(client.get("/messages/?unread=1"))
    outward = browser(other.user).post(reverse("workflow:message_open", args=[foreign.pk]))
    assert outward.url == "/messages/"


def test_all_messages_are_marked_at_once_and_offices_have_theirs(world: ExtensionWorld) -> None:
    send([OutgoingMessage(world.province.municipal.mailbox_id, f"待办 {number}") for number in range(3)])
    client = browser(world.province.reviewer)
    assert "3条未读" in words(client.get("/messages/"))
    client.post("/messages/read/")
    assert not Message.objects.filter(mailbox=world.province.municipal.mailbox, read_at__isnull=True).exists()
    assert "没有消息" in words(browser(world.operator).get("/messages/"))


# --- the enterprise confirms ---


def test_enterprise_agrees_on_one_page(world: ExtensionWorld) -> None:
    application, client = filed(world), browser(world.operator)
    page = reverse("workflow:confirm", args=[application.number])
    assert "聘用单位与证书所在单位一致" in words(client.get(page))
    answer = client.post(page, {"action": "approve", "comment": ""}, follow=True)
    assert "已同意" in words(answer)
    application.refresh_from_db()
    assert application.desk == Desk.MUNICIPAL


def test_enterprise_declines_only_with_a_reason(world: ExtensionWorld) -> None:
    application, client = filed(world), browser(world.operator)
    page = reverse("workflow:confirm", args=[application.number])
    answer = client.post(page, {"action": "reject", "comment": " "})
    assert answer.status_code == 400
    assert "请写明拒绝的原因" in words(answer)
    client.post(page, {"action": "reject", "comment": "已离职", "sure": "on"})
    application.refresh_from_db()
    assert application.status == Status.REJECTED


def test_colleague_who_comes_too_late_is_told(world: ExtensionWorld) -> None:
    application = filed(world)
    act(application.pk, action=Action.APPROVE, actor=world.holder(application), now=NOW)
    answer = browser(world.operator).post(
        reverse("workflow:confirm", args=[application.number]), {"action": "reject", "comment": "不同意"}
    )
    assert answer.status_code == 409
    assert "刚刚由" in words(answer)
    assert "您的操作没有生效" in words(answer)


def test_bulk_agreement_answers_for_every_row(world: ExtensionWorld) -> None:
    good, bad, foreign = filed(world), filed(other := world.another()), filed(ExtensionWorld(world.province))
    Employment.objects.filter(person=other.person).delete()
    client = browser(world.operator)
    nothing = client.post("/enterprise/confirmations/", {"action": "approve"})
    assert nothing.status_code == 400
    assert "请先勾选" in words(nothing)
    sent = {"action": "approve", "picked": [good.pk, bad.pk, foreign.pk, "x"], "confirmed": "on"}
    answer = client.post("/enterprise/confirmations/", sent, follow=True)
    text = words(answer)
    assert "成功1件，未办理1件" in text
    assert "未登记聘用关系" in text
    assert foreign.number not in answer.text
    assert [Application.objects.get(pk=one.pk).desk for one in (good, bad, foreign)] == [
        Desk.MUNICIPAL,
        Desk.EMPLOYER,
        Desk.EMPLOYER,
    ]


# --- the phone ---


@pytest.fixture
def proposal() -> tuple[EmploymentStartWorld, Application]:
    world = EmploymentStartWorld()
    return world, filed(world)


Proposal = tuple[EmploymentStartWorld, Application]


def test_web_shows_a_proposal_and_never_decides_it(proposal: Proposal) -> None:
    world, application = proposal
    client = browser(world.person_user, verified=True)
    for address in ("/inbox/", detail(application), reverse("workflow:decide", args=[application.number])):
        page = client.get(address)
        assert "网页版仅可查看，不能确认或拒绝" in words(page), address
        assert 'name="action"' not in page.text
    for action in ("approve", "reject"):
        answer = client.post(
            reverse("workflow:decide", args=[application.number]), {"action": action, "comment": "不同意"}
        )
        assert answer.status_code == 409
    application.refresh_from_db()
    assert application.is_open
    assert not Employment.objects.exists()


def test_phone_asks_for_the_second_verification_first(proposal: Proposal) -> None:
    world, application = proposal
    client = browser(world.person_user)
    for choice in ("accept", "decline"):
        page = reverse("workflow:mobile_decide", args=[application.number, choice])
        assert client.post(page, {"comment": "不认识"}).url.startswith("/m/verify/")
    application.refresh_from_db()
    assert application.is_open


def test_phone_accepts_after_verification(proposal: Proposal) -> None:
    world, application = proposal
    client = browser(world.person_user, verified=True)
    assert "立即处理" in words(client.get("/m/"))
    page = client.get(reverse("workflow:mobile_detail", args=[application.number]))
    assert "同意" in words(page)
    accept = reverse("workflow:mobile_decide", args=[application.number, "accept"])
    assert "确认同意" in words(client.get(accept))
    assert not Employment.objects.exists()
    assert "已同意" in words(client.post(accept, follow=True))
    assert Employment.objects.active().get(person=world.person).enterprise == world.enterprise
    assert "没有生效" in words(client.post(accept, follow=True))


def test_phone_declines_with_a_reason(proposal: Proposal) -> None:
    world, application = proposal
    client = browser(world.person_user, verified=True)
    decline = reverse("workflow:mobile_decide", args=[application.number, "decline"])
    answer = client.post(decline, {"comment": ""})
    assert answer.status_code == 400
    assert "请写明原因" in words(answer)
    client.post(decline, {"comment": "没有签过合同"})
    application.refresh_from_db()
    assert application.status == Status.REJECTED
    assert "没有签过合同" in words(browser(world.operator).get(detail(application)))
    assert client.get(f"/m/applications/{application.number}/nonsense/").status_code == 404


def test_phone_says_why_accepting_is_impossible_while_employed(proposal: Proposal) -> None:
    world, application = proposal
    elsewhere = make_enterprise("江西昌北建设有限公司")
    Employment.objects.create(person=world.person, enterprise=elsewhere, posts=["07"], contract_from=NOW.date())
    client = browser(world.person_user, verified=True)
    text = words(client.get(reverse("workflow:mobile_detail", args=[application.number])))
    assert "您现受聘于江西昌北建设有限公司" in text
    answer = client.post(reverse("workflow:mobile_decide", args=[application.number, "accept"]))
    assert answer.status_code == 409
    assert "个人同时只能与一家企业登记唯一聘用关系" in words(answer)


def test_enterprise_and_others_have_no_phone_pages(proposal: Proposal) -> None:
    world, application = proposal
    assert browser(world.operator).get("/m/").status_code == 403
    stranger = browser(make_person("李四").user, verified=True)
    assert stranger.get(reverse("workflow:mobile_detail", args=[application.number])).status_code == 404
    assert stranger.post(reverse("workflow:mobile_decide", args=[application.number, "accept"])).status_code == 404


def test_menu_counts_what_waits(proposal: Proposal) -> None:
    world, application = proposal
    assert "我的待办有1件" in words(browser(world.person_user).get("/applications/"))
    act(application.pk, action=Action.WITHDRAW, actor=actor(world.operator), now=NOW)
    assert "我的待办有" not in words(browser(world.person_user).get("/applications/"))


def test_what_follows_is_said_before_a_refusal_and_before_a_withdrawal(world: ExtensionWorld) -> None:
    application, client = filed(world), browser(world.operator)
    page = reverse("workflow:confirm", args=[application.number])
    question = client.post(page, {"action": "reject", "comment": "已离职，𠮷"})
    said = words(question)
    assert question.status_code == 200
    assert all(one in said for one in ("随即办结", "马上收到消息", "已离职，𠮷", "不需要申诉", "随即失效"))
    application.refresh_from_db()
    assert application.is_open
    fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', question.content.decode()))
    fields["comment"] = "已离职，𠮷"
    client.post(page, fields)
    application.refresh_from_db()
    assert application.status == Status.REJECTED
    assert client.post(page, fields).status_code == 409
    proposal = propose(world.enterprise, make_person())
    said = words(client.get(reverse("workflow:withdraw", args=[proposal.number])))
    assert "不能再同意或拒绝这次提议" in said
    assert "需要时可以重新提出" in said
