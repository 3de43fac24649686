"""Twenty threads with connections of their own press the same button: one wins, the others read a sentence, nobody meets a 500."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import partial

import pytest
from django.contrib.sessions.backends.base import SessionBase
from django.test import Client
from django.utils import timezone

from accounts.access import sessions
from accounts.models import Person
from employment.models import Employment
from exams.models import ExamBatch, ExamEntry
from exams.sign_up.services import SignUpResult, sign_up
from tests.clock import Clock
from tests.concurrency import at_once
from tests.employment.proposing.test_pages import propose
from tests.exams.exam_world import NOW, ExamWorld
from tests.factories import Province, make_counter_code, make_enterprise, make_person
from tests.worlds.extension import ExtensionWorld
from workflow.enums import Action
from workflow.models import Application, Event

pytestmark = pytest.mark.django_db(transaction=True)
PRESSES = 20


def browser_of(person: Person, *, is_verified: bool = False) -> Client:
    """A session of its own, as if each came from another tab of another machine."""
    client = Client()
    client.force_login(person.user)
    if is_verified:
        session: SessionBase = client.session
        session[sessions._VERIFIED_AT] = timezone.now().timestamp()
        session[sessions._VERIFIED_USER] = person.user_id
        session.save()
    return client


def pressed(calls: list[Callable[[], object]]) -> Counter[int]:
    """The states of the answers; an exception in a thread fails here."""
    answers = at_once(calls)
    assert not [answer for answer in answers if isinstance(answer, Exception)], answers
    return Counter(answer.status_code for answer in answers)


def test_of_twenty_who_accept_at_once_one_does() -> None:
    Province()
    person = make_person()
    application = propose(make_enterprise(), person)
    address = f"/m/applications/{application.number}/accept/"
    browsers = [browser_of(person, is_verified=True) for _ in range(PRESSES)]
    states = pressed([partial(browser.post, address) for browser in browsers])
    assert Employment.objects.filter(person=person).count() == 1
    assert Event.objects.filter(application=application, action=Action.APPROVE).count() == 1
    assert sum(states.values()) == PRESSES
    assert max(states) < 500


def test_of_twenty_who_use_one_code_of_the_counter_one_is_verified() -> None:
    person = make_person()
    code = make_counter_code(person)
    browsers = [browser_of(person) for _ in range(PRESSES)]
    states = pressed([partial(browser.post, "/m/verify/", {"code": code}) for browser in browsers])
    assert states[302] == 1
    assert max(states) < 500
    assert sum(sessions._VERIFIED_AT in browser.session for browser in browsers) == 1


def test_of_twenty_who_make_one_draft_at_once_one_does() -> None:
    world = ExtensionWorld()
    address = f"/applications/new/extension/?certificate={world.certificate.pk}"
    browsers = [browser_of(world.person) for _ in range(PRESSES)]
    states = pressed([partial(browser.post, address) for browser in browsers])
    assert Application.objects.count() <= 1
    assert max(states) < 500


def test_twenty_enterprises_do_not_overrun_a_quota(clock: Clock) -> None:
    clock.stop_at(NOW)
    world = ExamWorld()
    ExamBatch.objects.update(quota=7)
    people = world.candidates(PRESSES)
    outcomes = at_once([partial(sign_up, world.batch.pk, [one], actor=world.filer, now=NOW) for one in people])
    assert all(isinstance(outcome, SignUpResult) for outcome in outcomes), outcomes
    assert ExamEntry.objects.count() == ExamBatch.objects.get().taken == 7


def test_twenty_wrong_passwords_at_once_are_each_refused() -> None:
    person = make_person()
    data = {"id_number": person.id_number, "password": "falsch-2026"}
    states = pressed([partial(Client().post, "/login/", data) for _ in range(PRESSES)])
    assert set(states) <= {400, 429}
