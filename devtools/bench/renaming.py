"""Measures an enterprise's rename with thousands of certificates: the decision, which someone waits for, and the reissue.

All is done in one transaction that is taken back, so that the database is as before at the end.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.enums import Duty, Sphere
from accounts.models import Person, User
from administration.enums import OfficeKind, RouteDesk
from administration.models import Office, OfficeRoute
from certificates.enums import LegalState, RenameOutcome
from certificates.models import Certificate, RenameBatch, RenameRow
from certificates.renaming.services import run_block
from enterprises.models import Enterprise
from enterprises.register.services import EnterpriseFacts, save_enterprise
from workflow.actors import Actor, actor_of
from workflow.business import business_of
from workflow.enums import Action
from workflow.models import Application
from workflow.services.acting import act
from workflow.services.filing import file_application

from .measure import LOGINS, recorded
from .pages import OPERATOR

KIND = "enterprise_rename"
CITY, PROVINCE = OfficeKind.MUNICIPAL, OfficeKind.PROVINCIAL
ENTERPRISE = 1
MANY = 5_000
FILLED_IN = {"phone": "13800000000", "note": "", "commitment": True}


@dataclass(frozen=True)
class Step:
    """Seconds are those of the wall and of CPU in this process; the database's own are in the first alone."""

    name: str
    seconds: float
    cpu_seconds: float
    statements: int

    def as_row(self) -> dict[str, Any]:
        return asdict(self)


def renaming(count: int = 0) -> list[Step]:
    """Files, accepts, decides and reissues for an enterprise with so many certificates of made-up people: with `MANY`, or
    all where there are fewer, unless a number is asked for.
    """
    count = count or min(MANY, _valid().count())
    with transaction.atomic():
        _prepare(count)
        steps = list(_steps(count))
        transaction.set_rollback(True)
    return steps


def _valid() -> QuerySet[Certificate]:
    return Certificate.objects.filter(legal_state=LegalState.VALID, ends_on__gt=timezone.localdate())


def _prepare(count: int) -> None:
    """The first valid certificates become those of one enterprise, whose holders have photos; then its name changes."""
    enterprise = Enterprise.objects.get(pk=ENTERPRISE)
    chosen = list(_valid().order_by("pk").values_list("pk", "person_id")[:count])
    if len(chosen) < count:
        raise RuntimeError(f"there are {len(chosen)} valid certificates: generate more people")
    Certificate.objects.filter(enterprise=enterprise).update(enterprise=None)
    Certificate.objects.filter(pk__in=[pk for pk, _ in chosen]).update(
        enterprise=enterprise, enterprise_name=enterprise.name
    )
    Person.objects.filter(pk__in=[person for _, person in chosen]).update(id_photo="photos/bench.jpg")
    _route(enterprise.region_id)
    facts = EnterpriseFacts(enterprise.uscc, f"{enterprise.name}（更名）", enterprise.region_id)
    save_enterprise(facts, now=timezone.now() - timedelta(days=1), synced=True)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE certificates_certificate, accounts_person")


def _route(region_id: str) -> None:
    """The made-up offices have no regions of their own."""
    municipal, provincial = (Office.objects.filter(kind=kind).order_by("pk")[0] for kind in (CITY, PROVINCE))
    OfficeRoute.objects.filter(region=region_id).delete()
    OfficeRoute.objects.bulk_create(
        OfficeRoute(region_id=region_id, desk=desk, office=office)
        for desk, office in ((RouteDesk.MUNICIPAL, municipal), (RouteDesk.PROVINCIAL, provincial))
    )


def _steps(count: int) -> list[Step]:
    operator = _actor(User.objects.get(login=LOGINS[OPERATOR]))
    filing = measured("filing", lambda: _file(operator))
    application = Application.objects.filter(kind=KIND, enterprise=ENTERPRISE).latest("pk")
    accepting = measured("acceptance", lambda: _approve(application, Duty.COUNTER))
    deciding = measured("decision", lambda: _approve(application, Duty.DECIDE))
    batch = RenameBatch.objects.get(application=application)
    reissuing = measured("reissue of all", lambda: _reissue(application.pk))
    done = RenameRow.objects.filter(batch=batch, outcome=RenameOutcome.REISSUED).count()
    if done != count:
        raise RuntimeError(f"{done} of {count} were reissued")
    return [filing, accepting, deciding, reissuing]


def _file(operator: Actor) -> None:
    case = business_of(KIND).prepare(operator, {}, today=timezone.localdate())
    file_application(case=replace(case, payload=FILLED_IN), actor=operator)


def _approve(application: Application, duty: Duty) -> None:
    application.refresh_from_db()
    staff = User.objects.filter(sphere=Sphere.STAFF, office=application.holder_office_id, duties__contains=[duty])
    act(application.pk, action=Action.APPROVE, actor=_actor(staff.order_by("pk")[0]))


def _reissue(application_id: int) -> None:
    while run_block(application_id):
        pass


def _actor(user: User) -> Actor:
    found = actor_of(user)
    if found is None:
        raise RuntimeError(f"{user} does not act on cases")
    return found


def measured(name: str, work: Callable[[], object]) -> Step:
    began, spent = time.monotonic(), time.process_time()
    _, statements = recorded(work)
    return Step(name, round(time.monotonic() - began, 2), round(time.process_time() - spent, 2), len(statements))
