"""What the filer changes after a desk has compared it with originals goes to that desk again."""

from __future__ import annotations

import pytest

from common.files.uploads import check_upload
from tests.worlds.correction import CorrectionWorld
from workflow.business import business_of
from workflow.enums import Action, Desk
from workflow.models import Application
from workflow.services.acting import act
from workflow.services.filing import attach, resubmit, save_draft

from .browsing import NOW, picture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


def returned_by_the_province(world: CorrectionWorld, application: Application) -> None:
    while application.desk != Desk.PROVINCIAL:
        detail = world.originals(application)
        act(application.pk, action=Action.APPROVE, actor=world.holder(application), detail=detail, now=NOW)
        application.refresh_from_db()
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
