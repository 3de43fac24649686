"""Reads the hours of an enterprise's people: one line for each certificate in force, the first to end first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import QuerySet

from certificates.models import Certificate
from certificates.state.hours.selectors import as_held
from common.database.name_search import person_named
from training.terms import TermHours, terms_of

from .roster import Roster


@dataclass(frozen=True)
class Line:
    certificate: Certificate
    term: TermHours


class HoursBoard:
    """Reads certificates and hours once; filters and figures count what is read, because hours are no column."""

    def __init__(self, enterprise_id: int, today: date) -> None:
        self.today = today
        self._certificates = Roster(enterprise_id, today).certificates.filter(ends_on__gte=today)

    @cached_property
    def _terms(self) -> dict[int, TermHours]:
        terms = terms_of(as_held(self._certificates), today=self.today)
        return {term.held.certificate_id: term for term in terms}

    def figures(self) -> list[tuple[str, int, str, bool]]:
        """Answers label, number, query of the list that it counts, and whether it asks for attention."""
        terms = self._terms.values()
        missing = sum(not term.count.is_enough for term in terms)
        urgent = sum(term.is_urgent for term in terms)
        return [
            ("证书", len(terms), "", False),
            ("学时不足", missing, "state=missing", False),
            ("不足且半年内到期", urgent, "state=urgent", urgent > 0),
        ]

    def narrowed(self, wanted: dict[str, Any]) -> QuerySet[Certificate]:
        state = wanted.get("state", "")
        found = self._certificates.filter(pk__in=[pk for pk, term in self._terms.items() if _is_in(term, state)])
        if wanted.get("category"):
            found = found.filter(category=wanted["category"])
        if wanted.get("name"):
            found = found.filter(person_named("person__name", wanted["name"]))
        return found.select_related("person")

    def lines(self, certificates: Sequence[Certificate]) -> list[Line]:
        return [Line(one, self._terms[one.pk]) for one in certificates]


def _is_in(term: TermHours, state: str) -> bool:
    states = {"missing": not term.count.is_enough, "urgent": term.is_urgent, "enough": term.count.is_enough}
    return states.get(state, True)
