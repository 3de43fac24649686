"""Reads the certificate whose file an enterprise asks for."""

from __future__ import annotations

from django.db.models import Q
from django.shortcuts import get_object_or_404

from certificates.models import Certificate
from employment.models import Employment
from workflow.actors import Actor


def certificate_for_enterprise(actor: Actor, pk: int) -> Certificate:
    """Answers one of the enterprise's own certificates, or of the people it employs. Raises Http404 for any other."""
    employed = Employment.objects.active().filter(enterprise_id=actor.enterprise_id or 0).values("person_id")
    ours = Q(enterprise_id=actor.enterprise_id) | Q(person_id__in=employed)
    return get_object_or_404(Certificate.objects.filter(ours), pk=pk)
