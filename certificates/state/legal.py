"""Computes the legal state from the trail and the dates; after a decision is overturned it is computed anew."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from certificates.enums import LegalState, Operation
from certificates.models import CertificateEvent, CertificateTerm


def standing(events: Iterable[CertificateEvent]) -> list[CertificateEvent]:
    """Answers the events in order, without those that were undone and those that undid them."""
    ordered = list(events)
    undone = {event.undoes_id for event in ordered if event.undoes_id is not None}
    return [event for event in ordered if event.undoes_id is None and (event.pk is None or event.pk not in undone)]


def follows(event: CertificateEvent, decision: CertificateEvent) -> bool:
    """Answers whether an additional A certificate ended with the A certificate that was decided on."""
    return event.at == decision.at and not event.kind and event.state_after == LegalState.CANCELLED


def state_from_events(
    events: Sequence[CertificateEvent], terms: Iterable[CertificateTerm], on: date, *, in_grace: bool = False
) -> LegalState:
    """`events` are those of one certificate in order; `in_grace` says that it is past its end, but a business that
    holds expiry was filed in time.

    A restoration gives back only what a suspension took. A valid certificate past its last term has expired.
    """
    state = _first_state(events)
    for event in standing(events):
        if event.operation == Operation.RESTORATION:
            state = LegalState.VALID if state == LegalState.SUSPENDED else state
        elif event.state_before != event.state_after:
            state = LegalState(event.state_after)
    ends_on = max((term.ends_on for term in terms if term.reversed_at is None), default=None)
    if state == LegalState.VALID and ends_on is not None and ends_on < on and not in_grace:
        return LegalState.EXPIRED
    return state


def _first_state(events: Sequence[CertificateEvent]) -> LegalState:
    return LegalState(events[0].state_before) if events and events[0].state_before else LegalState.VALID
