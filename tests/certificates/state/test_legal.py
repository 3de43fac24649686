"""The state recomputed from events and dates: pure, no database."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certificates.enums import LegalState, Operation
from certificates.models import CertificateEvent, CertificateTerm
from certificates.state.legal import standing, state_from_events

ON = date(2026, 11, 23)
TERM = CertificateTerm(starts_on=date(2025, 5, 1), ends_on=date(2028, 4, 30))


def event(
    pk: int, before: str, after: str, operation: Operation = Operation.OTHER, undoes: int | None = None
) -> CertificateEvent:
    return CertificateEvent(id=pk, state_before=before, state_after=after, operation=operation, undoes_id=undoes)


SUSPENDED = event(2, "01", "02", Operation.SUSPENSION)
RESTORED = event(3, "02", "01", Operation.RESTORATION)


@pytest.mark.parametrize(
    ("trail", "state"),
    [
        ([], "01"),
        ([event(1, "", "01")], "01"),
        ([event(1, "", "05", Operation.EXPIRY)], "05"),
        ([SUSPENDED], "02"),
        ([SUSPENDED, RESTORED], "01"),
        ([SUSPENDED, event(3, "02", "03")], "03"),
        ([SUSPENDED, event(3, "02", "03"), event(4, "03", "02", undoes=3)], "02"),
        ([SUSPENDED, event(3, "02", "03"), event(4, "03", "03", undoes=2)], "03"),
        ([SUSPENDED, event(3, "02", "03"), event(4, "03", "03", undoes=2), event(5, "03", "01", undoes=3)], "01"),
        ([SUSPENDED, RESTORED, event(4, "01", "01", undoes=2)], "01"),
        ([event(1, "01", "03"), event(2, "03", "01", undoes=1), event(3, "01", "07")], "07"),
        ([event(1, "01", "06"), event(2, "06", "01", Operation.TRANSFER_UNDONE, undoes=1)], "01"),
        ([event(1, "01", "06"), event(2, "06", "04", Operation.CANCELLATION)], "04"),
        ([event(1, "", "01"), event(2, "01", "01", Operation.EXTENSION), event(3, "01", "01", Operation.CHANGE)], "01"),
        ([event(1, "05", "01", Operation.EXTENSION)], "01"),
    ],
)
def test_the_state_follows_the_trail(trail: list[CertificateEvent], state: str) -> None:
    assert state_from_events(trail, [TERM], ON) == state


@pytest.mark.parametrize(
    ("trail", "state"), [([], "05"), ([SUSPENDED, RESTORED], "05"), ([SUSPENDED], "02"), ([event(1, "01", "03")], "03")]
)
def test_past_the_end_only_what_was_valid_has_expired(trail: list[CertificateEvent], state: str) -> None:
    assert state_from_events(trail, [TERM], date(2028, 5, 1)) == state
    assert state_from_events(trail, [TERM], date(2028, 4, 30)) != "05"


def test_held_over_it_is_still_valid() -> None:
    assert state_from_events([], [TERM], date(2028, 5, 1), in_grace=True) == "01"


def test_a_reversed_term_does_not_count_and_the_last_one_does() -> None:
    later = CertificateTerm(starts_on=date(2028, 5, 1), ends_on=date(2031, 4, 30))
    assert state_from_events([], [TERM, later], date(2028, 5, 1)) == "01"
    later.reversed_at = ON  # type: ignore[assignment]
    assert state_from_events([], [TERM, later], date(2028, 5, 1)) == "05"


def test_what_was_undone_does_not_stand_and_neither_does_the_undoing() -> None:
    trail = [SUSPENDED, event(3, "02", "03"), event(4, "03", "02", undoes=3)]
    assert standing(trail) == [SUSPENDED]


@given(st.lists(st.sampled_from([LegalState.SUSPENDED, LegalState.REVOKED, LegalState.WITHDRAWN]), max_size=5))
def test_with_every_decision_undone_nothing_is_left_of_them(decisions: list[LegalState]) -> None:
    trail, state = [event(1, "", "01")], "01"
    for number, after in enumerate(decisions, 2):
        trail.append(event(number, state, after))
        state = after
    count = len(decisions)
    undoing = [event(100 + number, "03", "01", undoes=number) for number in range(2, count + 2)]
    assert state_from_events([*trail, *undoing], [TERM], ON) == LegalState.VALID
