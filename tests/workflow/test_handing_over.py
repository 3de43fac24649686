"""Heads give cases to colleagues and other offices, deputies act for the absent, and the desk before answers questions."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.enums import Duty
from accounts.models import User
from administration.enums import OfficeKind
from administration.models import AuditEntry, Message, Office
from common.findings import Refused
from tests.clock import Clock
from tests.concurrency import at_once
from tests.factories import actor, make_office, make_staff
from tests.worlds.extension import ExtensionWorld
from workflow.enums import Action, Desk, Status
from workflow.models import Absence, Application, Event
from workflow.permissions import awaiting, holds, why_not
from workflow.selectors.content import last_return
from workflow.selectors.progress import progress_of
from workflow.selectors.readable import find_readable
from workflow.services.absences import end_absence, record_absence
from workflow.services.acting import act, act_many
from workflow.services.filing import resubmit
from workflow.services.handing_over import Receiver, hand_over, take_over
from workflow.services.questions import answer_question, ask_desk_before

from .browsing import NOW, browser, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]

QUEUE = "/office/queue/municipal/"
TEAM = "/office/team/"
TODAY = NOW.date()


class Section:
    """The section of 南昌 with its head, two reviewers, and cases at the municipal desk."""

    def __init__(self, cases: int = 1) -> None:
        self.world = ExtensionWorld()
        self.province = self.world.province
        self.office = self.province.municipal
        self.head = make_staff(self.office, Duty.HEAD, name="邹处")
        self.first = make_staff(self.office, Duty.REVIEW, name="甲审")
        self.second = make_staff(self.office, Duty.REVIEW, name="乙审")
        self.worlds = [self.world, *(self.world.another() for _ in range(cases - 1))]
        self.cases = [self._at_municipal(one) for one in self.worlds]

    def _at_municipal(self, world: Any) -> Application:
        application = world.file()
        act(application.pk, action=Action.APPROVE, actor=world.holder(application), now=NOW)
        application.refresh_from_db()
        assert application.desk == Desk.MUNICIPAL
        return application

    @property
    def case(self) -> Application:
        return Application.objects.select_related("assignee").get(pk=self.cases[0].pk)

    def give(self, user: User, *cases: Application, by: User | None = None, **more: Any) -> Any:
        ids = [one.pk for one in cases or self.cases]
        return hand_over(ids, to=Receiver(colleague=user), actor=actor(by or self.head), reason="分工", now=NOW, **more)

    def waits_for(self, user: User) -> set[int]:
        return set(Application.objects.filter(awaiting(actor(user))).values_list("pk", flat=True))


def last_event(application: Application) -> Event:
    return application.events.latest("pk")


def refused(result: Any) -> str:
    return "".join(one.message + one.detail for findings in result.refused.values() for one in findings)


# --- assignment ---


def test_an_assigned_case_is_its_assignees_until_a_colleague_takes_it_over() -> None:
    section = Section(cases=2)
    case, other = section.cases
    due = case.due_on
    assert section.give(section.first, case).done == [case.pk]
    assert section.waits_for(section.first) == {case.pk, other.pk}
    assert section.waits_for(section.second) == {other.pk}
    sentence = why_not(actor(section.second), Action.APPROVE, section.case, today=TODAY)
    assert sentence is not None
    assert "甲审承办" in sentence
    result = act_many([case.pk, other.pk], action=Action.REJECT, actor=actor(section.second), comment="不符", now=NOW)
    assert (result.done, list(result.refused)) == ([other.pk], [case.pk])
    take_over(case.pk, actor=actor(section.second), reason="甲审出差", now=NOW)
    assert section.waits_for(section.first) == set()
    assert section.case.due_on == due
    with pytest.raises(Refused, match="乙审承办"):
        act(case.pk, action=Action.APPROVE, actor=actor(section.first), now=NOW)
    act(case.pk, action=Action.APPROVE, actor=actor(section.second), now=NOW)
    case.refresh_from_db()
    assert (case.desk, case.assignee_id) == (Desk.PROVINCIAL, None)
    assert [one.action for one in case.events.order_by("pk")][-3:] == [Action.ASSIGN, Action.TAKE_OVER, Action.APPROVE]
    actions = set(AuditEntry.objects.filter(object_id=str(case.pk)).values_list("action", flat=True))
    assert {"application.assign", "application.take_over", "application.approve"} <= actions
    titles = list(Message.objects.filter(mailbox=section.office.mailbox).values_list("title", flat=True))
    assert any(one.startswith("甲审：分给您 1 件待办") for one in titles)
    assert any(one.startswith("甲审：您的一件已由乙审接手") for one in titles)


def test_an_assignment_comes_back_after_a_return_and_applicants_do_not_read_of_it() -> None:
    section = Section()
    section.give(section.first)
    act(section.case.pk, action=Action.RETURN, actor=actor(section.first), comment="请补充", now=NOW)
    assert section.case.status == Status.RETURNED
    resubmit(section.case.pk, actor=section.world.filer, now=NOW + timedelta(days=1))
    assert section.case.assignee == section.first
    filer = find_readable(section.world.filer, section.case.number)
    assert filer is not None
    said = [entry.title + entry.note + entry.by for entry in progress_of(filer, section.world.filer).entries]
    assert not any("承办" in one or "甲审" in one for one in said)


def test_only_a_head_gives_cases_and_only_to_those_who_may_decide_them() -> None:
    section = Section()
    clerk = make_staff(section.office, Duty.COUNTER, name="丙窗")
    assert "科室负责人" in refused(section.give(section.second, by=section.first))
    assert "没有“地市受理”职责" in refused(section.give(clerk))
    assert "不在承办部门" in refused(section.give(section.province.stranger))
    User.objects.filter(pk=section.first.pk).update(is_active=False)
    assert "已停用" in refused(section.give(section.first))
    User.objects.filter(pk=section.second.pk).update(identity_index=section.world.person.id_number_index)
    assert "是其本人的办件" in refused(section.give(section.second))
    head = make_staff(section.province.stranger.office, Duty.HEAD) if section.province.stranger.office else None
    assert head is not None
    assert "不由您的部门办理" in refused(section.give(section.second, by=head))
    assert "请写明原因" in refused(
        hand_over([section.case.pk], to=Receiver(), actor=actor(section.head), reason=" ", now=NOW)
    )
    assert Application.objects.get(pk=section.case.pk).assignee is None


def test_a_login_that_is_closed_or_loses_the_duty_gives_its_cases_back() -> None:
    section = Section(cases=2)
    section.give(section.first, section.cases[0])
    section.give(section.second, section.cases[1])
    section.first.is_active = False
    section.first.save()
    section.second.duties = [Duty.COUNTER]
    section.second.save(update_fields=["duties"])
    assert not Application.objects.filter(assignee__isnull=False).exists()
    assert last_event(section.cases[0]).detail["former_assignee"] == "甲审"
    assert section.waits_for(section.province.reviewer) == {one.pk for one in section.cases}


def test_the_reason_of_a_return_stays_on_the_page_when_the_assignee_has_gone() -> None:
    section = Section()
    section.give(section.first)
    act(section.case.pk, action=Action.RETURN, actor=actor(section.first), comment="请补社保", now=NOW)
    section.first.is_active = False
    section.first.save()
    case = section.case
    assert (last_event(case).action, case.assignee) == (Action.RELEASE, None)
    returned = last_return(case)
    assert returned is not None
    assert returned.comment == "请补社保"


def test_pages_show_whose_case_it_is_and_many_are_given_at_once() -> None:
    section = Section(cases=3)
    head = browser(section.head)
    page = head.get(TEAM)
    assert "甲审" in words(page)
    sent = {
        "picked": [str(one.pk) for one in section.cases],
        "seen": [f"{one.pk}.{last_event(one).pk}" for one in section.cases],
        "action": "assign",
        "colleague": str(section.first.pk),
        "comment": "按片区分工",
    }
    assert head.post(TEAM, {**sent, "comment": ""}).status_code == 400
    question = head.post(TEAM, sent)
    assert "请确认：分办给甲审3件" in words(question)
    assert not Application.objects.filter(assignee__isnull=False).exists()
    # Meanwhile one of them is decided.
    act(section.cases[2].pk, action=Action.REJECT, actor=actor(section.second), comment="不符", now=NOW)
    result = head.post(TEAM, {**sent, "confirmed": "on"}, follow=True)
    assert "成功2件，未办理1件" in words(result)
    assert "不予通过" in words(result)
    assert "由您承办" in words(browser(section.first).get(QUEUE + "?whose=mine"))
    theirs = browser(section.second)
    assert "由甲审承办" in words(theirs.get(QUEUE))
    assert section.cases[0].number not in theirs.get(QUEUE + "?whose=free").content.decode()
    review = reverse("workflow:review", args=[section.case.number])
    assert "接手办理" in words(theirs.get(review))
    # A page that still shows the buttons.
    stale = theirs.post(review, {"action": "approve", "seen": sent["seen"][0].split(".")[1]})
    assert stale.status_code == 409
    assert "邹处处理（指定承办人）" in words(stale)
    address = reverse("workflow:take_over", args=[section.case.number])
    assert theirs.post(address, {"comment": ""}).status_code == 400
    old = theirs.post(address, {"comment": "急件", "seen": sent["seen"][0].split(".")[1]})
    assert old.status_code == 409
    taken = theirs.post(address, {"comment": "急件", "seen": str(last_event(section.case).pk)}, follow=True)
    assert "现在由您承办" in words(taken)
    back = theirs.post(reverse("workflow:release", args=[section.case.number]), follow=True)
    assert "已交回科室" in words(back)
    assert section.case.assignee is None
    one = reverse("workflow:hand_over", args=[section.case.number])
    given = head.post(one, {**sent, "seen": f"{section.case.pk}.{last_event(section.case).pk}"}, follow=True)
    assert "已分办给甲审" in words(given)
    assert head.post(one, sent).status_code == 409
    Application.objects.filter(pk=section.case.pk).update(holder_office=section.province.stranger.office)
    late = head.post(one, sent)
    assert late.status_code == 409
    assert "不由您的部门办理" in late.content.decode()
    assert "按片区分工" in late.content.decode(), "the reason that was typed stays"
    assert browser(section.first).get(TEAM).status_code == 403


def test_the_queue_and_the_page_of_the_head_cost_the_same_for_any_number() -> None:
    section = Section(cases=4)
    section.give(section.first, section.cases[0])
    client, head = browser(section.second), browser(section.head)

    def cost(address: str, who: Any) -> int:
        who.get(address)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert who.get(address).status_code == 200
        return len(queries)

    few = cost(QUEUE, client), cost(TEAM, head)
    section.give(section.first, section.cases[1])
    section.give(section.second, section.cases[2], section.cases[3])
    record(section, section.first, section.second)
    assert (cost(QUEUE, client), cost(TEAM, head)) == few


# --- another office ---


def test_a_head_hands_a_case_to_a_competent_office_only_and_the_province_to_any() -> None:
    section = Section()
    county = make_office("东湖区住房和城乡建设局", kind=OfficeKind.COUNTY, region="360102")
    elsewhere = Office.objects.get(name="九江市住房和城乡建设局")
    head = actor(section.head)
    give = {"actor": head, "reason": "力量不足", "now": NOW}
    assert "不办理“地市受理”" in refused(hand_over([section.case.pk], to=Receiver(office=county), **give))
    assert "不负责这件所在地区" in refused(hand_over([section.case.pk], to=Receiver(office=elsewhere), **give))
    decider = actor(make_staff(section.province.provincial, Duty.HEAD, name="韦处"))
    due = section.case.due_on
    assert hand_over([section.case.pk], to=Receiver(office=elsewhere), **{**give, "actor": decider}).done
    case = section.case
    assert (case.holder_office, case.due_on) == (elsewhere, due)
    event = last_event(case)
    assert (event.action, event.detail["reason"]) == (Action.REROUTE, "力量不足")
    assert Message.objects.filter(mailbox=elsewhere.mailbox, title__startswith="转来待办").exists()
    assert AuditEntry.objects.filter(action="application.hand_over", object_id=str(case.pk)).exists()
    filer = find_readable(section.world.filer, case.number)
    assert filer is not None
    said = " ".join(entry.comment + entry.note for entry in progress_of(filer, section.world.filer).entries)
    assert "转到九江市住房和城乡建设局办理" in said
    assert "力量不足" not in said
    # It comes back to the office that was chosen, not to the one of the routing.
    act(case.pk, action=Action.RETURN, actor=actor(section.province.stranger), comment="请补充", now=NOW)
    resubmit(case.pk, actor=section.world.filer, now=NOW)
    assert section.case.holder_office == elsewhere
    # The head whose office it left decides nothing about it any more.
    assert "不由您的部门办理" in refused(hand_over([case.pk], to=Receiver(office=elsewhere), **give))
    back = Receiver(office=section.office)
    assert hand_over([case.pk], to=back, **{**give, "actor": actor(make_staff(elsewhere, Duty.HEAD))}).done


# --- races ---


@pytest.mark.django_db(transaction=True)
def test_of_two_heads_at_once_one_gives_and_the_other_is_told() -> None:
    section = Section()
    other = make_staff(section.office, Duty.HEAD, name="谢处")
    seen = {section.case.pk: last_event(section.case).pk}
    results = at_once(
        [
            lambda: section.give(section.first, by=section.head, seen=seen),
            lambda: section.give(section.second, by=other, seen=seen),
        ]
    )
    done = [one for one in results if not isinstance(one, Exception) and one.done]
    lost = [one for one in results if not isinstance(one, Exception) and one.refused]
    assert (len(done), len(lost)) == (1, 1), results
    assert "指定承办人" in refused(lost[0])
    assert section.case.events.filter(action=Action.ASSIGN).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_would_stand_in_for_each_other_are_not_both_recorded() -> None:
    section = Section()
    results = at_once(
        [
            lambda: record(section, section.first, section.second),
            lambda: record(section, section.second, section.first),
        ]
    )
    assert sum(isinstance(one, Refused) for one in results) == 1, results
    assert Absence.objects.count() == 1


# --- absence ---


def record(
    section: Section, user: User, deputy: User, first: date = TODAY, days: int = 3, by: User | None = None
) -> Absence:
    return record_absence(
        user=user,
        deputy=deputy,
        starts_on=first,
        ends_on=first + timedelta(days=days - 1),
        reason="年休假",
        actor=actor(by or section.head),
        now=NOW,
    )


def test_a_deputy_acts_on_the_days_of_the_absence_and_the_record_names_both(clock: Clock) -> None:
    section = Section()
    section.give(section.first)
    record(section, section.first, section.second, first=TODAY + timedelta(days=1), days=2, by=section.first)
    assert section.waits_for(section.second) == set()
    clock.stop_at(NOW + timedelta(days=1))
    assert section.waits_for(section.second) == {section.case.pk}
    assert section.waits_for(section.first) == {section.case.pk}
    assert "代甲审办理" in words(browser(section.second).get(QUEUE))
    clock.stop_at(datetime.fromisoformat("2026-11-26T00:00:00+08:00"))
    assert section.waits_for(section.second) == set()
    clock.stop_at(datetime.fromisoformat("2026-11-25T23:59:00+08:00"))
    act(section.case.pk, action=Action.APPROVE, actor=actor(section.second), now=NOW + timedelta(days=2))
    event = last_event(section.case)
    assert (event.actor_name, event.detail["on_behalf_of"]) == ("乙审", "甲审")
    entry = AuditEntry.objects.get(
        action="application.approve", object_id=str(section.case.pk), detail__desk="municipal"
    )
    assert entry.detail["on_behalf_of"] == "甲审"
    office = find_readable(actor(section.head), section.case.number)
    assert office is not None
    assert any("乙审（代甲审办理）" in one.by for one in progress_of(office, actor(section.head)).entries)
    assert "甲审" not in words(browser(section.world.person_user).get(f"/applications/{section.case.number}/"))
    assert set(AuditEntry.objects.filter(action__startswith="absence").values_list("action", flat=True)) == {
        "absence.record"
    }


def test_a_deputy_never_decides_his_own_case_nor_at_two_desks() -> None:
    section = Section()
    section.give(section.first)
    record(section, section.first, section.second)
    User.objects.filter(pk=section.second.pk).update(identity_index=section.world.person.id_number_index)
    deputy = actor(User.objects.get(pk=section.second.pk))
    assert not holds(deputy, section.case)
    with pytest.raises(Refused, match="您本人的办件"):
        act(section.case.pk, action=Action.APPROVE, actor=deputy, now=NOW)
    User.objects.filter(pk=section.second.pk).update(identity_index="")
    Application.objects.filter(pk=section.case.pk).update(approvers=[f"counter:{section.second.pk}"])
    with pytest.raises(Refused, match="您已在“原件核验”环节办理过"):
        act(section.case.pk, action=Action.APPROVE, actor=actor(section.second), now=NOW)


def refusal(*args: Any, **more: Any) -> str:
    with pytest.raises(Refused) as error:
        record(*args, **more)
    return "".join(one.message + one.detail for one in error.value.findings)


def test_absences_neither_overlap_nor_go_in_a_circle() -> None:
    section = Section()
    third = make_staff(section.office, Duty.REVIEW, name="丁审")
    clerk = make_staff(section.office, Duty.COUNTER, name="丙窗")
    assert "没有“地市审核”职责" in refusal(section, section.first, clerk)
    assert "不能是请假人本人" in refusal(section, section.first, section.first)
    assert "不是本部门在岗人员" in refusal(section, section.first, section.province.stranger)
    assert "只能登记本人" in refusal(section, section.first, section.second, by=section.second)
    assert "已经过去" in refusal(section, section.first, section.second, first=TODAY - timedelta(days=9))
    assert "早于开始日期" in refusal(section, section.first, section.second, days=0)
    User.objects.filter(pk__in=[section.first.pk, third.pk]).update(identity_index="ab" * 32)
    assert "同一人的两个账号" in refusal(section, section.first, third)
    User.objects.filter(pk=third.pk).update(identity_index="")
    absence = record(section, section.first, section.second)
    assert "已登记请假" in refusal(section, section.first, third, first=TODAY + timedelta(days=2))
    assert "正在代甲审办理" in refusal(section, section.second, third)
    assert "自己请假" in refusal(section, third, section.first)
    record(section, section.second, third, first=TODAY + timedelta(days=3))
    end_absence(absence.pk, actor=actor(section.first), now=NOW)
    record(section, third, section.second, days=1)
    with pytest.raises(Refused, match="已经结束"):
        end_absence(absence.pk, actor=actor(section.first), now=NOW)


def test_the_page_of_absences_keeps_what_was_typed_and_says_all_reasons() -> None:
    section = Section()
    clerk = make_staff(section.office, Duty.COUNTER, name="丙窗")
    page = browser(section.first)
    sent = {
        "user": str(section.first.pk), "deputy": str(clerk.pk), "starts_on": "2026年11月30日", "ends_on": "2026-11-28", "reason": "培训",
    }  # fmt: skip
    answer = page.post("/office/absences/", sent)
    assert answer.status_code == 409
    assert "早于开始日期" in words(answer)
    assert "没有“地市审核”职责" in words(answer)
    assert 'value="培训"' in answer.content.decode()
    assert page.post("/office/absences/", {**sent, "user": str(section.second.pk)}).status_code == 400
    good = {**sent, "deputy": str(section.second.pk), "ends_on": "2026-12-01"}
    assert "已登记：甲审请假，由乙审代办" in words(page.post("/office/absences/", good, follow=True))
    absence = Absence.objects.get()
    end = reverse("workflow:absence_end", args=[absence.pk])
    assert browser(section.province.stranger).post(end).status_code == 404
    assert "只能登记本人" in words(browser(section.second).post(end, follow=True))
    assert "不再代办" in words(browser(section.head).post(end, follow=True))


# --- a question to the desk before ---


def test_the_desk_before_answers_a_question_and_the_case_comes_back_to_the_asker() -> None:
    section = Section()
    decider = section.province.provincial_actor
    with pytest.raises(Refused, match="前面没有主管部门办理过"):
        ask_desk_before(section.case.pk, actor=actor(section.first), words="原件？", now=NOW)
    act(section.case.pk, action=Action.APPROVE, actor=actor(section.first), now=NOW)
    due, accepted = section.case.due_on, section.case.accepted_at
    page = browser(section.province.decider)
    review = reverse("workflow:review", args=[section.case.number])
    assert "请上一环节（地市受理）核实" in words(page.get(review))
    address = reverse("workflow:ask", args=[section.case.number])
    assert "办理期限照常计算" in words(page.get(address))
    assert page.post(address, {"comment": ""}).status_code == 400
    seen = str(last_event(section.case).pk)
    assert "已请上一环节核实" in words(page.post(address, {"comment": "社保是否一致？", "seen": seen}, follow=True))
    assert page.post(address, {"comment": "社保是否一致？", "seen": seen}).status_code == 409
    case = section.case
    assert (case.desk, case.holder_office, case.asked_from) == (Desk.MUNICIPAL, section.office, Desk.PROVINCIAL)
    assert (case.due_on, case.accepted_at, case.status) == (due, accepted, Status.IN_REVIEW)
    # Nothing else is decided there meanwhile, and the asker does not decide either.
    for action in (Action.APPROVE, Action.RETURN, Action.REJECT):
        with pytest.raises(Refused, match="请先答复"):
            act(case.pk, action=action, actor=actor(section.second), comment="x", now=NOW)
    assert not holds(decider, case)
    told = words(browser(section.world.person_user).get(f"/applications/{case.number}/"))
    assert "主管部门之间正在核实，不需要您做什么" in told
    assert "正在核实" in told
    assert "社保是否一致" not in told
    assert section.office.name in told
    theirs = browser(section.second)
    assert "请核实" in words(theirs.get(QUEUE))
    assert "社保是否一致？" in words(theirs.get(review))
    reply = reverse("workflow:answer", args=[case.number])
    answer = theirs.post(reply, {"comment": "已核对，一致", "seen": str(last_event(case).pk)}, follow=True)
    assert "已答复" in words(answer)
    assert theirs.get(reply).status_code == 302
    case = section.case
    assert (case.desk, case.asked_from, case.assignee) == (Desk.PROVINCIAL, "", section.province.decider)
    assert (case.due_on, case.holder_office) == (due, section.province.provincial)
    assert "已核对，一致" in words(page.get(review))
    assert "已核对，一致" not in words(browser(section.world.person_user).get(f"/applications/{case.number}/"))
    assert {"application.ask", "application.answer"} <= set(AuditEntry.objects.values_list("action", flat=True))
    # Whoever answered has had a say at that desk, and does not decide at this one.
    User.objects.filter(pk=section.second.pk).update(office=section.province.provincial, duties=[Duty.DECIDE])
    assert not holds(actor(User.objects.get(pk=section.second.pk)), case)
    act(case.pk, action=Action.APPROVE, actor=decider, now=NOW)


def test_an_answer_goes_to_the_office_that_asked_even_if_the_asker_has_left_it() -> None:
    section = Section()
    act(section.case.pk, action=Action.APPROVE, actor=actor(section.first), now=NOW)
    ask_desk_before(section.case.pk, actor=section.province.provincial_actor, words="核实", now=NOW)
    # The asker decides in another office now.
    User.objects.filter(pk=section.province.decider.pk).update(office=section.office)
    answer_question(section.case.pk, actor=actor(section.second), words="一致", now=NOW)
    case = section.case
    assert (case.desk, case.holder_office, case.assignee) == (Desk.PROVINCIAL, section.province.provincial, None)


def test_a_question_ends_with_the_case() -> None:
    section = Section()
    act(section.case.pk, action=Action.APPROVE, actor=actor(section.first), now=NOW)
    ask_desk_before(section.case.pk, actor=section.province.provincial_actor, words="核实", now=NOW)
    act(section.case.pk, action=Action.WITHDRAW, actor=section.world.filer, now=NOW)
    case = section.case
    assert (case.status, case.asked_from, case.asked_by) == (Status.WITHDRAWN, "", None)
