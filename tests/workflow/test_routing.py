"""A change of offices and routes takes what is open with it, or is refused."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.enums import Duty
from administration.enums import OfficeKind, RouteDesk
from administration.models import AuditEntry, Message, Office, OfficeRoute
from administration.offices.services import OfficeFacts, save_office
from exams.models import ExamEntry
from tests.exams.exam_world import ExamWorld
from tests.factories import make_office, make_staff
from tests.worlds.employer_change import EmployerChangeWorld
from tests.worlds.extension import ExtensionWorld
from workflow.enums import Action, Desk
from workflow.models import Application, Event
from workflow.services.acting import act
from workflow.services.deadlines import apply_deadlines

from .browsing import NOW, InspectionWorld, browser, words
from .test_unseen_and_stuck import SILENT, at_municipal, filed, movers_without_and_with_an_office

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]

ROUTES = "/office/registry/administration/officeroute/"
OFFICES = "/office/registry/administration/office/"


@pytest.fixture
def world() -> ExtensionWorld:
    return ExtensionWorld()


def registrar(office: Office) -> Client:
    return browser(make_staff(office, Duty.REGISTRY, name="周台账"))


def route_of(office: Office, desk: str = "municipal") -> OfficeRoute:
    return OfficeRoute.objects.get(office=office, desk=desk)


def change_route(client: Client, route: OfficeRoute, office: Office, **more: str) -> Any:
    data = {"region": route.region_id, "desk": route.desk, "office": office.pk, **more}
    return client.post(f"{ROUTES}{route.pk}/change/", data)


def change_office(client: Client, office: Office, *, is_active: bool, **more: str) -> Any:
    data = {"name": office.name, "kind": office.kind, "region": office.region_id, **more}
    return client.post(f"{OFFICES}{office.pk}/change/", data | ({"is_active": "on"} if is_active else {}))


def answer_to(page: Any) -> dict[str, str]:
    """The hidden fields that the question sends again."""
    return dict(re.findall(r'name="([a-z_]+)" value="([^"]*)"', page.text))


def messages_of(office: Office) -> list[str]:
    return list(Message.objects.filter(mailbox=office.mailbox).order_by("pk").values_list("title", flat=True))


# --- the scope of an office changes ---


def test_workflow_b2_a_changed_scope_asks_first_and_takes_the_open_cases_along(world: ExtensionWorld) -> None:
    application, other = at_municipal(world), at_municipal(world.another())
    old, new = world.province.municipal, make_office("赣江新区城乡建设局")
    client, route = registrar(world.province.provincial), route_of(old)
    page = change_route(client, route, new)
    assert page.status_code == 200
    assert f"办件2件由{old.name}转到{new.name}，其中2件正在计算期限，到期日不变" in words(page)
    application.refresh_from_db()
    route.refresh_from_db()
    assert (application.holder_office, route.office) == (old, old)
    assert messages_of(new) == []
    due = application.due_on
    done = client.post(f"{ROUTES}{route.pk}/change/", answer_to(page), follow=True)
    assert f"南昌市“地市受理”由{new.name}负责" in words(done)
    assert "municipal→" not in words(done)
    assert "已转办：办件2件" in words(done)
    for one in (application, other):
        one.refresh_from_db()
        assert (one.holder_office, one.desk) == (new, Desk.MUNICIPAL)
        event = Event.objects.filter(application=one).latest("pk")
        assert (event.action, event.actor_name, event.desk) == (Action.REROUTE, "周台账", Desk.MUNICIPAL)
        assert (event.detail["from_office"], event.detail["to_office"]) == (old.name, new.name)
    assert application.due_on == due
    assert messages_of(new) == ["转来 2 件待办（地市受理）"]
    assert messages_of(old)[-1] == "转出 2 件待办（地市受理）"
    assert AuditEntry.objects.get(action="routing_moved").detail["moved"][0]["count"] == 2
    queue = browser(make_staff(new, Duty.REVIEW)).get("/office/queue/municipal/")
    assert application.number in queue.text
    assert "转办" in browser(world.person_user).get(reverse("workflow:detail", args=[application.number])).text


def test_workflow_b2_pressed_twice_it_moves_once(world: ExtensionWorld) -> None:
    application = at_municipal(world)
    new = make_office("赣江新区城乡建设局")
    client, route = registrar(world.province.provincial), route_of(world.province.municipal)
    answer = answer_to(change_route(client, route, new))
    for _ in range(2):
        assert client.post(f"{ROUTES}{route.pk}/change/", answer).status_code == 302
    assert Event.objects.filter(application=application, action=Action.REROUTE).count() == 1
    assert len(messages_of(new)) == 1


def test_workflow_b2_an_answer_from_an_older_page_is_asked_again(world: ExtensionWorld) -> None:
    application = at_municipal(world)
    first, second = make_office("甲局"), make_office("乙局")
    client, route = registrar(world.province.provincial), route_of(world.province.municipal)
    older = answer_to(change_route(client, route, first))
    newer = answer_to(change_route(client, route, second))
    client.post(f"{ROUTES}{route.pk}/change/", newer)
    again = client.post(f"{ROUTES}{route.pk}/change/", older)
    assert again.status_code == 200
    assert "由乙局转到甲局" in words(again)
    application.refresh_from_db()
    assert application.holder_office == second


def test_workflow_b2_the_page_of_the_former_office_decides_nothing(world: ExtensionWorld) -> None:
    application = at_municipal(world)
    reviewer = browser(world.province.reviewer)
    address = reverse("workflow:review", args=[application.number])
    seen = answer_to(reviewer.get(address)).get("seen", "")
    client, route = registrar(world.province.provincial), route_of(world.province.municipal)
    page = change_route(client, route, make_office("甲局"))
    client.post(f"{ROUTES}{route.pk}/change/", answer_to(page))
    answer = reviewer.post(address, {"action": "approve", "seen": seen}, follow=True)
    assert "您的操作没有生效" in answer.text
    assert "现在由甲局办理" in answer.text
    application.refresh_from_db()
    assert application.desk == Desk.MUNICIPAL


def test_workflow_b2_what_another_office_holds_for_its_own_reasons_stays(world: ExtensionWorld) -> None:
    application = at_municipal(world)
    own = make_office("丙局")
    Application.objects.filter(pk=application.pk).update(holder_office=own)
    client, route = registrar(world.province.provincial), route_of(world.province.municipal)
    assert change_route(client, route, make_office("甲局")).status_code == 302
    application.refresh_from_db()
    assert application.holder_office == own


# --- an office is switched off ---


def test_workflow_b2_the_only_office_of_a_region_is_not_switched_off(world: ExtensionWorld) -> None:
    application = at_municipal(world)
    office = world.province.municipal
    page = change_office(registrar(world.province.provincial), office, is_active=False)
    assert page.status_code == 409
    assert "南昌市的“地市受理”将没有办理部门" in words(page)
    assert "南昌市的“原件核验”将没有办理部门" in words(page)
    assert ROUTES in page.text
    office.refresh_from_db()
    application.refresh_from_db()
    assert office.is_active
    assert application.holder_office == office


def test_workflow_b2_the_only_route_of_a_region_is_not_deleted(world: ExtensionWorld) -> None:
    route = route_of(world.province.municipal)
    page = registrar(world.province.provincial).post(f"{ROUTES}{route.pk}/delete/", {"post": "yes"})
    assert page.status_code == 409
    assert "南昌市的“地市受理”将没有办理部门" in words(page)
    assert OfficeRoute.objects.filter(pk=route.pk).exists()


def test_workflow_b2_cases_of_a_county_go_to_its_city_when_the_county_office_ends(world: ExtensionWorld) -> None:
    county = make_office("南昌县住建局", kind=OfficeKind.COUNTY, region="360121", route=(RouteDesk.MUNICIPAL,))
    application = at_municipal(world)
    Application.objects.filter(pk=application.pk).update(region="360121", holder_office=county)
    client = registrar(world.province.provincial)
    page = change_office(client, county, is_active=False)
    assert f"办件1件由{county.name}转到{world.province.municipal.name}" in words(page)
    client.post(f"{OFFICES}{county.pk}/change/", answer_to(page))
    application.refresh_from_db()
    assert application.holder_office == world.province.municipal
    assert application.region_id == "360121"


def test_workflow_b2_a_changed_region_of_an_office_names_what_it_holds(world: ExtensionWorld) -> None:
    at_municipal(world)
    office = world.province.municipal
    client = registrar(world.province.provincial)
    page = change_office(client, office, is_active=True, region="360400")
    assert f"办件1件仍由{office.name}办理" in words(page)
    assert client.post(f"{OFFICES}{office.pk}/change/", answer_to(page)).status_code == 302
    office.refresh_from_db()
    assert office.region_id == "360400"


def test_workflow_b2_the_applicant_hears_of_another_counter(inspection: InspectionWorld) -> None:
    world, application = inspection, inspection.file()
    assert application.desk == Desk.COUNTER
    new = make_office("赣江新区政务大厅")
    Office.objects.filter(pk=new.pk).update(address="儒乐湖大街1号")
    client, route = registrar(world.province.provincial), route_of(world.province.municipal, "counter")
    client.post(f"{ROUTES}{route.pk}/change/", answer_to(change_route(client, route, new)))
    told = Message.objects.filter(mailbox=world.person.mailbox).latest("pk")
    assert "原件核验窗口已改" in told.title
    assert "儒乐湖大街1号" in told.body


# --- entries, imports, cases that stand still ---


def test_workflow_b2_exam_entries_go_along() -> None:
    world = ExamWorld()
    entries = [*world.entered(2), *world.approved(1)]
    old, new = entries[0].office, make_office("甲局")
    client, route = registrar(make_office("厅", kind=OfficeKind.PROVINCIAL, region="360000")), route_of(old)
    page = change_route(client, route, new)
    assert f"考试报名3件由{old.name}转到甲局" in words(page)
    client.post(f"{ROUTES}{route.pk}/change/", answer_to(page))
    assert set(ExamEntry.objects.values_list("office", flat=True)) == {new.pk}
    assert messages_of(new) == ["转来 3 条考试报名"]


def test_workflow_b2_an_imported_office_takes_over_what_is_open_in_its_county(world: ExtensionWorld) -> None:
    application = at_municipal(world)
    Application.objects.filter(pk=application.pk).update(region="360121")
    facts = OfficeFacts("南昌县住建局", "county", "360121", "", "", "", (("360121", "municipal"),))
    assert save_office(facts=facts, by="装机") == "new"
    application.refresh_from_db()
    assert application.holder_office == Office.objects.get(name="南昌县住建局")
    assert save_office(facts=facts, by="装机") == "known"
    assert Event.objects.filter(application=application, action=Action.REROUTE).count() == 1


def test_workflow_b2_a_new_route_has_what_stands_still_tried_again() -> None:
    world, _, _ = movers_without_and_with_an_office()
    apply_deadlines(now=SILENT)
    office = make_office("萍乡市住建局", region="360300")
    data = {"region": "360300", "desk": "municipal", "office": office.pk}
    assert registrar(world.province.provincial).post(f"{ROUTES}add/", data).status_code == 302
    jobs = ProcrastinateJob.objects.filter(
        task_name="administration.run_nightly_job", status="todo", args__name="retry_stuck"
    )
    assert jobs.count() == 1


def tried_again(client: Client, run_jobs: Callable[[], list[str]]) -> str:
    """Presses the button, and reads the page before and after the worker has done it."""
    pressed = words(client.post("/office/stuck/retry/", follow=True))
    assert "正在再办停住的办件" in pressed
    assert run_jobs() == ["administration.run_nightly_job"]
    return words(client.get("/office/stuck/"))


def test_workflow_b2_the_province_has_cases_that_stood_still_done_again(run_jobs: Callable[[], list[str]]) -> None:
    world, stuck, _ = movers_without_and_with_an_office()
    Application.objects.filter(pk=stuck.pk).update(due_on=date(2026, 11, 20))
    apply_deadlines(now=NOW)
    decider = browser(world.province.decider)
    assert "再办一次" in words(decider.get("/office/stuck/"))
    assert "仍不能继续1件" in tried_again(decider, run_jobs)
    OfficeRoute.objects.create(
        region_id="360300", desk="municipal", office=make_office("萍乡市住建局", region="360300")
    )
    assert "已转到下一环节或办结1件" in tried_again(decider, run_jobs)
    stuck.refresh_from_db()
    assert (stuck.desk, stuck.stuck) == (Desk.MUNICIPAL, "")
    assert "没有停住的办件" in tried_again(decider, run_jobs)
    assert browser(world.province.reviewer).post("/office/stuck/retry/").status_code == 403


def test_workflow_b2_a_holder_hears_that_a_case_can_go_on(run_jobs: Callable[[], list[str]]) -> None:
    """What stopped it is a code; the sentence may say anything."""
    world = EmployerChangeWorld()
    case = filed(world)
    Application.objects.filter(pk=case.pk).update(
        region="360323", stuck="另一句话", stuck_codes=["workflow.no_office.municipal"]
    )
    OfficeRoute.objects.create(
        region_id="360300", desk="municipal", office=make_office("萍乡市住建局", region="360300")
    )
    assert "已通知办理人再办1件" in tried_again(browser(world.province.decider), run_jobs)
    case.refresh_from_db()
    assert (case.desk, case.stuck) == (Desk.FORMER_EMPLOYER, "")
    assert case.former_enterprise is not None
    told = Message.objects.filter(mailbox=case.former_enterprise.mailbox).latest("pk")
    assert "可以继续办理" in told.title
    act(case.pk, action=Action.APPROVE, actor=world.holder(case), now=NOW)
    case.refresh_from_db()
    assert case.desk == Desk.MUNICIPAL


def test_moving_costs_the_same_for_one_and_three(world: ExtensionWorld) -> None:
    client = registrar(world.province.provincial)

    def cost(cases: int) -> int:
        for _ in range(cases):
            at_municipal(world.another())
        route = OfficeRoute.objects.get(region="360100", desk="municipal")
        new = make_office()
        answer = answer_to(change_route(client, route, new))
        with CaptureQueriesContext(connection) as queries:
            assert client.post(f"{ROUTES}{route.pk}/change/", answer).status_code == 302
        Application.objects.update(holder_office=world.province.municipal)
        OfficeRoute.objects.filter(pk=route.pk).update(office=world.province.municipal)
        return len(queries)

    cost(1)
    assert cost(0) == cost(2)
