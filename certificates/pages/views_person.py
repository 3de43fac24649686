"""我的证书: shows all certificates of a person, and one certificate in full."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access.decorators import person_required
from accounts.access.requests import user_of
from certificates.enums import LegalState, Origin
from certificates.issuing import versions
from common.findings import Finding, Refused
from common.web.methods import require_POST
from workflow.request_actor import actor_for, keep_menu_counts
from workflow.selectors.mailboxes import mailbox_id_of

from .detail import sheet_of
from .offers import late_entry_cure, offers_for
from .own import own_of
from .selectors import own_certificate


@person_required
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    actor = actor_for(request)
    own = own_of(actor, user_of(request).person, mailbox_id_of(actor, user_of(request)) or 0)
    keep_menu_counts(request, inbox=own.waiting, messages=own.unread)
    context = {
        "cards": own.current,
        "ended": own.ended,
        "pending": own.pending,
        "matched": sum(card.certificate.origin == Origin.LEGACY for card in own.cards),
        "unsettled": own.unsettled,
        "bars": own.bars,
        "late_entry": late_entry_cure(),
    }
    return render(request, "certificates/mine.html", context)


@person_required
@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    return _detail(request, pk)


def _detail(request: HttpRequest, pk: int, refusals: tuple[Finding, ...] = (), *, status: int = 200) -> HttpResponse:
    actor = actor_for(request)
    certificate = own_certificate(actor, pk)
    sheet = sheet_of(certificate, actor)
    offers = offers_for(certificate, actor, today=timezone.localdate())
    context = {
        "sheet": sheet,
        "certificate": sheet.certificate,
        "offers": [offer for offer in offers if not offer.reasons],
        "refused_offers": [offer for offer in offers if offer.reasons],
        "is_ended": sheet.situation.is_ended,
        "may_claim": sheet.paper.state == "none" and certificate.legal_state == LegalState.VALID,
        "refusals": refusals,
        "today": timezone.localdate(),
    }
    return render(request, "certificates/detail.html", context, status=status)


@person_required
@require_POST
def issue(request: HttpRequest, pk: int) -> HttpResponse:
    """申领电子证书 issues the first electronic version of an old certificate."""
    actor = actor_for(request)
    certificate = own_certificate(actor, pk)
    try:
        versions.issue_electronic(certificate_id=certificate.pk, by=actor, now=timezone.now())
    except Refused as refused:
        return _detail(request, pk, refused.findings, status=409)
    messages.success(request, "已提交签发，通常几分钟内完成，完成后可在本页下载。")
    return redirect("certificates:detail", pk=pk)
