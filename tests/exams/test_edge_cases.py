"""One test per edge case of the exams: 26, 27 and 28 of the domain document."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from certificates.models import Certificate, CertificateVersion
from common.findings import Refused, blocking
from employment.relations.services import end_by_enterprise
from enterprises.models import Enterprise
from exams.batches.services import call_off_batch
from exams.enums import EntryState
from exams.models import ExamBatch, ExamEntry
from exams.results.services import Result, record_results
from exams.sign_up.eligibility import Candidate, of_candidates
from exams.sign_up.services import SignUpResult, sign_up
from tests.clock import Clock
from tests.concurrency import at_once
from tests.exams.exam_world import AFTER, NOW, ExamWorld, make_batch
from tests.factories import actor, make_employment, make_enterprise, make_operator
from workflow.actors import Actor
from workflow.enums import Action, Desk, Status
from workflow.models import Application, Bar, Event
from workflow.services.acting import act, act_many
from workflow.services.filing import resubmit, save_draft

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(clock: Clock) -> None:
    clock.stop_at(AFTER)


def move_to_another(entry: ExamEntry, post: str = "08") -> tuple[Enterprise, Actor]:
    """The old enterprise ends the employment, a new one begins."""
    (employment,) = entry.person.employments.filter(ended_at__isnull=True)
    by = actor(make_operator(entry.enterprise))
    end_by_enterprise(employment_id=employment.pk, actor=by, note="离职")
    new = make_enterprise("江西新单位建设有限公司")
    make_employment(entry.person, new, post)
    return new, actor(make_operator(new))


def agree(application: Application, new: Enterprise) -> None:
    """As the form sends it: the person agrees to the present employer."""
    person = application.person
    assert person is not None
    assert person.user is not None
    me = actor(person.user)
    save_draft(application.pk, payload=application.payload | {"employer": new.pk}, actor=me)
    resubmit(application.pk, actor=me, now=AFTER)
    application.refresh_from_db()


def test_edge_26_exam_passed_then_employer_changes_before_issue_is_stopped_and_asked(
    world: ExamWorld, run_jobs: Callable[..., list[str]]
) -> None:
    entry = world.passed()
    run_jobs()
    application = Application.objects.get()
    assert (application.desk, application.status) == (Desk.PROVINCIAL, Status.IN_REVIEW)
    new, operator = move_to_another(entry)

    # The province cannot decide it past the change, not even before the job has asked the person.
    refused = act_many([application.pk], action=Action.APPROVE, actor=world.province.provincial_actor, now=AFTER)
    findings = {finding.code: finding for finding in refused.refused[application.pk]}
    assert findings["first_issue.employer"].cure is not None
    assert new.name in findings["first_issue.employer"].detail
    assert not Certificate.objects.exists()

    run_jobs()
    application.refresh_from_db()
    assert (application.status, application.desk, application.holder_person) == (
        Status.RETURNED,
        Desk.FILER,
        entry.person,
    )
    assert "受聘企业有变化" in Event.objects.filter(application=application).latest("pk").comment

    # The same answer again is no answer: the person has to agree to the new enterprise.
    with pytest.raises(Refused, match="更换了受聘企业"):
        resubmit(application.pk, actor=actor(entry.person.user), now=AFTER)  # type: ignore[arg-type]
    agree(application, new)
    assert (application.desk, application.holder_enterprise) == (Desk.EMPLOYER, new)
    act(application.pk, action=Action.APPROVE, actor=operator, now=AFTER)
    act(application.pk, action=Action.APPROVE, actor=world.province.provincial_actor, now=AFTER)
    certificate = Certificate.objects.get()
    assert (certificate.enterprise, certificate.category, certificate.person) == (new, "C2", entry.person)
    entry.refresh_from_db()
    assert (entry.state, entry.certificate) == ("passed", certificate)


def test_edge_26_changed_before_the_case_was_opened_or_left_without_employer(
    world: ExamWorld, run_jobs: Callable[..., list[str]]
) -> None:
    first, second = world.passed(), world.passed()
    new, _ = move_to_another(first)
    (employment,) = second.person.employments.all()
    end_by_enterprise(employment_id=employment.pk, actor=world.filer, note="离职")
    run_jobs()
    cases = {one.person_id: one for one in Application.objects.all()}
    assert {one.status for one in cases.values()} == {Status.RETURNED}
    reason = {event.application_id: event.comment for event in Event.objects.filter(action=Action.RETURN)}
    assert new.name in reason[cases[first.person_id].pk]
    assert "没有登记聘用关系" in reason[cases[second.person_id].pk]
    # Back at the enterprise that signed up: its confirmation was the sign-up, the case goes straight on.
    make_employment(second.person, world.enterprise, "08")
    resubmit(cases[second.person_id].pk, actor=actor(second.person.user), now=AFTER)  # type: ignore[arg-type]
    act(cases[second.person_id].pk, action=Action.APPROVE, actor=world.province.provincial_actor, now=AFTER)
    assert CertificateVersion.objects.get().enterprise_name == world.enterprise.name


def test_edge_27_absent_with_cause_is_not_barred_and_may_enter_at_once(world: ExamWorld) -> None:
    excused, absent = world.approved(2)
    results = [Result(excused.pk, EntryState.EXCUSED, remark="住院"), Result(absent.pk, EntryState.ABSENT)]
    record_results(results, by=actor(world.organiser), now=AFTER)
    assert [bar.person_id for bar in Bar.objects.all()] == [absent.person_id]
    later = make_batch(sign_up_from=AFTER.date(), sign_up_to=AFTER.date(), exam_from="2027-01-09", exam_to="2027-01-09")
    both = [Candidate(entry.person_id, "C2", "08") for entry in (excused, absent)]
    result = sign_up(later.pk, both, actor=world.filer, now=AFTER)
    assert list(result.entered) == both[:1]
    assert [finding.code for finding in result.refused[both[1]]] == ["bar.exam"]


def test_edge_27_a_batch_called_off_bars_nobody(world: ExamWorld) -> None:
    entered = world.approved(3)
    record_results([Result(entered[0].pk, EntryState.ABSENT)], by=actor(world.organiser), now=AFTER)
    assert Bar.objects.filter(lifted_at__isnull=True).count() == 1
    ended = call_off_batch(
        world.batch.pk, reason="考点停电，全部考试取消", by=world.province.provincial_actor, now=AFTER
    )
    assert ended == 3
    assert set(ExamEntry.objects.values_list("state", flat=True)) == {"called_off"}
    assert not Bar.objects.filter(lifted_at__isnull=True).exists()
    world.batch.refresh_from_db()
    assert (world.batch.taken, world.batch.status) == (0, "called_off")
    again = record_results([Result(entered[0].pk, EntryState.ABSENT)], by=actor(world.organiser), now=AFTER)
    assert again.refused[entered[0].pk][0].code == "exam.not_now"
    assert entered[0].person.mailbox is not None
    assert "停电" in entered[0].person.mailbox.messages.latest("pk").body


def test_edge_28_a_full_batch_refuses_at_once(world: ExamWorld, clock: Clock) -> None:
    clock.stop_at(NOW)
    ExamBatch.objects.update(quota=2)
    candidates = world.candidates(3)
    result = sign_up(world.batch.pk, candidates, actor=world.filer, now=NOW)
    assert list(result.entered) == candidates[:2]
    (finding,) = result.refused[candidates[2]]
    assert (finding.code, finding.message) == ("exam.full", "该批次名额已满")
    assert finding.cure is not None
    world.batch.refresh_from_db()
    shown = of_candidates(world.batch, candidates[2:], enterprise_id=world.enterprise.pk, on=NOW.date())
    assert [one.code for one in blocking(shown[candidates[2]])] == ["exam.full"]


@pytest.mark.django_db(transaction=True)
def test_edge_28_the_quota_is_never_overrun_under_concurrency(clock: Clock) -> None:
    clock.stop_at(NOW)
    world = ExamWorld()
    ExamBatch.objects.update(quota=5)
    groups = [world.candidates(2) for _ in range(8)]
    outcomes = at_once([partial(sign_up, world.batch.pk, group, actor=world.filer, now=NOW) for group in groups])
    results = [one for one in outcomes if isinstance(one, SignUpResult)]
    assert len(results) == 8
    assert sum(len(one.entered) for one in results) == 5
    world.batch.refresh_from_db()
    assert (world.batch.taken, ExamEntry.objects.count()) == (5, 5)
