"""Declares the signal by which apps above learn that the calendar of working days has changed."""

from dataclasses import dataclass
from datetime import date

from django.dispatch import Signal

calendar_changed = Signal()
"""It is sent in the transaction of the change. A receiver answers `MovedClocks`, and moves them by a job."""


@dataclass(frozen=True)
class MovedClocks:
    """So many open cases are due on another day."""

    before: date
    after: date
    count: int
