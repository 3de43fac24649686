"""Dissolved enterprises: every person is told, and no case goes on waiting for an enterprise that is gone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from administration.models import Message
from employment.models import Employment
from enterprises.enums import EnterpriseStatus
from enterprises.register.dissolution import dissolve
from tests.clock import Clock
from tests.factories import make_employment, make_enterprise, make_person
from tests.workflow.browsing import NOW, browser, words
from tests.worlds.employer_change import EmployerChangeWorld
from tests.worlds.extension import ExtensionWorld
from workflow.enums import Action, CloseReason, Desk, Status
from workflow.models import Event
from workflow.services.acting import act
from workflow.services.deadlines import apply_deadlines, leave_dissolved

pytestmark = pytest.mark.django_db
RunJobs = Callable[..., list[str]]
YESTERDAY = NOW.date() - timedelta(days=1)


@pytest.fixture(autouse=True)
def today(clock: Clock) -> None:
    clock.stop_at(NOW)


@pytest.mark.parametrize(("status", "word"), [(EnterpriseStatus.DISSOLVED, "注销"), (EnterpriseStatus.REVOKED, "吊销")])
def test_workflow_b9_dissolution_tells_every_person_what_ended_and_what_to_do(
    status: EnterpriseStatus, word: str, count_queries: Callable[[Callable[[], object]], int]
) -> None:
    def gone(number: int) -> tuple[list[int], int]:
        enterprise = make_enterprise()
        people = [make_person() for _ in range(number)]
        for person in people:
            make_employment(person, enterprise, "08")
        return [person.mailbox_id or 0 for person in people], enterprise.pk

    (_, few), (boxes, many) = gone(1), gone(9)
    few_queries = count_queries(lambda: dissolve({few: (status, YESTERDAY)}))
    assert count_queries(lambda: dissolve({many: (status, YESTERDAY)})) <= few_queries
    assert not Employment.objects.active().filter(enterprise=many).exists()
    told = Message.objects.filter(mailbox__in=boxes)
    assert sorted(told.values_list("mailbox_id", flat=True)) == sorted(boxes)
    for message in told:
        assert message.title.endswith(f"聘用关系已解除：企业已{word}")
        for part in ("证书转为异常状态", "新单位发起聘用", "执业企业变更", "注销"):
            assert part in message.body
        assert message.link == "/person/employment/"
    assert dissolve({many: (status, YESTERDAY)}) == 0
    assert told.count() == 9


def test_workflow_b9_the_case_of_a_dissolved_employer_ends_at_once(run_jobs: RunJobs) -> None:
    world = ExtensionWorld()
    application = world.file()
    assert application.desk == Desk.EMPLOYER
    dissolve({world.enterprise.pk: ("dissolved", YESTERDAY)})
    run_jobs()
    application.refresh_from_db()
    assert (application.status, application.close_reason) == (Status.CLOSED, CloseReason.ENTERPRISE_GONE)
    page = words(browser(world.person_user).get(reverse("workflow:detail", args=[application.number])))
    assert "现在轮到" not in page
    assert apply_deadlines(now=NOW) == {}


def test_workflow_b9_a_dissolved_former_employer_is_skipped_at_once(run_jobs: RunJobs) -> None:
    world = EmployerChangeWorld()
    application = world.file()
    assert application.desk == Desk.FORMER_EMPLOYER
    dissolve({world.enterprise.pk: ("revoked", YESTERDAY)})
    run_jobs()
    application.refresh_from_db()
    assert application.desk == Desk.MUNICIPAL
    assert Event.objects.filter(application=application, action=Action.SKIP).count() == 1
    assert leave_dissolved([world.enterprise.pk], now=NOW) == {}


def test_workflow_b9_cases_of_living_enterprises_stay_where_they_are() -> None:
    world = ExtensionWorld()
    application = world.file()
    assert leave_dissolved([world.enterprise.pk], now=NOW) == {}
    application.refresh_from_db()
    assert application.desk == Desk.EMPLOYER
    act(application.pk, action=Action.APPROVE, actor=world.holder(application), now=NOW)


def test_workflow_b9_the_advice_at_the_login_can_be_followed(client: Client) -> None:
    assert client.get(reverse("accounts:registration_points")).status_code == 200


def test_workflow_ending_an_employment_warns_of_open_applications() -> None:
    world = ExtensionWorld()
    application = world.file()
    (employment,) = Employment.objects.active().filter(person=application.person)
    page = words(browser(world.operator).get(f"/enterprise/employment/{employment.pk}/end/"))
    assert f"{application.number}还没有办完" in page
