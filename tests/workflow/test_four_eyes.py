"""Two desks belong to two people, and nobody decides about himself: over natural persons, not over logins."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.enums import Duty
from accounts.models import User
from certificates.authority import services
from common.findings import Refused
from exams.enums import EntryState
from exams.models import ExamEntry
from exams.permissions import to_review, why_not_review
from exams.reviewing.services import approve_entries
from tests.certificates.authority.authority_world import Bench
from tests.clock import Clock
from tests.exams.exam_world import make_batch, make_entry
from tests.factories import Province, actor, make_enterprise, make_person, make_staff
from tests.worlds import WORLDS
from tests.worlds.base import NOW, World
from workflow.actors import Actor
from workflow.business import businesses
from workflow.enums import OFFICE_DESKS, Action, Desk, Status
from workflow.models import Application
from workflow.permissions import DUTY_OF_DESK, awaiting, holds, why_not
from workflow.services.acting import act, act_many
from workflow.services.filing import resubmit

pytestmark = pytest.mark.django_db
KINDS = [business.kind for business in businesses()]


@pytest.fixture(autouse=True)
def today(clock: Clock) -> None:
    clock.stop_at(NOW)


def approve(world: World, application: Application, by: Actor | None = None) -> None:
    who = by or world.holder(application)
    act(application.pk, action=Action.APPROVE, actor=who, detail=world.originals(application), now=NOW)
    application.refresh_from_db()


def office_desks(kind: str) -> list[str]:
    """Those that a case of this kind passes, in order."""
    world = WORLDS[kind]()
    application, passed = world.file(), []
    while application.is_open:
        passed += [application.desk] if application.desk in OFFICE_DESKS else []
        approve(world, application)
    return passed


def at_desk(world: World, desk: str) -> Application:
    application = world.file()
    while application.desk != desk:
        approve(world, application)
    return application


def refusal(who: Actor, application: Application) -> str:
    """By permission, by queue and by deed: the three agree."""
    sentence = why_not(who, Action.APPROVE, application, today=NOW.date())
    assert sentence is not None
    assert not holds(who, application)
    assert not Application.objects.filter(awaiting(who), pk=application.pk).exists()
    for action in (Action.APPROVE, Action.RETURN, Action.REJECT):
        with pytest.raises(Refused, match=sentence[:6]):
            act(application.pk, action=action, actor=who, comment="意见", now=NOW)
    result = act_many([application.pk], action=Action.REJECT, actor=who, comment="意见", now=NOW)
    assert list(result.refused) == [application.pk]
    application.refresh_from_db()
    assert application.is_open
    return sentence


def colleague(application: Application, *, name: str = "同事") -> Actor:
    assert application.holder_office is not None
    return actor(make_staff(application.holder_office, DUTY_OF_DESK[Desk(application.desk)], name=name))


def expect_allowed(who: Actor, application: Application) -> None:
    assert why_not(who, Action.APPROVE, application, today=NOW.date()) is None
    assert holds(who, application)
    assert Application.objects.filter(awaiting(who), pk=application.pk).exists()


@pytest.mark.parametrize("kind", KINDS)
def test_nobody_decides_his_own_case_at_any_desk(kind: str) -> None:
    for desk in office_desks(kind):
        world = WORLDS[kind]()
        application = at_desk(world, desk)
        if application.person_id is None:
            continue  # filed by an enterprise for itself
        mine = replace(world.holder(application), own_person_id=application.person_id)
        assert refusal(mine, application).startswith("这是您本人的办件")
        expect_allowed(colleague(application), application)


def same_login(first: User, application: Application) -> Actor:
    """The clerk has moved to the office that has the case now."""
    User.objects.filter(pk=first.pk).update(
        office=application.holder_office, duties=[DUTY_OF_DESK[Desk(application.desk)]]
    )
    return actor(User.objects.get(pk=first.pk))


def second_login(first: User, application: Application) -> Actor:
    """Another login with the same ID number."""
    assert application.holder_office is not None
    user = make_staff(application.holder_office, DUTY_OF_DESK[Desk(application.desk)])
    user.identity_index = first.identity_index
    user.save()
    return actor(user)


@pytest.mark.parametrize("again", [same_login, second_login])
@pytest.mark.parametrize("kind", KINDS)
def test_one_person_does_not_decide_at_two_desks_of_one_case(
    kind: str, again: Callable[[User, Application], Actor]
) -> None:
    desks = office_desks(kind)
    for desk, following in itertools.pairwise(desks):
        world = WORLDS[kind]()
        reviewer = world.province.reviewer
        reviewer.identity_index = "ab" * 32
        reviewer.save()
        application = at_desk(world, desk)
        approve(world, application, actor(reviewer))
        assert application.desk == following
        who = again(reviewer, application)
        sentence = refusal(who, application)
        assert Desk(desk).label in sentence
        assert "请由本部门另一名" in sentence
        expect_allowed(colleague(application), application)


def test_some_business_passes_two_desks_of_offices() -> None:
    assert len(office_desks("extension")) == 2


def test_the_same_clerk_goes_on_at_his_desk_after_a_return() -> None:
    """Four eyes are those of two desks, not of two looks."""
    world = WORLDS["extension"]()
    application = at_desk(world, Desk.MUNICIPAL)
    act(application.pk, action=Action.RETURN, actor=world.holder(application), comment="请补充", now=NOW)
    resubmit(application.pk, actor=world.filer, now=NOW + timedelta(days=1))
    application.refresh_from_db()
    assert application.status == Status.IN_REVIEW
    expect_allowed(world.holder(application), application)


def test_the_natural_person_behind_a_login_is_found_by_the_id_number() -> None:
    world = WORLDS["extension"]()
    reviewer = world.province.reviewer
    assert actor(reviewer).own_person_id is None
    reviewer.identity_index = world.person.id_number_index
    reviewer.save()
    assert actor(reviewer).own_person_id == world.person.pk
    assert refusal(actor(reviewer), at_desk_without(world)).startswith("这是您本人的办件")


def at_desk_without(world: World) -> Application:
    """At the municipal desk, which the holder's own login does not serve."""
    application = world.file()
    while application.desk != Desk.MUNICIPAL:
        approve(world, application)
    return application


