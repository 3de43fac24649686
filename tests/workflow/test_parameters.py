"""Which version of a parameter counts: filing rules that of the first submission, clocks that of the day of entry."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from administration.models import Parameter
from administration.parameters.book import ParameterBook
from administration.parameters.declared import SEED_DOCUMENT
from common.findings import Refused
from tests.clock import Clock
from tests.worlds import WORLDS
from tests.worlds.base import NOW, TODAY, World
from tests.worlds.employer_change import EmployerChangeWorld
from tests.worlds.extension import ExtensionWorld
from training.models import TrainingRecord
from workflow.business import business_of, businesses
from workflow.checks import Facts, evaluate, parameters_of
from workflow.enums import Action, Desk, Status
from workflow.models import Application, Event
from workflow.services.acting import act, act_many
from workflow.services.filing import resubmit

pytestmark = pytest.mark.django_db
TOMORROW = TODAY + timedelta(days=1)
NEXT = NOW + timedelta(days=1)
NEW_DOCUMENT = "赣建办〔2026〕12号"


@pytest.fixture(autouse=True)
def today(clock: Clock) -> None:
    clock.stop_at(NOW)


def change(key: str, value: int, on: date = TOMORROW) -> None:
    Parameter.objects.create(key=key, value=value, effective_from=on, document_number=NEW_DOCUMENT)


def approve(world: World, application: Application, now: datetime) -> None:
    act(
        application.pk,
        action=Action.APPROVE,
        actor=world.holder(application),
        detail=world.originals(application),
        now=now,
    )
    application.refresh_from_db()


def versions(application: Application, action: Action = Action.APPROVE) -> dict[str, list[list[object]]]:
    """Of the last event of that action: key → [value, document] used."""
    event = Event.objects.filter(application=application, action=action).order_by("-pk")[0]
    return {key: [[used[0], used[2]] for used in found] for key, found in event.parameters.items()}


def test_a_decision_stores_the_versions_that_it_used() -> None:
    world = ExtensionWorld()
    application = world.file()
    old = {"extension_window_months": 3, "training_hours_per_term": 24, "term_years": 3}
    old["training_year_institution"] = 0
    stored = {key: [[value, SEED_DOCUMENT]] for key, value in old.items()}
    assert versions(application, Action.SUBMIT) == stored | {"employer_days": [[15, SEED_DOCUMENT]]}
    approve(world, application, NOW)
    assert versions(application) == stored | {"acceptance_days": [[5, SEED_DOCUMENT]]}
    change("acceptance_days", 4)
    change("term_years", 5)
    approve(world, application, NEXT)
    assert versions(application) == stored | {"decision_days_issue": [[20, SEED_DOCUMENT]]}
    approve(world, application, NEXT)
    assert application.status == Status.APPROVED
    # The hours were judged by the day of filing, the new term is as long as today's rule says: both are stored.
    assert versions(application) == stored | {"term_years": [[3, SEED_DOCUMENT], [5, NEW_DOCUMENT]]}
    world.certificate.refresh_from_db()
    assert world.certificate.ends_on == date(2032, 1, 31)


def test_two_cases_of_one_batch_each_store_their_own_versions() -> None:
    """The one was filed before the change, the other after it."""
    change("training_hours_per_term", 12)
    worlds = [ExtensionWorld()]
    worlds.append(worlds[0].another())  # type: ignore[arg-type]
    applications = [worlds[0].file(NOW), worlds[1].file(NEXT)]
    result = act_many(
        [one.pk for one in applications], action=Action.APPROVE, actor=worlds[0].holder(applications[0]), now=NEXT
    )
    assert not result.refused
    hours = [versions(one)["training_hours_per_term"] for one in applications]
    assert hours == [[[24, SEED_DOCUMENT]], [[12, NEW_DOCUMENT]]]


def test_filing_rules_stay_those_of_the_first_submission() -> None:
    world = ExtensionWorld()
    application = world.file()
    change("training_hours_per_term", 100)
    change("extension_window_months", 1)
    approve(world, application, NEXT)
    act(application.pk, action=Action.RETURN, actor=world.holder(application), comment="请补充", now=NEXT)
    resubmit(application.pk, actor=world.filer, now=NEXT + timedelta(days=2))
    application.refresh_from_db()
    approve(world, application, NEXT + timedelta(days=2))
    approve(world, application, NEXT + timedelta(days=2))
    assert application.status == Status.APPROVED


def test_an_application_of_tomorrow_obeys_the_rule_of_tomorrow() -> None:
    change("training_hours_per_term", 100)
    world = ExtensionWorld()
    with pytest.raises(Refused) as refused:
        world.file(NEXT)
    assert [finding.code for finding in refused.value.findings] == ["training.missing"]
    assert "100 学时" in refused.value.findings[0].detail


def test_the_cool_down_is_that_of_the_day_of_filing() -> None:
    change("employer_change_cool_down_months", 12)
    world = EmployerChangeWorld()
    world.certificate.last_change_on = date(2026, 4, 1)
    world.certificate.save()
    application = world.file(NOW)
    approve(world, application, NEXT)
    assert application.desk == Desk.MUNICIPAL
    second = EmployerChangeWorld()
    second.certificate.last_change_on = date(2026, 4, 1)
    second.certificate.save()
    with pytest.raises(Refused) as refused:
        second.file(NEXT)
    assert [finding.code for finding in refused.value.findings] == ["change.cool_down"]
    assert "12 个月" in refused.value.findings[0].message


def test_a_clock_is_that_of_the_day_on_which_its_desk_is_entered() -> None:
    change("employer_days", 1)
    change("acceptance_days", 2)
    world = ExtensionWorld()
    application = world.file(NOW)
    assert application.due_on == date(2026, 12, 14)
    approve(world, application, NEXT)
    # Two working days after 24 November.
    assert application.due_on == date(2026, 11, 26)


def test_a_clock_that_runs_is_not_changed_by_a_new_value() -> None:
    world = ExtensionWorld()
    application = world.file(NOW)
    approve(world, application, NOW)
    change("acceptance_days", 1)
    application.refresh_from_db()
    assert application.due_on == date(2026, 11, 30)


def test_the_guide_says_the_values_of_today(client, clock: Clock) -> None:
    change("training_hours_per_term", 30)
    assert "不少于 24 学时" in client.get("/guides/extension/").content.decode()
    clock.stop_at(NEXT)
    assert "不少于 30 学时" in client.get("/guides/extension/").content.decode()


@pytest.mark.parametrize("kind", sorted(WORLDS))
def test_every_parameter_that_a_business_asks_is_declared_by_it(kind: str) -> None:
    """Each check names the parameters it asks in its condition; guides and docs list them from there."""
    world = WORLDS[kind]()
    case = world.case()
    for check in case.business.checks:
        facts = Facts([case], ParameterBook.load())
        answer = check(case, facts)
        list(answer if not hasattr(answer, "message") and answer is not None else [])
        asked = set(facts.parameters.used_for(None))
        assert asked <= set(parameters_of(check)), check
    application = world.file()
    while application.is_open:
        approve(world, application, NOW)
    used = {key for event in Event.objects.filter(application=application) for key in event.parameters}
    assert used <= set(business_of(kind).parameter_keys)


def test_every_business_states_parameters_that_exist() -> None:
    book = ParameterBook.load()
    for business in businesses():
        for key in business.parameter_keys:
            assert book.row(key, TODAY)


def test_evaluation_of_a_case_that_is_not_stored_notes_nothing_elsewhere() -> None:
    world = ExtensionWorld()
    case, book = world.case(), ParameterBook.load()
    evaluate([case], Facts([case], book))
    assert set(book.used_for(None)) == {
        "extension_window_months",
        "training_hours_per_term",
        "term_years",
        "training_year_institution",
    }
    assert TrainingRecord.objects.exists()
