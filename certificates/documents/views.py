"""Shows the e-certificate as a file, as a picture and for printing: to its holder, its enterprise and the back office."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from accounts.access import audit
from accounts.access.decorators import operator_required, person_required, staff_required
from accounts.models import User
from certificates.models import Certificate, Document
from certificates.pages.views_office import READERS, readable_certificate
from certificates.pages.views_person import own_certificate
from employment.models import Employment
from workflow.actors import Actor
from workflow.request_actor import actor_for

from .downloads import document_of, pdf_response, picture_response, proof_response

SIGNING = "电子证书正在签发，请稍后再下载。"


def staff_certificate(actor: Actor, pk: int) -> Certificate:
    """Answers a certificate of the enterprise, or of a person it employs."""
    employed = Employment.objects.active().filter(enterprise_id=actor.enterprise_id or 0).values("person_id")
    ours = Q(enterprise_id=actor.enterprise_id) | Q(person_id__in=employed)
    return get_object_or_404(Certificate.objects.filter(ours), pk=pk)


@person_required
@require_safe
def document(request: HttpRequest, pk: int) -> HttpResponseBase:
    found = document_of(own_certificate(actor_for(request), pk), request)
    if found is None:
        messages.warning(request, SIGNING)
        return redirect("certificates:detail", pk=pk)
    return pdf_response(found)


@person_required
@require_safe
def image(request: HttpRequest, pk: int) -> HttpResponse:
    return picture_response(_signed(own_certificate(actor_for(request), pk), request))


@person_required
@require_safe
def print_view(request: HttpRequest, pk: int) -> HttpResponse:
    certificate = own_certificate(actor_for(request), pk)
    signed = _signed(certificate, request)
    return render(request, "certificates/print.html", {"certificate": certificate, "version": signed.version})


@person_required
@require_safe
def proof(request: HttpRequest, pk: int) -> HttpResponseBase:
    certificate = own_certificate(actor_for(request), pk)
    found = certificate.transfer_proofs.filter(undone_at__isnull=True).order_by("-pk").first()
    if found is None:
        raise Http404("没有调出证明")
    if not found.file:
        messages.warning(request, "调出证明正在签发，请稍后再下载。")
        return redirect("certificates:detail", pk=pk)
    return proof_response(found)


@operator_required
@require_safe
def staff_document(request: HttpRequest, pk: int) -> HttpResponseBase:
    found = document_of(staff_certificate(actor_for(request), pk), request)
    if found is None:
        messages.warning(request, SIGNING)
        return redirect("certificates:staff")
    _note_download(request, found)
    return pdf_response(found)


@staff_required(READERS)
@require_safe
def office_document(request: HttpRequest, pk: int) -> HttpResponseBase:
    found = document_of(readable_certificate(request, pk), request)
    if found is None:
        messages.warning(request, SIGNING)
        return redirect("certificates:office_detail", pk=pk)
    _note_download(request, found)
    return pdf_response(found)


def _note_download(request: HttpRequest, found: Document) -> None:
    user = request.user
    audit.record(
        "download_certificate",
        by=user if isinstance(user, User) else None,
        about=found.version.certificate,
        detail={"version": found.version.version},
        request=request,
    )


def _signed(certificate: Certificate, request: HttpRequest) -> Document:
    found = document_of(certificate, request)
    if found is None:
        raise Http404("这一版本还没有签发完成")
    return found
