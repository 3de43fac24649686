"""Locks certificates for a decision, and answers what every decision asks about them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from certificates.enums import LegalState
from certificates.facts.holdings import Holdings, load_holdings
from certificates.facts.locks import lock_certificates
from certificates.models import Certificate, CertificateEvent, CertificateTerm
from certificates.state.legal import state_from_events


@dataclass(frozen=True)
class Locked:
    certificates: Sequence[Certificate]
    trails: Mapping[int, Sequence[CertificateEvent]]
    terms: Mapping[int, Sequence[CertificateTerm]]
    facts: Holdings

    def computed(self, certificate_id: int, planned: CertificateEvent) -> LegalState:
        """Answers the state that follows from the trail with an event that is not written yet."""
        return state_from_events(
            [*self.trails[certificate_id], planned],
            self.terms[certificate_id],
            self.facts.on,
            in_grace=certificate_id in self.facts.in_grace,
        )


def locked(certificate_ids: Collection[int], *, on: date) -> Locked:
    """Raises `PartiesChanged`; see `workflow.services.locking.retried`."""
    certificates = lock_certificates(certificate_ids)
    ids = [one.pk for one in certificates]
    facts = load_holdings({one.person_id for one in certificates}, on=on)
    return Locked(certificates, trails_of(ids), _terms_of(ids), facts)


def trails_of(certificate_ids: Collection[int]) -> dict[int, list[CertificateEvent]]:
    trails: dict[int, list[CertificateEvent]] = {pk: [] for pk in certificate_ids}
    for event in CertificateEvent.objects.filter(certificate__in=trails).order_by("pk"):
        trails[event.certificate_id].append(event)
    return trails


def _terms_of(certificate_ids: Collection[int]) -> dict[int, list[CertificateTerm]]:
    terms: dict[int, list[CertificateTerm]] = {pk: [] for pk in certificate_ids}
    for term in CertificateTerm.objects.filter(certificate__in=terms).order_by("pk"):
        terms[term.certificate_id].append(term)
    return terms
