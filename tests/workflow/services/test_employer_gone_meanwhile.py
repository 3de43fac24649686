"""A case that was returned comes back after the employer who confirmed it has ended the employment."""

from __future__ import annotations

import pytest

from employment.models import Employment
from employment.relations.services import end_by_enterprise
from tests.clock import Clock
from tests.factories import actor
from tests.worlds.base import NOW
from tests.worlds.cancellation import CancellationWorld
from workflow.enums import Action, Desk
from workflow.services.acting import act
from workflow.services.filing import resubmit, save_draft

pytestmark = pytest.mark.django_db


def test_nobody_is_asked_where_no_employer_is_left(clock: Clock) -> None:
    clock.stop_at(NOW)
    world = CancellationWorld()
    application = world.file()
    act(application.pk, action=Action.APPROVE, actor=world.holder(application), now=NOW)
    act(application.pk, action=Action.RETURN, actor=world.province.provincial_actor, comment="请补充", now=NOW)
    employment = Employment.objects.get(person=world.person)
    end_by_enterprise(employment_id=employment.pk, actor=actor(world.operator), now=NOW)
    application.refresh_from_db()
    save_draft(application.pk, payload=application.payload | {"note": "补正"}, actor=world.filer)
    resubmit(application.pk, actor=world.filer, now=NOW)
    application.refresh_from_db()
    assert application.desk == Desk.PROVINCIAL
    skipped = application.events.get(action=Action.SKIP)
    assert (skipped.desk, skipped.to_desk, bool(skipped.comment)) == (Desk.EMPLOYER, Desk.EMPLOYER, True)
