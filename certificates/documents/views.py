"""Shows the e-certificate as a file, as a picture and for printing: to its holder, its enterprise and the back office."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts.access import audit
from accounts.access.decorators import operator_required, person_required, staff_required
from accounts.models import User
from certificates.facts.holdings import READERS
from certificates.models import Certificate, Document
from certificates.pages.selectors import current_transfer_proof, own_certificate, readable_certificate
from workflow.request_actor import actor_for

from .downloads import document_of, pdf_response, picture_response, proof_response, readable_or_told
from .selectors import certificate_for_enterprise

SIGNING = "电子证书正在签发，请稍后再下载。"


@person_required
@require_safe
@readable_or_told("certificates:detail")
def document(request: HttpRequest, pk: int) -> HttpResponseBase:
    found = document_of(own_certificate(actor_for(request), pk), request)
    if found is None:
        messages.warning(request, SIGNING)
        return redirect("certificates:detail", pk=pk)
    return pdf_response(found)


@person_required
@require_safe
@readable_or_told("")
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
@readable_or_told("certificates:detail")
def proof(request: HttpRequest, pk: int) -> HttpResponseBase:
    found = current_transfer_proof(own_certificate(actor_for(request), pk))
    if found is None:
        raise Http404("没有调出证明")
    if not found.file:
        messages.warning(request, "调出证明正在签发，请稍后再下载。")
        return redirect("certificates:detail", pk=pk)
    return proof_response(found)


@operator_required
@require_safe
@readable_or_told("certificates:staff")
def staff_document(request: HttpRequest, pk: int) -> HttpResponseBase:
    found = document_of(certificate_for_enterprise(actor_for(request), pk), request)
    if found is None:
        messages.warning(request, SIGNING)
        return redirect("certificates:staff")
    _note_download(request, found)
    return pdf_response(found)


@staff_required(READERS)
@require_safe
@readable_or_told("certificates:office_detail")
def office_document(request: HttpRequest, pk: int) -> HttpResponseBase:
    found = document_of(readable_certificate(actor_for(request), pk), request)
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