def test_the_page_says_who_decides_instead() -> None:
    world = WORLDS["extension"]()
    application = at_desk(world, Desk.MUNICIPAL)
    reviewer = world.province.reviewer
    reviewer.identity_index = world.person.id_number_index
    reviewer.duties = [Duty.REVIEW, Duty.COUNTER]
    reviewer.save()
    client = Client()
    client.force_login(reviewer, backend="django.contrib.auth.backends.ModelBackend")
    address = f"/office/applications/{application.number}/"
    page = client.get(address)
    assert page.status_code == 200, page.status_code
    assert "这是您本人的办件，不能由您办理。请由本部门另一名" in page.text
    assert 'value="approve"' not in page.text
    refused = client.post(address, {"action": "approve"})
    assert refused.status_code == 403
    assert "请由本部门另一名" in refused.text
    assert application.number not in client.get("/office/queue/municipal/").text


def test_nobody_reviews_his_own_sign_up_for_an_exam() -> None:
    """The queue of sign-ups and the permission are twins as well."""
    province = Province()
    person = make_person()
    batch = make_batch(organiser=province.municipal)
    entry = make_entry(person, make_enterprise(), batch, state=EntryState.ENTERED, office=province.municipal)
    mine = replace(province.municipal_actor, own_person_id=person.pk)
    assert "请由本部门另一名审核人员办理" in str(why_not_review(mine, entry))
    assert not ExamEntry.objects.filter(to_review(mine)).exists()
    assert why_not_review(province.municipal_actor, entry) is None
    assert ExamEntry.objects.filter(to_review(province.municipal_actor)).exists()
    assert list(approve_entries([entry.pk], actor=mine, now=NOW).refused) == [entry.pk]


def test_nobody_decides_about_his_own_certificate() -> None:
    bench = Bench()
    said: dict[str, Any] = {"document_number": "赣建安扣〔2026〕1号", "reason": "整改", "until": None, "now": NOW}
    mine = replace(bench.decider, own_person_id=bench.person.pk)
    with pytest.raises(Refused) as refused:
        services.suspend([bench.certificate.pk], by=mine, **said)
    assert [finding.code for finding in refused.value.findings] == ["authority.own"]
    assert "请由省厅另一名审核人员办理" in refused.value.findings[0].detail
    (event,) = services.suspend([bench.certificate.pk], by=bench.decider, **said)
    with pytest.raises(Refused, match="您本人的证书"):
        services.overturn(event.pk, document_number="赣建安〔2026〕2号", reason="撤回", by=mine, now=NOW)
