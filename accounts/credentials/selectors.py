"""Reads the second factor of a login."""

from __future__ import annotations

from accounts.models import SecondFactor


def second_factor_of(user_id: int | None) -> SecondFactor | None:
    return SecondFactor.objects.filter(user=user_id).first()
