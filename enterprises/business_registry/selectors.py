"""Reads the answers of the business registry that an enterprise has asked for."""

from __future__ import annotations

from django.db.models import QuerySet

from enterprises.models import RegistrySync


def answers_for(enterprise_id: int) -> QuerySet[RegistrySync]:
    return RegistrySync.objects.filter(enterprise=enterprise_id).select_related("enterprise")
