"""Draws approved cases for a second look by another person of the office.

Chance draws, so that nobody knows beforehand which of the own decisions is looked at again.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.utils.timezone import localdate

from administration.parameters.book import ParameterBook

from ..actors import Actor
from ..business import Business
from ..enums import OFFICE_DESKS
from ..models import Application, SecondLook


def draw(
    applications: Sequence[Application],
    *,
    business: Business,
    desks: Mapping[int, str],
    by: Actor,
    parameters: ParameterBook,
    now: datetime,
) -> None:
    """`desks` says where each was decided. What is drawn is no part of the record of the case."""
    if by.office_id is None or by.user_id is None:
        return
    with parameters.noting("second look"):
        percent = parameters.integer(business.second_look, localdate(now))
    if not percent:
        return
    drawn = [one for one in applications if desks[one.pk] in OFFICE_DESKS and secrets.randbelow(100) < percent]
    SecondLook.objects.bulk_create(
        SecondLook(application=one, office_id=by.office_id, desk=desks[one.pk], decided_by_id=by.user_id, drawn_at=now)
        for one in drawn
    )
