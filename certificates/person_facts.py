"""Says for an office which certificates a person holds and has held."""

from __future__ import annotations

from accounts.models import Person
from certificates.enums import LegalState
from certificates.facts.holdings import READERS
from certificates.models import Certificate
from common.dates import chinese_date
from workflow.actors import Actor
from workflow.selectors.person_facts import PERSON_FACTS, Line, PersonFact

SHOWN = 12


def certificates_held(person: Person, actor: Actor) -> PersonFact:
    """An office that reads a case of the person reads the certificates too (`certificates.facts.holdings.readable`)."""
    may_follow = bool(READERS & set(actor.duties))
    rows = Certificate.objects.filter(person=person, taken_back_at__isnull=True).order_by("-pk")[:SHOWN]
    lines = [
        Line(
            one.number,
            "certificates:office_detail" if may_follow else "",
            one.pk,
            f"{LegalState(one.legal_state).label}，至{chinese_date(one.ends_on)}",
        )
        for one in rows
    ]
    return PersonFact("证书", lines)


PERSON_FACTS.register("certificates", certificates_held, order=20)
