"""Reads what a person has declared about certificates of other provinces."""

from __future__ import annotations

from django.shortcuts import get_object_or_404

from certificates.facts.holdings import readable_declarations
from certificates.models import OutOfProvinceCertificate
from certificates.pages.selectors import first_or_refused
from workflow.actors import Actor

FOREIGN_SCAN = "没有这本证书，或者申报它的人员不在您的辖区，也没有在您处办理的业务。需要查阅时，请与其受聘企业所在地的主管部门或省厅联系。"


def own_declaration(person_id: int, pk: int) -> OutOfProvinceCertificate:
    """Raises Http404 for another person's declaration, too."""
    return get_object_or_404(OutOfProvinceCertificate, pk=pk, declared_by=person_id)


def readable_declaration(actor: Actor, pk: int) -> OutOfProvinceCertificate:
    """Raises Http404, or PermissionDenied for an office below the province."""
    rows = OutOfProvinceCertificate.objects.filter(readable_declarations(actor), pk=pk)
    return first_or_refused(actor, rows, FOREIGN_SCAN)
