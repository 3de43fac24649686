"""Reads certificates for their holder and for the back office, each only as far as the reader may."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.timezone import localdate

from accounts.models import Person
from accounts.people.numbers import present_index
from administration.models import Region
from administration.offices.selectors import reach_of
from certificates.enums import LegacyState, LegalState
from certificates.facts.holdings import readable
from certificates.models import Certificate, LegacyCertificate, TransferProof
from common.database.name_search import person_named
from common.text.certificate_number import number_beginning, numbers_with_serial
from common.web.paging import PAGE_SIZE, KeysetPage, paginate
from workflow.actors import Actor

Found = TypeVar("Found", bound=Model)

FOREIGN = "没有这本证书，或者它的单位不在您的辖区，本人也没有在您处办理的业务。需要查阅时，请与证书所在单位的主管部门或省厅联系。"
PARTS = ("person", "enterprise__region")

# --- one certificate ---


def own_certificate(actor: Actor, pk: int) -> Certificate:
    """Raises Http404 for the certificate of another person, too."""
    return get_object_or_404(Certificate.objects.select_related("person", "enterprise"), pk=pk, person=actor.person_id)


def readable_certificate(actor: Actor, pk: int) -> Certificate:
    """Raises Http404, or PermissionDenied for an office below the province."""
    rows = Certificate.objects.filter(readable(actor), pk=pk)
    return first_or_refused(actor, rows.select_related("person"), FOREIGN)


def first_or_refused(actor: Actor, rows: QuerySet[Found], sentence: str) -> Found:
    """A row of another region is answered like a missing one; for the province no region is another one."""
    found = rows.first()
    if found is not None:
        return found
    if reach(actor) is None:
        raise Http404
    raise PermissionDenied(sentence)


def current_transfer_proof(certificate: Certificate) -> TransferProof | None:
    return certificate.transfer_proofs.filter(undone_at__isnull=True).order_by("-pk").first()


def reach(actor: Actor) -> frozenset[str] | None:
    """Answers the regions of the actor's office; None is the whole province."""
    return reach_of(actor.office_id or 0)


# --- lists ---


def certificates_of_number(actor: Actor, id_number: str) -> QuerySet[Certificate]:
    """Answers what the actor may read of the person with this ID number, normalised."""
    rows = Certificate.objects.select_related(*PARTS)
    return rows.filter(readable(actor), person__id_number_index=present_index(id_number))


def search(
    wanted: dict[str, Any], cursor: str | None, within: Collection[str] | None, *, size: int = PAGE_SIZE
) -> KeysetPage[Certificate]:
    """Narrows by the values of CertificateSearch, in the order of the index that answers it."""
    rows: QuerySet[Certificate] = Certificate.objects.select_related(*PARTS)
    if within is not None:
        rows = rows.filter(enterprise__region__in=within)
    order: tuple[str, ...] = ("pk",)
    text = wanted["q"].strip()
    if wanted["ends"]:
        today = localdate()
        last = today + timedelta(days=int(wanted["ends"]))
        rows, order = rows.filter(ends_on__range=(today, last), legal_state=LegalState.VALID), ("ends_on",)
    if text:
        number, serials = number_beginning(text), numbers_with_serial(text, until=localdate().year)
        if serials:
            rows = rows.filter(number__in=serials)
        else:
            rows = rows.filter(number__startswith=number) if number else rows.filter(person_named("person__name", text))
        order = ("number",) if number or serials else ("person__name", "pk")
    if wanted["region"]:
        rows = rows.filter(enterprise__region__in=_region_codes(wanted["region"]))
    if wanted["category"]:
        rows = rows.filter(category=wanted["category"])
    if wanted["status"]:
        rows = rows.filter(display_status=wanted["status"])
    return paginate(rows, order=order, cursor=cursor, size=size)


def _region_codes(code: str) -> list[str]:
    """A city includes its counties."""
    region = get_object_or_404(Region, pk=code)
    if not region.is_city:
        return [code]
    return [code, *Region.objects.filter(parent_id=code).values_list("pk", flat=True)]


# --- what waits ---


def reasons_of_quarantine(person_id: int) -> QuerySet[LegacyCertificate, str]:
    """Answers why old records with this person's ID number were not taken over."""
    index = Person.objects.filter(pk=person_id).values("id_number_index")
    rows = LegacyCertificate.objects.filter(state=LegacyState.QUARANTINED, id_number_index__in=index)
    return rows.order_by("pk").values_list("quarantine_reason", flat=True)
