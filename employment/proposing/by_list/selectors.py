"""Reads the list that a clerk gave last."""

from __future__ import annotations

from employment.models import ProposalList
from enterprises.models import Enterprise


def list_of(user_id: int, enterprise: Enterprise) -> ProposalList | None:
    return ProposalList.objects.filter(user=user_id, enterprise=enterprise).first()
