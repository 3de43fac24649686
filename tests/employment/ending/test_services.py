"""The ways an employment ends besides the enterprise's own: by the person, by the office, by the contract."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from django.http import Http404

from accounts.enums import Duty
from administration.models import AuditEntry
from certificates.models import Certificate
from common.findings import Level, Refused
from employment.businesses.employment_end import SILENT_FLAG
from employment.ending.services import end_by_office
from employment.models import Employment
from employment.relations.services import end_by_enterprise
from enterprises.models import Enterprise
from tests.clock import Clock
from tests.concurrency import at_once
from tests.employment.story import NOW, PAYLOAD, TODAY, Story, messages_of
from tests.factories import (
    Province,
    actor,
    make_certificate,
    make_employment,
    make_enterprise,
    make_person,
    make_staff,
)
from workflow.business import business_of
from workflow.checks import Facts, evaluate
from workflow.enums import Action, CloseReason, Desk, Status
from workflow.services.acting import act
from workflow.services.deadlines import apply_deadlines
from workflow.services.filing import resubmit, save_draft


@pytest.fixture(autouse=True)
def today(clock: Clock) -> None:
    clock.stop_at(NOW)


# --- by the person ---


def test_the_employer_agrees_and_it_ends_at_once(story: Story) -> None:
    certificate = make_certificate(story.person, story.enterprise, "C3")
    application = story.filed()
    assert (application.desk, application.holder_enterprise) == (Desk.EMPLOYER, story.enterprise)
    assert application.due_on == date(2026, 12, 7), "ten working days"
    act(application.pk, action=Action.APPROVE, actor=actor(story.operator), now=NOW)
    application.refresh_from_db()
    assert application.status == Status.APPROVED, "no office is asked"
    ended = story.ended()
    assert (ended.ended_at, ended.end_reason, ended.ended_by) == (NOW, "by_person", application)
    assert ended.end_note == "本人离职，劳动合同于2026年11月20日解除"
    assert Certificate.objects.get(pk=certificate.pk).display_codes == ["employment.none"]


def test_a_silent_employer_brings_it_to_the_municipal_office(story: Story) -> None:
    application = story.filed()
    later = datetime.fromisoformat("2026-12-08T01:00:00+08:00")
    assert apply_deadlines(now=later) == {"escalated": 1}
    application.refresh_from_db()
    assert (application.desk, application.holder_office) == (Desk.MUNICIPAL, story.province.municipal)
    assert application.flags == [SILENT_FLAG]
    act(application.pk, action=Action.APPROVE, actor=story.province.municipal_actor, comment="已核实", now=later)
    assert (story.ended().end_reason, story.ended().ended_by) == ("by_office", application)


def test_what_the_office_returns_does_not_go_back_to_the_silent_employer(story: Story) -> None:
    application = story.filed()
    later = datetime.fromisoformat("2026-12-08T01:00:00+08:00")
    apply_deadlines(now=later)
    office = story.province.municipal_actor
    act(application.pk, action=Action.RETURN, actor=office, comment="请写明离职日期", now=later)
    save_draft(application.pk, payload=PAYLOAD | {"note": "11月20日离职"}, actor=story.me)
    resubmit(application.pk, actor=story.me, now=later)
    application.refresh_from_db()
    assert (application.desk, application.holder_office) == (Desk.MUNICIPAL, story.province.municipal)


def test_a_refusal_needs_a_reason_and_leaves_the_employment(story: Story) -> None:
    application = story.filed()
    employer = actor(story.operator)
    with pytest.raises(Refused):
        act(application.pk, action=Action.REJECT, actor=employer, now=NOW)
    act(application.pk, action=Action.REJECT, actor=employer, comment="合同未到期", now=NOW)
    assert story.ended().is_active


def test_who_is_not_employed_is_told_so(story: Story) -> None:
    free = make_person()
    with pytest.raises(Refused) as refused:
        business_of("employment_end").prepare(actor(free.user), {}, today=TODAY)
    assert refused.value.findings[0].code == "employment.none"
    with pytest.raises(Http404):
        business_of("employment_end").prepare(actor(free.user), {"employment": str(story.employment.pk)}, today=TODAY)


def test_a_second_request_is_refused_with_the_first(story: Story) -> None:
    application = story.filed()
    case = business_of("employment_end").prepare(story.me, {}, today=TODAY)
    (found,) = [one for one in evaluate([case], Facts([case]))[case] if one.code == "workflow.in_progress"]
    assert application.number in found.detail
    with pytest.raises(Refused):
        story.filed()


def test_the_effect_on_certificates_is_said_beforehand(story: Story) -> None:
    case = business_of("employment_end").prepare(story.me, {}, today=TODAY)
    levels = {one.code: one.level for one in evaluate([case], Facts([case]))[case]}
    assert levels["employment.end_effect"] == Level.ADVISORY


def test_the_enterprise_ending_it_itself_closes_the_request(story: Story) -> None:
    application = story.filed()
    end_by_enterprise(employment_id=story.employment.pk, actor=actor(story.operator), note="协商解除", now=NOW)
    application.refresh_from_db()
    assert (application.status, application.close_reason) == (Status.CLOSED, CloseReason.OVERTAKEN)
    assert story.ended().end_reason == "by_enterprise"
    assert not application.employmentitems.get().is_open


@pytest.mark.django_db(transaction=True)
def test_the_employer_agrees_and_ends_it_at_the_same_moment() -> None:
    """One of them wins, the other is told; nothing is ended twice."""
    story = Story()
    application = story.filed()
    employer = actor(story.operator)
    outcomes = at_once(
        [
            lambda: act(application.pk, action=Action.APPROVE, actor=employer, now=NOW),
            lambda: end_by_enterprise(employment_id=story.employment.pk, actor=employer, now=NOW),
        ]
    )
    assert sum(isinstance(outcome, Refused) for outcome in outcomes) == 1
    assert story.ended().end_reason in ("by_person", "by_enterprise")
    application.refresh_from_db()
    assert not application.is_open


# --- by the office ---


def test_the_office_ends_it_on_evidence_and_both_are_told(story: Story) -> None:
    application = story.filed()
    by = story.province.municipal_actor
    end_by_office(story.employment.pk, document_number="洪劳人仲案〔2026〕第12号", reason="裁决解除", by=by, now=NOW)
    ended = story.ended()
    assert (ended.end_reason, ended.end_document, ended.end_note) == (
        "by_office",
        "洪劳人仲案〔2026〕第12号",
        "裁决解除",
    )
    assert any("已由主管部门解除" in title for title in messages_of(story.person.mailbox))
    assert messages_of(story.enterprise.mailbox)[-1] == f"与{story.person.name}的聘用关系已由主管部门解除"
    assert AuditEntry.objects.get(action="end_employment").object_id == str(story.employment.pk)
    application.refresh_from_db()
    assert application.status == Status.CLOSED


@pytest.mark.parametrize("who", ["stranger", "decider", "operator"])
def test_only_the_reviewers_of_its_place_may(story: Story, who: str) -> None:
    user = story.operator if who == "operator" else getattr(story.province, who)
    with pytest.raises(Refused) as refused:
        end_by_office(story.employment.pk, document_number="x", reason="y", by=actor(user), now=NOW)
    wanted = "employment.other_office" if who == "stranger" else "employment.not_reviewer"
    assert refused.value.findings[0].code == wanted
    assert story.ended().is_active


def test_document_and_reason_are_needed_both(story: Story) -> None:
    with pytest.raises(Refused) as refused:
        end_by_office(story.employment.pk, document_number=" ", reason="", by=story.province.municipal_actor, now=NOW)
    assert {one.code for one in refused.value.findings} == {
        "employment.document_missing",
        "employment.reason_missing",
    }


def test_twice_is_told(story: Story) -> None:
    by = story.province.municipal_actor
    end_by_office(story.employment.pk, document_number="x", reason="y", by=by, now=NOW)
    with pytest.raises(Refused) as refused:
        end_by_office(story.employment.pk, document_number="x", reason="y", by=by, now=NOW)
    assert refused.value.findings[0].code == "employment.ended"


# --- by the contract ---


def contract(until: date, enterprise: Enterprise | None = None) -> Employment:
    return make_employment(make_person(), enterprise or make_enterprise(), "08", contract_to=until)


@pytest.mark.django_db
def test_counter_duty_alone_does_not_suffice() -> None:
    clerk = make_staff(Province().municipal, Duty.COUNTER)
    employment = contract(TODAY)
    with pytest.raises(Refused):
        end_by_office(employment.pk, document_number="x", reason="y", by=actor(clerk), now=NOW)
