"""Reads the answers of the business registry that an enterprise has asked for."""

from __future__ import annotations

from django.shortcuts import get_object_or_404

from enterprises.models import RegistrySync


def answer_for(enterprise_id: int, pk: int) -> RegistrySync:
    """Raises Http404 for what another enterprise has asked, too."""
    return get_object_or_404(RegistrySync.objects.select_related("enterprise"), enterprise=enterprise_id, pk=pk)
