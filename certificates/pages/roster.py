"""Reads an enterprise's people and their certificates (F52); the status is the stored snapshot."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from django.db.models import QuerySet

from certificates.enums import IN_FORCE_STATES, DisplayStatus
from certificates.models import Certificate
from employment.models import Employment

EXPIRING_DAYS = 90


@dataclass(frozen=True)
class Job:
    """Holds of an employment what figures and filters ask."""

    posts: tuple[str, ...]
    contract_to: date | None


@dataclass(frozen=True)
class Held:
    """Holds of one certificate what figures and filters ask."""

    pk: int
    person_id: int
    category: str
    ends_on: date
    display_status: str


class Roster:
    """Holds the certificates in force at the enterprise, and those that its employees have at other enterprises.

    The two sets are read once, two statements for a page: each figure and filter as a statement of its own would walk
    all people of the enterprise again.
    """

    def __init__(self, enterprise_id: int, today: date) -> None:
        self.today = today
        self.employed = Employment.objects.active().filter(enterprise_id=enterprise_id)
        self._in_force = Certificate.objects.filter(legal_state__in=IN_FORCE_STATES).order_by()
        self._here = self._in_force.filter(enterprise_id=enterprise_id)

    @cached_property
    def jobs(self) -> dict[int, Job]:
        """Maps each employed person to the employment."""
        rows = self.employed.order_by().values_list("person_id", "posts", "contract_to")
        return {person_id: Job(tuple(posts), contract_to) for person_id, posts, contract_to in rows}

    @cached_property
    def held(self) -> list[Held]:
        columns = ("pk", "person_id", "category", "ends_on", "display_status")
        elsewhere = self._in_force.filter(person_id__in=sorted(self.jobs))
        # Each has an index of its own; OR over two columns would be judged for every row of the province.
        return [Held(*row) for row in self._here.values_list(*columns).union(elsewhere.values_list(*columns))]

    @property
    def certificates(self) -> QuerySet[Certificate]:
        return _certificates(self.held)

    def is_expiring(self, one: Held | Certificate) -> bool:
        return self.today <= one.ends_on <= self.today + timedelta(days=EXPIRING_DAYS)

    def figures(self) -> list[tuple[str, int, str, bool]]:
        """Answers label, number, query of the list that it counts, and whether it asks for attention."""
        expiring = sum(map(self.is_expiring, self.held))
        abnormal = sum(one.display_status == DisplayStatus.ABNORMAL for one in self.held)
        return [
            ("在聘人员", len(self.jobs), "", False),
            ("证书", len(self.held), "", False),
            (f"{EXPIRING_DAYS} 天内到期", expiring, "state=expiring", expiring > 0),
            ("异常状态", abnormal, "state=abnormal", abnormal > 0),
        ]


def _certificates(held: Iterable[Held]) -> QuerySet[Certificate]:
    return Certificate.objects.filter(pk__in=sorted(one.pk for one in held))
