"""Races are settled by the database: many rounds on real PostgreSQL, no deadlock, exactly one winner."""

from __future__ import annotations

from datetime import date, datetime
from functools import partial

import pytest
from django.db import IntegrityError, transaction

from administration.models import Office, OfficeRoute
from administration.offices.routing_change import ChangedBy, routing_change
from certificates.issuing.numbers import allocate_serials
from certificates.models import CertificateVersion, NumberCounter
from common.findings import Refused
from employment.businesses.employment_start import EmploymentStart
from employment.models import Employment
from tests.concurrency import at_once
from tests.factories import Province, actor, make_enterprise, make_office, make_operator, make_person, make_staff
from workflow.enums import Action, Status
from workflow.models import Application, Event
from workflow.services.acting import act, act_many
from workflow.services.filing import file_application

from .test_engine import NOW, Mover, Story

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 100


def accept(proposal: Application, story: Story) -> None:
    act(proposal.pk, action=Action.APPROVE, actor=actor(story.person.user, is_verified=True), now=NOW)


def propose(story: Story) -> Application:
    enterprise = make_enterprise()
    case = EmploymentStart().case(
        person_id=story.person.pk,
        enterprise_id=enterprise.pk,
        region_id=enterprise.region_id,
        payload={"posts": ["07"], "contract_from": "2026-11-01", "contract_to": None},
        today=NOW.date(),
    )
    return file_application(case=case, actor=actor(make_operator(enterprise)), now=NOW)


def refusals(outcomes: list[object]) -> list[Refused]:
    """Everything that is not a success must be a sentence for people, never a database error."""
    errors = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    for error in errors:
        assert isinstance(error, Refused), repr(error)
        assert all(finding.code != "workflow.busy" for finding in error.findings), error
    return [error for error in errors if isinstance(error, Refused)]


def test_two_reviewers_press_at_once_one_decides_the_other_is_told() -> None:
    province = Province()
    colleague = actor(make_staff(province.municipal, "review", name="李娜"))
    story = Story()
    for _ in range(ROUNDS):
        application = story.filed()
        act(application.pk, action=Action.APPROVE, actor=story.employer, now=NOW)
        outcomes = at_once(
            [
                partial(act, application.pk, action=Action.APPROVE, actor=province.municipal_actor, now=NOW),
                partial(act, application.pk, action=Action.REJECT, actor=colleague, comment="材料不符", now=NOW),
            ]
        )
        assert len(refusals(outcomes)) == 1
        application.refresh_from_db()
        assert Event.objects.filter(application=application, desk="municipal").count() == 1
        if application.is_open:
            act(application.pk, action=Action.WITHDRAW, actor=story.me, now=NOW)


def test_twenty_proposals_accepted_at_once_by_one_person() -> None:
    Province()
    for _ in range(5):
        story = Story()
        Employment.objects.filter(person=story.person).delete()
        proposals = [propose(story) for _ in range(20)]
        outcomes = at_once([partial(accept, proposal, story) for proposal in proposals])
        assert len(refusals(outcomes)) == 19
        assert Employment.objects.active().filter(person=story.person).count() == 1
        statuses = sorted(
            Application.objects.filter(pk__in=[one.pk for one in proposals]).values_list("status", flat=True)
        )
        assert statuses == [Status.APPROVED] + [Status.CLOSED] * 19


def test_two_acceptances_race_many_times() -> None:
    Province()
    for _ in range(ROUNDS):
        story = Story()
        Employment.objects.filter(person=story.person).delete()
        outcomes = at_once([partial(accept, proposal, story) for proposal in (propose(story), propose(story))])
        assert len(refusals(outcomes)) == 1


def test_an_acceptance_against_a_decision_of_the_same_person() -> None:
    province = Province()
    for _ in range(ROUNDS):
        story = Mover()
        application = story.filed("employer_change")
        act(application.pk, action=Action.APPROVE, actor=story.employer, now=NOW)
        act(application.pk, action=Action.APPROVE, actor=province.municipal_actor, now=NOW)
        Employment.objects.filter(person=story.person, ended_at__isnull=True).update(contract_to=date(2026, 11, 1))
        proposal = propose(story)
        outcomes = at_once(
            [
                partial(accept, proposal, story),
                partial(act, application.pk, action=Action.APPROVE, actor=province.provincial_actor, now=NOW),
            ]
        )
        refusals(outcomes)
        assert Employment.objects.active().filter(person=story.person).count() == 1


