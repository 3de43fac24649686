"""Applications that an impostor would file or accept first wait after the person's password was reset."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from common.findings import Refused
from tests.factories import actor, make_counter_code
from tests.worlds.base import World
from tests.worlds.c3_merge import C3MergeWorld
from tests.worlds.cancellation import CancellationWorld
from tests.worlds.employer_change import EmployerChangeWorld
from tests.worlds.employment_end import EmploymentEndWorld
from tests.worlds.employment_renewal import EmploymentRenewalWorld
from tests.worlds.employment_start import EmploymentStartWorld
from tests.worlds.extension import ExtensionWorld
from tests.worlds.transfer_out import TransferOutWorld
from workflow.business import businesses
from workflow.enums import Action, Party, Status
from workflow.services.acting import act
from workflow.services.filing import create_draft, file_application, submit

from .browsing import browser, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]
FILED = [CancellationWorld, TransferOutWorld, EmploymentEndWorld, EmployerChangeWorld, C3MergeWorld]


def mark_reset(world: World, *, hours_ago: int = 1) -> None:
    user = world.person_user
    user.reset_at, user.reset_way = timezone.now() - timedelta(hours=hours_ago), "face"
    user.save()


def codes(refused: Refused) -> list[str]:
    return [finding.code for finding in refused.findings]


def test_the_worlds_here_are_all_businesses_that_wait() -> None:
    waiting = {business.kind for business in businesses() if business.waits_after_reset}
    assert waiting == {world.kind for world in FILED} | {EmploymentStartWorld.kind, EmploymentRenewalWorld.kind}
    assert all(
        Party.PERSON in business.filed_by for business in businesses() if business.kind in {w.kind for w in FILED}
    )


@pytest.mark.parametrize("kind", FILED)
def test_a_person_files_it_only_after_the_wait(kind: type[World]) -> None:
    world = kind()
    mark_reset(world)
    with pytest.raises(Refused) as refused:
        file_application(case=world.case(), actor=world.filer)
    assert "reset.waits" in codes(refused.value)
    (finding,) = [one for one in refused.value.findings if one.code == "reset.waits"]
    assert "通过人脸识别重设" in finding.detail
    assert finding.cure is not None
    mark_reset(world, hours_ago=25)
    assert file_application(case=world.case(), actor=world.filer).is_open


def test_the_draft_stays_and_a_confirmed_session_submits_it() -> None:
    world = CancellationWorld()
    draft = create_draft(case=world.case(), actor=world.filer)
    mark_reset(world)
    with pytest.raises(Refused):
        submit(draft.pk, actor=actor(world.person_user))
    draft.refresh_from_db()
    assert draft.status == Status.DRAFT
    client = browser(world.person_user)
    address = f"/applications/new/cancellation/?certificate={world.certificate.pk}"
    assert "密码重设后24小时内" in words(client.get(address))
    assert client.post(address).status_code == 409
    assert client.post("/m/verify/", {"code": make_counter_code(world.person), "next": address}).url == address
    assert "密码重设后24小时内" not in words(client.get(address))
    assert client.post(address).status_code == 302


def test_employment_is_accepted_only_after_the_wait_or_a_confirmation() -> None:
    world = EmploymentStartWorld()
    application = file_application(case=world.case(), actor=world.filer)
    mark_reset(world)
    client = browser(world.person_user, verified=True)
    assert "密码重设后24小时内" in words(client.get(f"/m/applications/{application.number}/"))
    accept = f"/m/applications/{application.number}/accept/"
    answer = client.post(accept)
    assert answer.status_code == 409
    assert [finding.code for finding in answer.context["refusals"]] == ["reset.waits"]
    assert "/m/verify/" in answer.text
    with pytest.raises(Refused):
        act(application.pk, action=Action.APPROVE, actor=actor(world.person_user, is_verified=True))
    application.refresh_from_db()
    assert application.is_open
    client.post("/m/verify/", {"code": make_counter_code(world.person)})
    client.post(accept)
    application.refresh_from_db()
    assert application.status == Status.APPROVED


def test_who_never_signed_says_no_at_once() -> None:
    world = EmploymentStartWorld()
    application = file_application(case=world.case(), actor=world.filer)
    mark_reset(world)
    client = browser(world.person_user, verified=True)
    client.post(f"/m/applications/{application.number}/decline/", {"comment": "没有签过合同"})
    application.refresh_from_db()
    assert application.status == Status.REJECTED


def test_an_extension_takes_nothing_away_and_does_not_wait() -> None:
    world = ExtensionWorld()
    mark_reset(world)
    assert file_application(case=world.case(), actor=world.filer).is_open


def test_the_wait_is_asked_of_the_person_alone() -> None:
    """What the enterprise proposes and the office decides goes on."""
    world = EmploymentStartWorld()
    mark_reset(world)
    assert file_application(case=world.case(), actor=world.filer).is_open
