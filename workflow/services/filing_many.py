"""Files many new cases of one business at once, in a constant number of statements."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection, transaction
from django.utils.timezone import localdate
from django.utils.timezone import now as utc_now

from accounts.models import Person
from administration.parameters.book import ParameterBook
from common.database.constraints import refused_by_constraints
from common.findings import Finding, Refused, blocking
from enterprises.models import Enterprise
from workflow.business import Business
from workflow.checks import Case, Facts, evaluate
from workflow.permissions import may_file, what_waits

from ..actors import Actor
from ..enums import Action, Desk
from ..models import Application, ApplicationItem
from .filing import BUSY
from .locking import lock_parties
from .transitions import Transitions


@dataclass
class Filed:
    """Maps each case to its application, or to the reasons why none was made; every case is in one of both."""

    filed: dict[Case, Application] = field(default_factory=dict)
    refused: dict[Case, list[Finding]] = field(default_factory=dict)


def file_applications(cases: Sequence[Case], *, actor: Actor, now: datetime | None = None) -> Filed:
    """Submits them without a draft, each as `file_application` would; a refused one leaves the others alone.

    The kind has no attachments and takes the cases as they were made. Raises Refused where the actor may not file it.
    """
    result = Filed()
    if not cases:
        return result
    business = cases[0].business
    if any(case.business is not business for case in cases) or business.attachments:
        raise ValueError("only cases of one business without attachments are filed at once")
    if not may_file(actor, business):
        raise Refused(Finding("workflow.wrong_filer", f"“{business.title}”不能由您的身份发起"))
    # Whoever files about these persons locks them too, so a conflict comes only from rows written elsewhere.
    with refused_by_constraints(BUSY.code, BUSY.detail), transaction.atomic():
        _file_locked(business, list(dict.fromkeys(cases)), actor, now or utc_now(), result)
    return result


def _file_locked(business: Business, cases: list[Case], actor: Actor, now: datetime, result: Filed) -> None:
    parties = lock_parties(
        person_ids=[case.person_id for case in cases],
        enterprise_ids=[pk for case in cases for pk in (case.enterprise_id, case.former_enterprise_id)],
    )
    parameters = ParameterBook.load()
    findings = evaluate(cases, Facts(cases, parameters))
    taken, waits = _taken(business, cases), what_waits(actor, business)
    for case in cases:
        stops = blocking(findings[case]) + waits
        keys = set(_keys(case))
        if not stops and keys & taken:
            stops = [BUSY]
        if stops:
            result.refused[case] = stops
        else:
            taken |= keys
    accepted = [case for case in cases if case not in result.refused]
    if accepted:
        transitions = Transitions(actor, now, parameters)
        applications = _drafts(business, accepted, transitions)
        _know_parties(applications, *parties)
        result.filed = dict(zip(accepted, applications, strict=True))
        _submit(result.filed, findings, transitions)


def _keys(case: Case) -> Iterator[Hashable]:
    yield from case.subjects
    yield from case.claims


def _taken(business: Business, cases: Sequence[Case]) -> set[Hashable]:
    """Answers the subjects and claims that open applications hold."""
    items = business.item_model._default_manager.filter(is_open=True)
    taken: set[Hashable] = set()
    if claims := [claim for case in cases for claim in case.claims]:
        taken |= set(items.filter(claim_key__in=claims).values_list("claim_key", flat=True))
    if subjects := [subject for case in cases for subject in case.subjects]:
        name = f"{business.subject_field}_id"
        taken |= set(items.filter(**{f"{name}__in": subjects}).values_list(name, flat=True))
    return taken


def _submit(filed: dict[Case, Application], findings: dict[Case, list[Finding]], transitions: Transitions) -> None:
    for case, application in filed.items():
        with transitions.recording(application, Action.SUBMIT, desk=Desk.FILER, findings=findings[case]):
            application.first_submitted_at = transitions.now
            transitions.opened_or_closed.append(application.pk)
            if not transitions.enter_next(application, after=Desk.FILER):
                raise ValueError(f"{application.kind} has no desk")
    transitions.write(list(filed.values()))


def _drafts(business: Business, cases: Sequence[Case], transitions: Transitions) -> list[Application]:
    actor, numbers = transitions.actor, _next_numbers(len(cases))
    applications = [
        Application(
            number=f"{localdate(transitions.now).year}-{case.region_id[:4]}-{serial:06d}",
            kind=business.kind,
            filed_by=actor.party,
            filer_id=actor.user_id,
            person_id=case.person_id,
            enterprise_id=case.enterprise_id,
            former_enterprise_id=case.former_enterprise_id,
            region_id=case.region_id,
            payload=dict(case.payload),
        )
        for case, serial in zip(cases, numbers, strict=True)
    ]
    Application.objects.bulk_create(applications)
    pairs = zip(cases, applications, strict=True)
    items = [item for case, application in pairs for item in _items(business, case, application)]
    business.item_model._default_manager.bulk_create(items)
    return applications


def _items(business: Business, case: Case, application: Application) -> Iterator[ApplicationItem]:
    for subject in case.subjects:
        yield business.item_model(application=application, **{f"{business.subject_field}_id": subject})
    for claim in case.claims:
        yield business.item_model(application=application, claim_key=claim)


def _know_parties(
    applications: Sequence[Application], persons: dict[int, Person], enterprises: dict[int, Enterprise]
) -> None:
    """Messages to the holders go to their mailboxes."""
    for one in applications:
        if one.person_id is not None:
            one.person = persons[one.person_id]
        if one.enterprise_id is not None:
            one.enterprise = enterprises[one.enterprise_id]


def _next_numbers(count: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('workflow_application_serial') FROM generate_series(1, %s)", [count])
        return [serial for (serial,) in cursor.fetchall()]
