"""A decision of the authority against a decision on an application of the same certificate."""

from __future__ import annotations

from functools import partial

import pytest

from certificates.authority import services
from certificates.models import Certificate, CertificateEvent, CertificateVersion
from common.findings import Refused
from tests.concurrency import at_once
from tests.factories import Province
from tests.worlds.extension import ExtensionWorld
from workflow.enums import Action, Desk, Status
from workflow.models import Application
from workflow.services.acting import act

from .authority_world import NOW, SAID, Bench

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 30


def at_the_province(world: ExtensionWorld) -> int:
    application = world.file(NOW)
    while application.desk != Desk.PROVINCIAL:
        act(application.pk, action=Action.APPROVE, actor=world.holder(application), now=NOW)
        application.refresh_from_db()
    return application.pk


def refusals(outcomes: list[object]) -> list[str]:
    errors = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert all(isinstance(error, Refused) for error in errors), errors
    return [finding.code for error in errors if isinstance(error, Refused) for finding in error.findings]


def test_a_suspension_against_an_approval_leaves_no_contradiction() -> None:
    first = ExtensionWorld()
    seen = set()
    for _ in range(ROUNDS):
        world = first.another()
        assert isinstance(world, ExtensionWorld)
        pk = at_the_province(world)
        by = world.province.provincial_actor
        outcomes = at_once(
            [
                partial(act, pk, action=Action.APPROVE, actor=by, now=NOW),
                partial(services.suspend, [world.certificate.pk], until=None, by=by, **SAID),
            ]
        )
        refused = refusals(outcomes)
        assert refused in ([], ["certificate.suspended"])
        seen.add(bool(refused))
        certificate = Certificate.objects.get(pk=world.certificate.pk)
        issued = CertificateVersion.objects.filter(certificate=certificate).count()
        assert (certificate.legal_state, issued) == ("02", 0 if refused else 1)
        # The trail and the state say the same, whoever was first.
        assert CertificateEvent.objects.filter(certificate=certificate).latest("pk").state_after == "02"
    assert seen <= {True, False}


def test_a_revocation_against_an_approval_decides_the_application_once() -> None:
    first = ExtensionWorld()
    for _ in range(ROUNDS):
        world = first.another()
        assert isinstance(world, ExtensionWorld)
        pk = at_the_province(world)
        by = world.province.provincial_actor
        outcomes = at_once(
            [
                partial(act, pk, action=Action.APPROVE, actor=by, now=NOW),
                partial(services.revoke, [world.certificate.pk], ground="fraud", by=by, **SAID),
            ]
        )
        refused = refusals(outcomes)
        assert refused in ([], ["workflow.not_now"])
        assert Application.objects.get(pk=pk).status == (Status.CLOSED if refused else Status.APPROVED)
        assert Certificate.objects.get(pk=world.certificate.pk).legal_state == "03"


def test_the_same_decision_taken_twice_at_once_is_taken_once() -> None:
    province = Province()
    for _ in range(ROUNDS):
        bench = Bench(province=province)
        take = partial(services.suspend, [bench.certificate.pk], until=None, by=bench.decider, **SAID)
        assert refusals(at_once([take] * 4)) == ["authority.state"] * 3
        assert CertificateEvent.objects.filter(certificate=bench.certificate).count() == 1
        event = CertificateEvent.objects.get(certificate=bench.certificate)
        undo = partial(services.overturn, event.pk, by=bench.decider, **SAID)
        assert refusals(at_once([undo] * 4)) == ["authority.not_overturnable"] * 3
        assert bench.state() == "01"
