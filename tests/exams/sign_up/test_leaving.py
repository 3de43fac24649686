"""Entries of people who leave the enterprise that signed them up."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from accounts.models import Person
from administration.models import AuditEntry, Message
from common.findings import Refused
from employment.models import Employment
from employment.relations.services import NewEmployment, end_by_enterprise, start_employments
from enterprises.register.dissolution import dissolve
from exams.enums import EntryState
from exams.models import ExamEntry
from exams.sign_up.eligibility import Candidate
from exams.sign_up.services import sign_up, withdraw_entry
from tests.clock import Clock
from tests.exams.exam_world import EXAM_DAY, NOW, ExamWorld, make_batch, make_candidate, make_entry, text
from tests.factories import actor, make_enterprise, make_operator, make_person
from tests.workflow.browsing import browser, words
from workflow.actors import Actor
from workflow.business import business_of
from workflow.models import Application
from workflow.services.filing import file_application

pytestmark = pytest.mark.django_db
CLOSED = NOW + timedelta(days=8)
"""Sign-up has closed, and the exam is still to come."""


@pytest.fixture(autouse=True)
def today(clock: Clock) -> None:
    clock.stop_at(NOW)


def leave(world: ExamWorld, entry: ExamEntry) -> None:
    (employment,) = Employment.objects.active().filter(person=entry.person)
    end_by_enterprise(employment_id=employment.pk, actor=world.filer)
    entry.refresh_from_db()


def left_after_the_deadline(world: ExamWorld, clock: Clock) -> ExamEntry:
    (entry,) = world.approved()
    clock.stop_at(CLOSED)
    leave(world, entry)
    assert entry.state == EntryState.APPROVED
    return entry


def titles(mailbox_id: int | None) -> list[str]:
    return list(Message.objects.filter(mailbox=mailbox_id).order_by("pk").values_list("title", flat=True))


@pytest.mark.parametrize("state", ["entered", "approved"])
def test_workflow_b10_leaving_before_the_deadline_withdraws_the_entry(world: ExamWorld, state: str) -> None:
    (entry,) = world.entered() if state == "entered" else world.approved()
    leave(world, entry)
    assert entry.state == EntryState.WITHDRAWN
    assert "自动取消" in entry.comment
    world.batch.refresh_from_db()
    assert world.batch.taken == 0
    wanted = f"报名已取消：{entry.person.name}，{world.batch.name}"
    assert wanted in titles(entry.person.mailbox_id)
    assert wanted in titles(world.enterprise.mailbox_id)
    new = make_enterprise()
    start_employments(
        [NewEmployment(entry.person_id, new.pk, ("08",), NOW.date(), None, None)],
        now=NOW,
    )
    one = Candidate(entry.person_id, "C2", "08")
    assert sign_up(world.batch.pk, [one], actor=actor(make_operator(new)), now=NOW).entered


def test_workflow_b10_a_dissolved_enterprise_frees_its_candidates_too(world: ExamWorld) -> None:
    entries = world.entered(5)
    dissolve({world.enterprise.pk: ("dissolved", NOW.date())})
    assert set(ExamEntry.objects.filter(pk__in=[one.pk for one in entries]).values_list("state", flat=True)) == {
        "withdrawn"
    }
    world.batch.refresh_from_db()
    assert world.batch.taken == 0


def test_workflow_b10_a_legal_representative_needs_no_employment_to_stay_entered(world: ExamWorld) -> None:
    boss = make_person("王总")
    world.enterprise.legal_representative_index = boss.id_number_index
    world.enterprise.save()
    entry = make_entry(boss, world.enterprise, world.batch, category="A", post="01")
    other = make_enterprise()
    start_employments([NewEmployment(boss.pk, other.pk, ("08",), NOW.date(), None, None)], now=NOW)
    entry.refresh_from_db()
    assert entry.state == EntryState.APPROVED


def test_workflow_b10_after_the_deadline_the_person_withdraws(world: ExamWorld, clock: Clock) -> None:
    entry = left_after_the_deadline(world, clock)
    assert any(title.startswith("已离开报名企业") for title in titles(entry.person.mailbox_id))
    client = browser(entry.person.user)
    assert f"/person/exams/{entry.pk}/withdraw/" in text(client, "/person/exams/")
    answer = client.post(f"/person/exams/{entry.pk}/withdraw/", follow=True)
    assert "名额已退回" in words(answer)
    entry.refresh_from_db()
    assert (entry.state, entry.comment) == (EntryState.WITHDRAWN, "由本人取消报名：已离开报名企业。")
    again = words(client.post(f"/person/exams/{entry.pk}/withdraw/", follow=True))
    assert "已取消报名，不能取消" in again
    world.batch.refresh_from_db()
    assert world.batch.taken == 0


def test_workflow_b10_after_the_deadline_the_office_withdraws(world: ExamWorld, clock: Clock) -> None:
    entry = left_after_the_deadline(world, clock)
    client = browser(world.province.reviewer)
    page = words(client.get(f"/office/exams/{world.batch.pk}/"))
    assert "已离开报名企业" in page
    answer = words(client.post(f"/office/exams/entries/{entry.pk}/withdraw/", follow=True))
    assert f"已取消{entry.person.name}的报名" in answer
    entry.refresh_from_db()
    assert entry.state == EntryState.WITHDRAWN
    assert browser(world.province.stranger).post(f"/office/exams/entries/{entry.pk}/withdraw/").status_code == 404
    audited = AuditEntry.objects.get(action="exam_entry.withdraw", object_id=str(entry.pk))
    assert (audited.actor_name, audited.object_type) == (world.province.reviewer.name, "exams.examentry")


def test_workflow_b10_who_may_not_withdraw_reads_why(world: ExamWorld, clock: Clock) -> None:
    def why(entry: ExamEntry, by: Actor) -> str:
        with pytest.raises(Refused) as refused:
            withdraw_entry(entry.pk, actor=by)
        return str(refused.value)

    (employed,) = world.approved()
    left = left_after_the_deadline(world, clock)
    reviewer = world.province.municipal_actor
    assert "报名由该企业取消" in why(employed, actor(employed.person.user))
    assert "报名由该企业取消" in why(employed, reviewer)
    assert "报名截止后不能取消" in why(left, world.filer)
    assert "由本人或者审核部门取消" in why(left, actor(make_person().user))
    assert "由本人或者审核部门取消" in why(left, actor(world.province.stranger))
    clock.stop_on(EXAM_DAY.isoformat())
    assert "考试已经开始" in why(left, actor(left.person.user))
    assert "考试已经开始" in why(left, reviewer)


def test_workflow_b10_another_firm_reads_who_signed_up_and_a_reviewer_gets_no_link(
    world: ExamWorld, clock: Clock
) -> None:
    entry = left_after_the_deadline(world, clock)
    new = make_enterprise()
    start_employments([NewEmployment(entry.person_id, new.pk, ("08",), NOW.date(), None, None)], now=CLOSED)
    ExamEntry.objects.filter(pk=entry.pk).update(state="entered", reviewed_at=None)
    another = make_batch(sign_up_to=EXAM_DAY, exam_from=EXAM_DAY + timedelta(9), exam_to=EXAM_DAY + timedelta(9))
    page = words(browser(make_operator(new)).get(f"/enterprise/exams/{another.pk}/?category=C2"))
    assert f"由{world.enterprise.name}报名" in page
    client = browser(world.province.reviewer)
    page = client.post("/office/exams/review/", {"action": "approve", "picked": [entry.pk]}).content.decode()
    assert "没有与本企业登记聘用关系" in page
    assert "/enterprise/employment/" not in page


def asks_to_leave(person: Person) -> Application:
    assert person.user is not None
    me = actor(person.user)
    case = business_of("employment_end").prepare(me, {}, today=NOW.date())
    payload = {"reason": "resigned", "left_on": "2026-11-20", "note": "", "commitment": True}
    return file_application(case=replace(case, payload=payload), actor=me, now=NOW)


@pytest.mark.parametrize("state", ["approved", "passed"])
def test_workflow_ending_an_employment_warns_of_exams(world: ExamWorld, state: str) -> None:
    (entry,) = world.approved() if state == "approved" else [world.passed()]
    (employment,) = Employment.objects.active().filter(person=entry.person)
    said = "已报名C2证考试" if state == "approved" else "C2证考试已合格，还没有发证"
    pages = (
        (world.operator, f"/enterprise/employment/{employment.pk}/end/"),
        (world.province.reviewer, f"/office/employment/{employment.pk}/end/"),
        (entry.person.user, "/applications/new/employment_end/"),
        (world.operator, f"/enterprise/confirmations/{asks_to_leave(entry.person).number}/"),
    )
    for user, address in pages:
        assert said in words(browser(user).get(address))
    person = make_candidate(world.enterprise)
    other = Employment.objects.active().get(person=person)
    assert "还有事项没有了结" not in words(browser(world.operator).get(f"/enterprise/employment/{other.pk}/end/"))
