"""Hands a letter to the parties of its case, and shows its words to whoever is about to decide."""

from __future__ import annotations

import logging

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from accounts.access import audit
from accounts.access.decorators import signed_in_required, staff_required
from accounts.models import User
from common.encryption import DecryptionError
from common.web.downloads import file_to_save
from common.web.methods import require_POST
from workflow.permissions import holds
from workflow.request_actor import actor_for
from workflow.selectors.letters import find_letter, preview_of

from ..enums import Party
from .loading import ACTING, load_visible
from .originals_form import sheet_of
from .queue import DESK_DUTIES

logger = logging.getLogger(__name__)


@signed_in_required(*ACTING)
@require_safe
def letter(request: HttpRequest, number: str, pk: int) -> HttpResponseBase:
    actor = actor_for(request)
    application = load_visible(actor, number)
    found = find_letter(application, pk)
    if found is None:
        raise Http404("没有这份文书")
    if not found.file:
        messages.warning(request, f"{found.get_kind_display()}正在签发，请稍后再下载。")
        return redirect("workflow:detail", number=number)
    if actor.party != Party.PERSON and isinstance(request.user, User):
        audit.record("download_letter", by=request.user, about=found, detail={"number": number}, request=request)
    try:
        return file_to_save(found.file, name=f"{found.number}.pdf", content_type="application/pdf")
    except (OSError, DecryptionError):
        logger.exception("letter %s cannot be read", pk)
        messages.error(request, "这份文书暂时读不出来，已报告系统管理员，请稍后再试。")
        return redirect("workflow:detail", number=number)


@staff_required(DESK_DUTIES)
@require_POST
def preview(request: HttpRequest, number: str) -> HttpResponse:
    """Nothing is decided here: the form of the review is read as far as it is filled in."""
    actor = actor_for(request)
    application = load_visible(actor, number)
    if not holds(actor, application):
        return redirect("workflow:review", number=number)
    sheet = sheet_of(request, application)
    form = sheet.form
    is_valid = form.is_valid()
    action = form.cleaned_data.get("action", "")
    text = None
    if is_valid:
        text = preview_of(
            application,
            action=action,
            reasons=form.cleaned_data["comment"],
            detail=form.detail,
            today=localdate(),
        )
    return render(
        request,
        "workflow/letter_preview.html",
        {"application": application, "text": text, "form": form},
        status=200 if is_valid else 400,
    )
