"""Opens applications in a person's name for the system, in sets."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import connection
from django.utils.timezone import localdate

from administration.parameters.book import ParameterBook
from common.findings import Finding, blocking
from workflow.business import digest
from workflow.checks import Case, Facts, evaluate

from ..actors import SYSTEM
from ..enums import Action, Desk, Party
from ..facts import enterprises, persons
from ..models import Application
from .transitions import Transitions


def open_many(cases: Sequence[Case], *, comment: str, now: datetime) -> list[Application]:
    """Puts each case of one business before its first desk. The caller holds the persons and enterprises.

    A case that a rule blocks is opened all the same and returned to its person with every reason, so that nothing is
    lost and the person knows what to do. What nobody has confirmed yet counts as confirmed, because the system knows
    its ground.
    """
    if not cases:
        return []
    transitions = Transitions(SYSTEM, now, ParameterBook.load())
    facts = Facts(cases, transitions.parameters)
    found = evaluate(cases, facts)
    applications = _create(cases, now)
    _attach_parties(applications, facts)
    for case, application in zip(cases, applications, strict=True):
        blockers = blocking(found[case])
        application.first_submitted_at = now
        with transitions.recording(application, Action.SUBMIT, desk=Desk.FILER, comment=comment, findings=found[case]):
            if not transitions.enter_next(application, after=Desk.FILER):
                raise ValueError(f"{case.business.kind} has no desk")
        if blockers:
            _return_to_person(application, blockers, transitions)
    transitions.write(applications)
    return applications


def _attach_parties(applications: Sequence[Application], facts: Facts) -> None:
    """Gives each application its parties, which the messages would otherwise read one by one."""
    for application in applications:
        application.person = facts(persons).get(application.person_id or 0)
        application.enterprise = facts(enterprises).get(application.enterprise_id or 0)


def _return_to_person(application: Application, blockers: Sequence[Finding], transitions: Transitions) -> None:
    desk, words = application.desk, in_words(blockers)
    transitions.outgoing.pop()  # the office has nothing to do yet
    transitions.return_to_filer(application, comment=words)
    transitions.record(application, Action.RETURN, desk=desk, comment=words, findings=blockers)


def in_words(blockers: Sequence[Finding]) -> str:
    """Writes every reason on a line of its own."""
    return "\n".join(f"{one.message}。{one.detail}" if one.detail else f"{one.message}。" for one in blockers)


def _create(cases: Sequence[Case], now: datetime) -> list[Application]:
    applications = [
        Application(
            number=number,
            kind=case.business.kind,
            filed_by=Party.PERSON,
            person_id=case.person_id,
            enterprise_id=case.enterprise_id,
            former_enterprise_id=case.former_enterprise_id,
            region_id=case.region_id,
            payload=dict(case.payload),
            payload_digest=digest(case.payload, []),
            created_at=now,
        )
        for case, number in zip(cases, _numbers(cases, localdate(now).year), strict=True)
    ]
    Application.objects.bulk_create(applications)
    business = cases[0].business
    items = []
    for case, application in zip(cases, applications, strict=True):
        things: list[dict[str, object]] = [{f"{business.subject_field}_id": subject} for subject in case.subjects]
        things += [{"claim_key": claim} for claim in case.claims]
        items += [business.item_model(application=application, **thing) for thing in things]
    business.item_model._default_manager.bulk_create(items)
    return applications


def _numbers(cases: Sequence[Case], year: int) -> list[str]:
    """Answers numbers as `filing.next_number` does, by one query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('workflow_application_serial') FROM generate_series(1, %s)", [len(cases)])
        serials = [serial for (serial,) in cursor.fetchall()]
    return [f"{year}-{case.region_id[:4]}-{serial:06d}" for case, serial in zip(cases, serials, strict=True)]
