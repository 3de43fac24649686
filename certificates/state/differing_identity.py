"""Tells a holder at once when certificates print another name, sex or birth date than the registration."""

from __future__ import annotations

from urllib.parse import urlencode

from django.urls import reverse

from accounts.models import Person
from administration.messages.services import OutgoingMessage, send
from certificates.enums import LegalState
from certificates.facts.printed_identity import differences, load_printed
from certificates.models import Certificate


def tell_of_difference(person: Person) -> None:
    """Sends one message for all certificates in force; each needs a correction of its own."""
    certificates = list(
        Certificate.objects.filter(person=person, legal_state__in=(LegalState.VALID, LegalState.SUSPENDED)).order_by(
            "pk"
        )
    )
    printed = load_printed([one.pk for one in certificates])
    differing = {one: list(differences(printed.get(one.pk), person)) for one in certificates}
    differing = {one: found for one, found in differing.items() if found}
    if not differing:
        return
    labels = dict.fromkeys(one.label for found in differing.values() for one in found)
    first = next(iter(differing))
    body = f"涉及：{'、'.join(one.number for one in differing)}。证书仍可正常使用，请逐本办理证书纠错，换发与实名登记一致的新版本。"
    link = f"{reverse('workflow:start', args=['correction'])}?{urlencode({'certificate': first.pk})}"
    send(
        [
            OutgoingMessage(
                person.mailbox_id, f"证书{'、'.join(labels)}与实名登记不一致", body, link, event="certificate_problem"
            )
        ]
    )