def test_two_batches_over_the_same_people_in_opposite_order_do_not_deadlock() -> None:
    province = Province()
    colleague = actor(make_staff(province.municipal, "review", name="李娜"))
    stories = [Story() for _ in range(6)]
    for _ in range(ROUNDS // 5):
        ids = [story.filed().pk for story in stories]
        for story, pk in zip(stories, ids, strict=True):
            act(pk, action=Action.APPROVE, actor=story.employer, now=NOW)
        results = at_once(
            [
                partial(act_many, ids, action=Action.APPROVE, actor=province.municipal_actor, now=NOW),
                partial(act_many, ids[::-1], action=Action.APPROVE, actor=colleague, now=NOW),
            ]
        )
        done = [pk for result in results for pk in result.done]  # type: ignore[union-attr]
        assert sorted(done) == sorted(ids)
        for story, pk in zip(stories, ids, strict=True):
            act(pk, action=Action.WITHDRAW, actor=story.me, now=NOW)


class _Undone(Exception):
    pass


def test_two_hundred_numbers_over_twenty_connections_without_gap_or_double() -> None:
    drawn: list[list[int]] = [[] for _ in range(20)]

    def draw(worker: int) -> None:
        for turn in range(10):
            try:
                with transaction.atomic():
                    (serial,) = allocate_serials(2026, 1)
                    if turn % 5 == 4:
                        raise _Undone
            except _Undone:
                continue
            drawn[worker].append(serial)

    assert at_once([partial(draw, worker) for worker in range(20)]) == [None] * 20
    serials = sorted(serial for own in drawn for serial in own)
    assert serials == list(range(1, 161))
    assert NumberCounter.objects.get(year=2026).last == 160


def test_the_same_application_submitted_twice_at_once_is_filed_once() -> None:
    Province()
    for _ in range(20):
        story = Story()
        application = story.draft()
        from workflow.services.filing import submit

        outcomes = at_once([partial(submit, application.pk, actor=story.me, now=NOW)] * 2)
        assert len(refusals(outcomes)) == 1
        assert Event.objects.filter(application=application).count() == 1


def test_fifty_decisions_at_once_issue_one_version() -> None:
    province = Province()
    story = Story()
    application = story.filed()
    act(application.pk, action=Action.APPROVE, actor=story.employer, now=NOW)
    act(application.pk, action=Action.APPROVE, actor=province.municipal_actor, now=NOW)
    outcomes = at_once(
        [partial(act, application.pk, action=Action.APPROVE, actor=province.provincial_actor, now=NOW)] * 50
    )
    assert len(refusals(outcomes)) == 49
    assert CertificateVersion.objects.count() == 1


def test_one_active_employment_is_guaranteed_by_the_database() -> None:
    person = make_person()
    for enterprise in (make_enterprise(), make_enterprise()):
        employment = Employment(
            person=person,
            enterprise=enterprise,
            posts=["07"],
            contract_from=date(2026, 1, 1),
            started_at=datetime.now().astimezone(),
        )
        if Employment.objects.exists():
            with pytest.raises(IntegrityError), transaction.atomic():
                employment.save()
        else:
            employment.save()


def test_workflow_b2_a_case_that_moves_meanwhile_reaches_the_new_office() -> None:
    province, new = Province(), make_office("新局")
    story = Story()
    for source, target in [(province.municipal, new), (new, province.municipal)] * 10:
        application = story.filed()
        outcomes = at_once(
            [
                partial(act, application.pk, action=Action.APPROVE, actor=story.employer, now=NOW),
                partial(change_municipal_route, target),
            ]
        )
        assert outcomes == [None, None], (source.name, outcomes)
        application.refresh_from_db()
        assert application.holder_office == target
        act(application.pk, action=Action.WITHDRAW, actor=story.me, now=NOW)


def change_municipal_route(target: Office) -> None:
    with routing_change(by=ChangedBy(None, "周台账"), now=NOW):
        OfficeRoute.objects.filter(region="360100", desk="municipal").update(office=target)
