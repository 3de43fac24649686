"""The back office: dashboard, queues, one-screen review, bulk decisions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.enums import Duty, Sphere
from accounts.models import User
from administration.enums import RunState
from administration.models import JobRun
from common.files.uploads import check_upload
from tests.factories import make_office, make_staff
from tests.workflow.browsing import NOW, InspectionWorld, browser, picture, words
from tests.worlds.extension import ExtensionWorld
from workflow import dashboard_boxes
from workflow.enums import Action, Desk, Status
from workflow.models import Application
from workflow.services.acting import act
from workflow.services.filing import attach, create_draft, file_application, resubmit, save_draft, submit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


@pytest.fixture
def world() -> ExtensionWorld:
    return ExtensionWorld()


def at_municipal(world: ExtensionWorld) -> Application:
    application = file_application(case=world.case(), actor=world.filer, now=NOW)
    act(application.pk, action=Action.APPROVE, actor=world.holder(application), now=NOW)
    application.refresh_from_db()
    assert application.desk == Desk.MUNICIPAL
    return application


def reviewer_of(world: ExtensionWorld) -> Client:
    return browser(world.province.reviewer)


def review(application: Application) -> str:
    return reverse("workflow:review", args=[application.number])


QUEUE = "/office/queue/municipal/"


# --- dashboard ---


def test_dashboard_counts_each_desk_of_the_readers_duties(world: ExtensionWorld) -> None:
    late, _ = at_municipal(world), at_municipal(world.another())
    Application.objects.filter(pk=late.pk).update(due_on=NOW.date() - timedelta(days=3))
    text = words(reviewer_of(world).get("/office/"))
    assert "地市受理待办2" in text
    assert "地市受理超期1" in text
    assert "原件核验待办0" in text
    assert "省厅审核待办" not in text


def test_dashboard_is_home_for_every_member_of_staff_and_administrators_alike() -> None:
    administrator = User.objects.create(login="root", sphere=Sphere.SYSTEM_ADMIN, name="系统管理员")
    JobRun.objects.create(name="silence", day=NOW.date(), state=RunState.FAILED)
    text = words(browser(administrator).get("/office/"))
    assert "逾期未处理的办件（11月23日）失败" in text
    clerk = browser(make_staff(make_office(), Duty.REGISTER))
    home = words(clerk.get("/office/"))
    assert "等我处理的" in home
    assert "更正复核没有" in home
    assert clerk.get(QUEUE).status_code == 403
    assert browser(administrator).get(QUEUE).status_code == 403


def test_other_apps_put_boxes_on_the_dashboard(world: ExtensionWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dashboard_boxes.DASHBOARD_BOXES, "_items", {})

    def failed_documents(request: object) -> dashboard_boxes.Box:
        return dashboard_boxes.Box(
            "电子证书", [dashboard_boxes.Line("签发失败", "3 件", "/office/", "bad")], "请重试。"
        )

    dashboard_boxes.DASHBOARD_BOXES.register("documents", failed_documents)
    dashboard_boxes.DASHBOARD_BOXES.register("documents", failed_documents)
    dashboard_boxes.DASHBOARD_BOXES.register("nothing", lambda request: None)
    with pytest.raises(ValueError, match="documents"):
        dashboard_boxes.DASHBOARD_BOXES.register("documents", lambda request: None)
    text = words(reviewer_of(world).get("/office/"))
    assert "签发失败3件" in text
    assert "请重试。" in text


# --- queue ---


def test_queue_is_in_the_order_in_which_things_are_due(world: ExtensionWorld) -> None:
    first, second, third = (at_municipal(one) for one in (world, world.another(), world.another()))
    Application.objects.filter(pk=third.pk).update(due_on=NOW.date() - timedelta(days=1))
    page = reviewer_of(world).get(QUEUE).text
    places = [page.index(one.number) for one in (third, first, second)]
    assert places == sorted(places)
    assert "已超期1个工作日" in words(reviewer_of(world).get(QUEUE))


def test_queue_is_narrowed_by_business_words_and_due_day(world: ExtensionWorld) -> None:
    application = at_municipal(world)
    client = reviewer_of(world)
    found = [
        "kind=extension",
        f"q={application.number}",
        f"q={world.person.name}",
        f"q={world.enterprise.name[:8]}",
        "due=",
        "kind=nonsense",
        "cursor=tampered",
    ]
    for query in found:
        assert application.number in client.get(f"{QUEUE}?{query}").text, query
    assert client.get(f"{QUEUE}?q=%00").status_code == 400, "control characters are refused at the entrance"
    for query in ("kind=employer_change", "q=没有这个人", "due=late", "due=soon"):
        assert application.number not in client.get(f"{QUEUE}?{query}").text, query
        assert "没有符合条件的办件" in words(client.get(f"{QUEUE}?{query}"))


def test_queue_finds_a_name_with_blanks_and_a_number_in_full_width(world: ExtensionWorld) -> None:
    """As people type them: a blank between the characters of a name, and what a Chinese keyboard writes."""
    application, client = at_municipal(world), reviewer_of(world)
    name, number = world.person.name, application.number
    wide = number.translate({code: code + 0xFEE0 for code in range(0x21, 0x7F)})
    typed = [
        f"{name[0]} {name[1:]}",
        "\u3000".join(name),
        f" {name} ",
        wide,
        f"{wide[:4]}-{number[5:]}",
        f" {number[:9]} {number[9:]} ",
    ]
    for one in typed:
        assert number in client.get(QUEUE, {"q": one}).text, one
    assert number not in client.get(QUEUE, {"q": f"{name[0]} 别人"}).text


def test_queue_holds_only_what_waits_at_this_office(world: ExtensionWorld) -> None:
    application = at_municipal(world)
    elsewhere = make_office("萍乡市住房和城乡建设局", region="360300")
    stranger = browser(make_staff(elsewhere, Duty.REVIEW, Duty.COUNTER))
    assert application.number not in stranger.get(QUEUE).text
    assert stranger.get(review(application)).status_code == 404
    assert stranger.post(review(application), {"action": "approve"}).status_code == 404
    detail = reverse("workflow:detail", args=[application.number])
    assert stranger.get(detail).status_code == 404
    assert browser(world.person_user).get(QUEUE).status_code == 403
    application.refresh_from_db()
    assert application.desk == Desk.MUNICIPAL


def test_desks_outside_ones_duties_are_refused(world: ExtensionWorld) -> None:
    client = reviewer_of(world)
    assert client.get("/office/queue/provincial/").status_code == 403
    assert "不在您的职责之内" in words(client.get("/office/queue/provincial/"))
    assert client.get("/office/queue/employer/").status_code == 404
    assert client.get("/office/queue/nonsense/").status_code == 404


def test_lists_of_the_office_take_constant_queries(
    world: ExtensionWorld, count_queries: Callable[[Callable[[], object]], int]
) -> None:
    client = reviewer_of(world)
    at_municipal(world)
    Application.objects.update(due_on=NOW.date() - timedelta(days=1))
    addresses = [QUEUE, "/office/overdue/", "/office/"]
    for address in addresses:
        client.get(address)
    one = {address: count_queries(lambda address=address: client.get(address)) for address in addresses}
    for _ in range(2):
        at_municipal(world.another())
    Application.objects.update(due_on=NOW.date() - timedelta(days=1))
    three = {address: count_queries(lambda address=address: client.get(address)) for address in addresses}
    assert client.get("/office/overdue/").text.count("/office/applications/") == 3
    assert three == one


def test_done_list_takes_constant_queries_and_knows_the_office(
    world: ExtensionWorld, count_queries: Callable[[Callable[[], object]], int]
) -> None:
    client, colleague = reviewer_of(world), browser(make_staff(world.province.municipal, Duty.REVIEW, name="李娜"))

    def decide_one(one: ExtensionWorld) -> str:
        application = at_municipal(one)
        act(application.pk, action=Action.APPROVE, actor=world.province.municipal_actor, now=NOW)
        return application.number

    number = decide_one(world)
    client.get("/office/done/")
    one = count_queries(lambda: client.get("/office/done/"))
    decide_one(world.another())
    decide_one(world.another())
    assert count_queries(lambda: client.get("/office/done/")) == one
    assert number in client.get("/office/done/").text
    assert number not in colleague.get("/office/done/").text
    assert number in colleague.get("/office/done/?scope=office").text


# --- review ---


def test_review_shows_everything_on_one_screen(world: ExtensionWorld) -> None:
    application = at_municipal(world)
    page = reviewer_of(world).get(review(application))
    text = words(page)
    for part in (
        "申请内容",
        world.person.name,
        world.certificate.number,
        "138****0000",
        "系统核对",
        "已完成实名制登记",
        "办理记录",
        "受聘企业同意",
        "通过",
        "退回补正",
        "不予通过",
        "第1/1件",
        "还有5个工作日",
    ):
        assert part in text, part
    assert "档案号" not in text


def test_decision_leads_to_the_next_case_and_at_the_end_back_to_the_queue(world: ExtensionWorld) -> None:
    first, second = at_municipal(world), at_municipal(world.another())
    client = reviewer_of(world)
    assert "第1/2件" in words(client.get(review(first)))
    assert "第2/2件" in words(client.get(f"{review(second)}?kind=extension"))
    answer = client.post(f"{review(first)}?kind=extension", {"action": "approve", "comment": ""})
    assert answer.url == f"{review(second)}?kind=extension"
    assert "已通过" in words(client.get(answer.url))
    answer = client.post(review(second), {"action": "reject", "comment": "材料虚假"})
    assert answer.url == QUEUE
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.desk, second.status) == (Desk.PROVINCIAL, Status.REJECTED)


@pytest.mark.parametrize("action", ["return", "reject"])
def test_reason_is_asked_where_the_applicant_needs_it(world: ExtensionWorld, action: str) -> None:
    application = at_municipal(world)
    answer = reviewer_of(world).post(review(application), {"action": action, "comment": "  "})
    assert answer.status_code == 400
    assert "请写明原因" in words(answer)
    application.refresh_from_db()
    assert application.desk == Desk.MUNICIPAL


@pytest.mark.parametrize("data", [{}, {"action": "submit"}, {"action": "approve", "comment": "长" * 1001}])
def test_senseless_decisions_change_nothing(world: ExtensionWorld, data: dict[str, str]) -> None:
    application = at_municipal(world)
    assert reviewer_of(world).post(review(application), data).status_code == 400
    application.refresh_from_db()
    assert application.desk == Desk.MUNICIPAL


def test_two_reviewers_decide_and_the_second_is_told(world: ExtensionWorld) -> None:
    application = at_municipal(world)
    second = browser(make_staff(world.province.municipal, Duty.REVIEW, name="李娜"))
    assert second.get(review(application)).status_code == 200
    assert reviewer_of(world).post(review(application), {"action": "approve"}).status_code == 302
    answer = second.post(review(application), {"action": "reject", "comment": "不同意"})
    assert answer.status_code == 409
    assert "刚刚由南昌市住房和城乡建设局王敏处理" in words(answer)
    application.refresh_from_db()
    assert (application.status, application.desk) == (Status.IN_REVIEW, Desk.PROVINCIAL)


def test_case_withdrawn_from_the_screen_is_told_and_not_just_missing(world: ExtensionWorld) -> None:
    application, client = at_municipal(world), reviewer_of(world)
    act(application.pk, action=Action.WITHDRAW, actor=world.filer, now=NOW)
    for answer in (
        client.post(review(application), {"action": "approve"}, follow=True),
        client.get(review(application), follow=True),
    ):
        assert "刚刚由张小明处理（撤回），您的操作没有生效" in words(answer)
    elsewhere = browser(world.province.stranger)
    assert elsewhere.get(review(application)).status_code == 404


def at_counter(world: InspectionWorld) -> Application:
    application = create_draft(case=world.case(), actor=world.filer, now=NOW)
    save_draft(application.pk, payload={"phone": "13800000000", "commitment": True}, actor=world.filer)
    attach(application.pk, kind="scan", upload=check_upload(picture()), actor=world.filer)
    submit(application.pk, actor=world.filer, now=NOW)
    application.refresh_from_db()
    assert application.desk == Desk.COUNTER
    return application


def test_case_that_changed_since_the_page_was_opened_is_looked_at_again(inspection: InspectionWorld) -> None:
    application = at_counter(inspection)
    client = browser(inspection.province.reviewer)
    seen = client.get(review(application)).context["seen"]
    reviewer = inspection.province.municipal_actor
    act(application.pk, action=Action.RETURN, actor=reviewer, comment="请补充", now=NOW)
    resubmit(application.pk, actor=inspection.filer, now=NOW)
    decision = {"action": "reject", "comment": "看不清", "seen": str(seen)}
    answer = client.post(review(application), decision)
    assert answer.status_code == 409
    assert "有新的进展" in words(answer)
    assert "看不清" in answer.text
    assert client.post(review(application), {**decision, "seen": "9" * 18}).status_code == 302


def test_approval_that_a_rule_stops_says_why_and_keeps_the_comment(world: ExtensionWorld) -> None:
    application = at_municipal(world)
    world.person.id_photo.name = ""
    world.person.save()
    client = reviewer_of(world)
    assert "有未满足的条件" in words(client.get(review(application)))
    answer = client.post(review(application), {"action": "approve", "comment": "同意延续"})
    assert answer.status_code == 409
    assert "未上传个人证件照" in words(answer)
    assert "同意延续" in answer.text


def test_views_of_a_queue_are_addresses_and_the_current_one_is_named(world: ExtensionWorld) -> None:
    client = reviewer_of(world)
    late = client.get(f"{QUEUE}?due=late&cursor=")
    assert late.context["views"][1] == {
        "label": "已超期",
        "query": "?due=late",
        "is_current": True,
        "is_own": False,
    }
    current = [view["label"] for view in client.get(QUEUE).context["views"] if view["is_current"]]
    assert current == ["全部"]
    # A search besides is none of the views.
    assert not any(view["is_current"] for view in client.get(f"{QUEUE}?due=late&q=延续").context["views"])


@pytest.mark.parametrize(("days", "edge"), [(-1, "is-late"), (0, "is-today"), (3, "")])
def test_what_is_late_or_due_today_is_marked_at_the_edge_of_its_row(
    world: ExtensionWorld, days: int, edge: str
) -> None:
    application = at_municipal(world)
    Application.objects.filter(pk=application.pk).update(due_on=NOW.date() + timedelta(days=days))
    (row,) = reviewer_of(world).get(QUEUE).context["rows"]
    assert row.edge == edge


# --- bulk ---


def test_bulk_with_mixed_results_tells_each_row(world: ExtensionWorld) -> None:
    second, third, other = world.another(), world.another(), ExtensionWorld(world.province)
    good, bad, gone = (at_municipal(one) for one in (world, second, third))
    second.person.id_photo.name = ""
    second.person.save()
    act(gone.pk, action=Action.WITHDRAW, actor=third.filer, now=NOW)
    elsewhere = file_application(case=other.case(), actor=other.filer, now=NOW)
    picked = [good.pk, bad.pk, gone.pk, elsewhere.pk, "x", "9" * 40]
    answer = reviewer_of(world).post(QUEUE, {"action": "approve", "picked": picked, "confirmed": "on"}, follow=True)
    text = words(answer)
    assert answer.status_code == 200
    assert "成功1件，未办理2件" in text
    assert "未上传个人证件照" in text
    assert "刚刚由张小明处理（撤回）" in text
    assert elsewhere.number not in answer.text
    good.refresh_from_db()
    bad.refresh_from_db()
    assert (good.desk, bad.desk) == (Desk.PROVINCIAL, Desk.MUNICIPAL)


def test_bulk_return_needs_a_reason_and_keeps_the_picks(world: ExtensionWorld) -> None:
    applications = [at_municipal(one) for one in (world, world.another())]
    client = reviewer_of(world)
    data = {"action": "return", "picked": [one.pk for one in applications]}
    answer = client.post(QUEUE, data)
    assert answer.status_code == 400
    assert "请写明原因" in words(answer)
    assert answer.text.count(" checked") == 2
    sent = {**data, "comment": "请补充说明", "confirmed": "on"}
    assert client.post(QUEUE, sent, follow=True).status_code == 200
    assert {one.status for one in Application.objects.all()} == {Status.RETURNED}


def test_more_than_a_page_of_applications_at_once_are_refused(world: ExtensionWorld) -> None:
    application = at_municipal(world)
    picked = [application.pk, *range(10_000, 10_100)]
    answer = reviewer_of(world).post(QUEUE, {"action": "approve", "picked": picked})
    assert answer.status_code == 400
    assert "一次最多办理100条" in words(answer)
    application.refresh_from_db()
    assert application.desk == Desk.MUNICIPAL


def test_cases_are_opened_by_who_decides_on_some(world: ExtensionWorld) -> None:
    """The office holds the case, but it is not the work of everybody there."""
    application = at_municipal(world)
    address = reverse("workflow:detail", args=[application.number])
    for duty, status in ((Duty.REVIEW, 200), (Duty.COUNTER, 200), (Duty.REGISTER, 403), (Duty.TRAINING, 403)):
        answer = browser(make_staff(world.province.municipal, duty)).get(address)
        assert answer.status_code == status, duty
        if status == 403:
            assert "办件只供办理人员查阅，需要“原件核验、地市审核、省厅审核、考务”中的一项职责" in words(answer)
    unknown = reverse("workflow:detail", args=["x"])
    assert browser(make_staff(world.province.municipal, Duty.TRAINING)).get(unknown).status_code == 403


@pytest.mark.parametrize("data", [{"action": "approve"}, {"action": "withdraw", "picked": "1"}, {"picked": "1"}])
def test_bulk_without_rows_or_sense_changes_nothing(world: ExtensionWorld, data: dict[str, str]) -> None:
    application = at_municipal(world)
    assert reviewer_of(world).post(QUEUE, data).status_code == 400
    application.refresh_from_db()
    assert application.desk == Desk.MUNICIPAL


def test_counter_approves_one_by_one(inspection: InspectionWorld) -> None:
    application = at_counter(inspection)
    page = browser(inspection.province.reviewer).get("/office/queue/counter/")
    assert application.number in page.text
    assert "批量通过" not in words(page)
    assert "原件须逐件核对" in words(page)
