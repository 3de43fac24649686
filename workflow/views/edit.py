"""Fills in an application without losing anything that was typed or uploaded."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.views.decorators.http import require_http_methods

from accounts.access import audit
from accounts.access.decorators import signed_in_required
from accounts.enums import Sphere
from accounts.models import User
from common.dates import chinese_date
from common.findings import Finding, Refused, blocking
from common.web.ids import id_of
from workflow.business import Business, business_of
from workflow.checks import Facts, evaluate
from workflow.permissions import is_filer
from workflow.request_actor import actor_for
from workflow.selectors.content import attachments_of, files_of, find_own_attachment, last_return
from workflow.services import filing
from workflow.services.transitions import employer_asked_again

from ..actors import Actor
from ..enums import Party, Status
from ..forms import EvidenceForm, initial_from, payload_from
from ..models import Application
from ..originals import not_in_order
from ..selectors.content import Files
from .loading import load_visible

EDITABLE = (Status.DRAFT, Status.RETURNED)


@dataclass
class _Sheet:
    """Holds one application that is being filled in, with its forms."""

    application: Application
    business: Business
    actor: Actor
    form: forms.Form
    evidence: EvidenceForm

    @property
    def files(self) -> list[Files]:
        return files_of(self.business, attachments_of(self.application))


@signed_in_required(Sphere.PERSON, Sphere.OPERATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, number: str) -> HttpResponse:
    actor = actor_for(request)
    application = load_visible(actor, number)
    if not is_filer(actor, application):
        raise Http404("只有申请人可以填写")
    if application.status not in EDITABLE:
        messages.info(request, "申请已经提交，下面是办理进度。")
        return redirect("workflow:detail", number=number)
    sheet = _sheet(request, application, actor)
    if request.method != "POST":
        return _page(request, sheet)
    try:
        return _keep_and_go_on(request, sheet)
    except Refused as refused:
        application.refresh_from_db()
        if application.status not in EDITABLE:
            # The same form was sent twice, or from two windows.
            messages.info(request, "申请已经提交，下面是办理进度。")
            return redirect("workflow:detail", number=number)
        others = _others(sheet) if filing.DRAFT_CHANGED in refused.findings else []
        return _page(request, sheet, refusals=list(refused.findings), others=others, status=409)


@signed_in_required(Sphere.PERSON, Sphere.OPERATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def discard(request: HttpRequest, number: str) -> HttpResponse:
    """删除草稿: asks once and then deletes the draft with its files."""
    actor = actor_for(request)
    application = load_visible(actor, number)
    if not is_filer(actor, application):
        raise Http404("只有申请人可以删除草稿")
    if application.status != Status.DRAFT:
        messages.info(request, "申请已经提交，不能删除；不再办理的可以撤回。")
        return redirect("workflow:detail", number=number)
    business = business_of(application.kind)
    kept = len(attachments_of(application))
    if request.method == "POST":
        return _discard(request, application, actor, {"number": number, "kind": application.kind, "files": kept})
    facts: list[tuple[str, object]] = [
        ("业务", business.title),
        ("编号", number),
        ("填写日期", chinese_date(localdate(application.created_at))),
    ]
    facts += [("已上传的材料", f"{kept} 个文件")] if kept else []
    about = business.about(business.rebuild([application], today=localdate())[0])
    context = {"application": application, "facts": [*facts, *(("内容", name) for name in about)]}
    return render(request, "workflow/discard.html", context)


def _discard(request: HttpRequest, application: Application, actor: Actor, detail: dict[str, object]) -> HttpResponse:
    try:
        with transaction.atomic():
            filing.discard_draft(application.pk, actor=actor)
            user = request.user if isinstance(request.user, User) else None
            audit.record("discard_draft", by=user, about=application, detail=detail, request=request)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("workflow:detail", number=application.number)
    messages.success(request, f"草稿 {application.number} 已删除。")
    return redirect("workflow:enterprise_mine" if actor.party == Party.ENTERPRISE else "workflow:mine")


def _sheet(request: HttpRequest, application: Application, actor: Actor) -> _Sheet:
    business = business_of(application.kind)
    case = business.refresh(business.rebuild([application], today=localdate())[0])
    kwargs = business.form_kwargs(case)
    data = request.POST if request.method == "POST" else None
    form = business.form_class(data, initial={**business.initial(case), **initial_from(application)}, **kwargs)
    needed = business.required_attachments(initial_from(application))
    evidence = EvidenceForm(business.attachments, needed, data, request.FILES if data is not None else None)
    return _Sheet(application, business, actor, form, evidence)


def _keep_and_go_on(request: HttpRequest, sheet: _Sheet) -> HttpResponse:
    """Keeps files and words first, whichever button was pressed and whatever is wrong with them."""
    pk, actor = sheet.application.pk, sheet.actor
    for kind, upload in sheet.evidence.checked():
        filing.attach(pk, kind=kind.key, upload=upload, actor=actor)
    removed = _remove_asked(request, sheet)
    payload = payload_from(sheet.form, sheet.business, sheet.application)
    filing.save_draft(pk, payload=payload, actor=actor, seen=request.POST.get("draft", ""))
    sheet.application.payload = payload
    if sheet.evidence.problems:
        return _page(request, sheet if "submit" in request.POST else _unjudged(sheet), status=400)
    if removed or "upload" in request.POST:
        return redirect(f"{request.path}#evidence")
    if "save_draft" in request.POST:
        messages.success(request, "草稿已保存，可以随时回来继续填写。")
        return redirect(request.path)
    if not sheet.form.is_valid():
        return _page(request, sheet, refusals=_blockers_now(sheet), status=400)
    return _submit(request, sheet)


def _unjudged(sheet: _Sheet) -> _Sheet:
    """Only files were sent: what is not filled in yet is no fault."""
    kwargs = sheet.business.form_kwargs(sheet.business.rebuild([sheet.application], today=localdate())[0])
    form = sheet.business.form_class(initial=initial_from(sheet.application), **kwargs)
    return replace(sheet, form=form)


def _others(sheet: _Sheet) -> list[tuple[str, str]]:
    """Lists what another window has saved, field by field, where it differs from what was typed here."""
    kept = initial_from(sheet.application)
    return [
        (str(bound.label), str(kept[bound.name]))
        for bound in sheet.form
        if bound.name in kept and isinstance(kept[bound.name], str) and kept[bound.name] != (bound.data or "")
    ]


def _remove_asked(request: HttpRequest, sheet: _Sheet) -> bool:
    kept = find_own_attachment(sheet.application, id_of(request.POST.get("remove")) or 0)
    if kept is None:
        return False
    filing.remove_attachment(kept.pk, actor=sheet.actor)
    return True


def _submit(request: HttpRequest, sheet: _Sheet) -> HttpResponse:
    application = sheet.application
    if application.status == Status.RETURNED:
        filing.resubmit(application.pk, actor=sheet.actor)
        messages.success(request, f"{application.number} 已补正并重新提交。")
    else:
        filing.submit(application.pk, actor=sheet.actor)
        messages.success(request, f"{application.number} 已提交，办理进度会在这里更新，并以消息提醒您。")
    return redirect("workflow:detail", number=application.number)


def _blockers_now(sheet: _Sheet) -> list[Finding]:
    """Answers what else would stand in the way when the fields are right, so that all reasons are shown at once."""
    case = sheet.business.refresh(sheet.business.rebuild([sheet.application], today=localdate())[0])
    needed = sheet.business.required_attachments(initial_from(sheet.application))
    missing = [
        Finding(f"attachment.{files.kind.key}", f"缺少材料：{files.kind.title}", files.kind.hint, turn="本人")
        for files in sheet.files
        if files.kind.key in needed and not files.kept
    ]
    return blocking(evaluate([case], Facts([case]))[case]) + missing


def _page(
    request: HttpRequest,
    sheet: _Sheet,
    *,
    refusals: list[Finding] | None = None,
    others: list[tuple[str, str]] | None = None,
    status: int = 200,
) -> HttpResponse:
    application = sheet.application
    returned = last_return(application) if application.status == Status.RETURNED else None
    asked_again = employer_asked_again(application) if returned else None
    context: dict[str, Any] = {
        "application": application,
        "business": sheet.business,
        "about": sheet.business.about(sheet.business.rebuild([application], today=localdate())[0]),
        "form": sheet.form,
        "files": [
            {"files": files, "field": sheet.evidence[f"file_{files.kind.key}"], "problems": problems}
            for files in sheet.files
            if f"file_{files.kind.key}" in sheet.evidence.fields
            for problems in [sheet.evidence.problems.get(files.kind.key, [])]
        ],
        "has_problems": bool(sheet.evidence.problems),
        "draft": filing.draft_state(application),
        "others": others or [],
        "refusals": refusals or [],
        "returned": returned,
        "asked_again": asked_again,
        "bring": [one.wanted for one in not_in_order(returned.detail)] if returned else [],
    }
    return render(request, "workflow/edit.html", context, status=status)
