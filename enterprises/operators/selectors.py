"""Reads the delegations among the operators of one enterprise."""

from __future__ import annotations

from django.shortcuts import get_object_or_404

from enterprises.models import CaKey, OperatorDelegation

SHOWN = 20


def delegation_of_enterprise(pk: int, enterprise_id: int) -> OperatorDelegation:
    """Raises Http404 for a delegation of another enterprise, too."""
    return get_object_or_404(OperatorDelegation.objects.select_related("key"), pk=pk, key__enterprise_id=enterprise_id)


def delegations_of(key: CaKey) -> list[OperatorDelegation]:
    """Answers the latest delegations to an operator, also those that are over."""
    return list(key.delegations.select_related("given_by", "ended_by").order_by("-pk")[:SHOWN])
