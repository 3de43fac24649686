"""Reads all deadlines of an enterprise: a constant number of statements, however many people it has."""

from __future__ import annotations

from datetime import date, timedelta

from accounts.models import Person
from certificates.pages.roster import Roster
from enterprises.models import Enterprise
from workflow.actors import Actor

from .items import Deadline
from .of_cases import confirmations, sign_up_ends
from .of_certificates import CertificateDays
from .of_employment import EmploymentDays

PAST = timedelta(days=30)
AHEAD = timedelta(weeks=26)


def deadlines_of(enterprise: Enterprise, actor: Actor, *, today: date) -> list[Deadline]:
    """Answers what ended in the last month and is not settled, and what ends within half a year."""
    first, last = today - PAST, today + AHEAD
    roster = Roster(enterprise.pk, today)
    certificates = CertificateDays(enterprise.pk, roster, first=first, today=today, last=last)
    employment = EmploymentDays(enterprise, first=first, today=today, last=last)
    people = Person.objects.filter(pk__in=sorted(certificates.person_ids | employment.person_ids)).order_by()
    names = dict(people.values_list("pk", "name"))
    return [
        *confirmations(actor, last=last),
        *certificates.deadlines(names),
        *employment.deadlines(names),
        *sign_up_ends(enterprise, actor.user_id or 0, today=today, last=last),
    ]
