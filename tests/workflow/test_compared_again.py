"""What the filer changes after a desk has compared it with originals goes to that desk again."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from administration.calendar.working_days import load_working_days
from common.files.uploads import check_upload
from tests.worlds.base import CertificateWorld
from tests.worlds.correction import CorrectionWorld
from tests.worlds.extension import ExtensionWorld
from workflow.business import business_of
from workflow.enums import Action, Desk
from workflow.models import Application
from workflow.services.acting import act
from workflow.services.filing import attach, resubmit, save_draft

from .browsing import NOW, picture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


def at_the_province(world: CertificateWorld, application: Application, now: datetime = NOW) -> None:
    while application.desk != Desk.PROVINCIAL:
        detail = world.originals(application)
        act(application.pk, action=Action.APPROVE, actor=world.holder(application), detail=detail, now=now)
        application.refresh_from_db()


def returned_by_the_province(world: CertificateWorld, application: Application) -> None:
    at_the_province(world, application)
    act(application.pk, action=Action.RETURN, actor=world.province.provincial_actor, comment="扫描件不清楚", now=NOW)


@pytest.mark.parametrize("changed", ["scan", "words", "nothing"])
def test_a_correction_goes_to_the_counter_that_must_see_the_original(changed: str) -> None:
    world = CorrectionWorld()
    application = world.file()
    for _ in range(2):
        returned_by_the_province(world, application)
        if changed == "scan":
            kind = business_of(application.kind).attachments[0].key
            upload = check_upload(picture("white" if application.events.count() < 6 else "gray"))
            attach(application.pk, kind=kind, upload=upload, actor=world.filer)
        elif changed == "words":
            days = {"first_issued_on": f"2018-03-{application.events.count():02d}"}
            save_draft(application.pk, payload={**world.case().payload, **days}, actor=world.filer)
        resubmit(application.pk, actor=world.filer, now=NOW)
        application.refresh_from_db()
        assert application.desk == (Desk.PROVINCIAL if changed == "nothing" else Desk.COUNTER)


@pytest.mark.parametrize(
    ("kind", "first", "changed"),
    [
        (CorrectionWorld, Desk.COUNTER, {"first_issued_on": "2018-03-02"}),
        (ExtensionWorld, Desk.EMPLOYER, {"phone": "13900000000"}),
    ],
)
def test_what_has_changed_is_accepted_again_and_its_term_begins_then(
    kind: type[CertificateWorld], first: Desk, changed: dict[str, str]
) -> None:
    """The province does not get it overdue because the time at the filer and at the desks before has been counted."""
    world, late = kind(), NOW + timedelta(days=29)
    application = world.file()
    at_the_province(world, application)
    first_due = application.due_on
    assert first_due is not None
    returned_by_the_province(world, application)
    save_draft(application.pk, payload={**world.case().payload, **changed}, actor=world.filer)
    resubmit(application.pk, actor=world.filer, now=late)
    application.refresh_from_db()
    assert application.desk == first
    at_the_province(world, application, late)
    term = load_working_days().between(NOW.date(), first_due)
    assert application.accepted_at == late
    assert application.due_on == load_working_days().add(late.date(), term)[0]
