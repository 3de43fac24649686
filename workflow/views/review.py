"""Shows a review on one screen: evidence, content, what the rules say now, the record, and the decision; then the
next case.

At a desk that looks at originals each of them is a line of its own, with the scans that the clerk makes of it.
"""

from __future__ import annotations

from dataclasses import replace

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.views.decorators.http import require_http_methods

from accounts.access.decorators import staff_required
from accounts.enums import Duty
from common.dates import full_years
from common.findings import Finding, Refused, blocking
from workflow.permissions import (
    holds,
    holds_but_for_four_eyes,
    may_release,
    may_take_over,
    needs_another,
    why_not,
    why_not_hand_over,
)
from workflow.request_actor import actor_for
from workflow.selectors.case_use import InUse, is_free_for, uses_of
from workflow.selectors.content import Judged, attachments_of, files_of
from workflow.selectors.evidence import sheets_of
from workflow.selectors.held import clock_with_seconds, held_among, held_finding, undoable_of
from workflow.selectors.lists import assigned_of, own_queue
from workflow.selectors.person_facts import facts_about
from workflow.selectors.progress import progress_of
from workflow.selectors.questions import desk_before, open_question
from workflow.selectors.queue_place import QueuePlace, around, place_in
from workflow.selectors.readable import find_gone
from workflow.services.notes import write_note
from workflow.services.undo import decide

from ..actors import Actor
from ..business import business_of
from ..enums import Action, Desk
from ..models import Application
from ..services.case_use import reserve_first
from .case_use import change_use
from .content import content_context
from .desk_filters import DeskFilters
from .loading import load_visible
from .originals_form import Sheet, keep_scans, sheet_of
from .queue import DESK_DUTIES, kinds_at
from .queue_views import filter_query
from .refusals import for_reader, told_by, too_late_or, where_now

TITLES = {Action.APPROVE: "通过", Action.RETURN: "退回补正", Action.REJECT: "不予通过"}
DONE_WORDS = {Action.APPROVE: "已通过", Action.RETURN: "已退回补正", Action.REJECT: "已作出不予通过的决定"}


@staff_required(DESK_DUTIES)
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, number: str) -> HttpResponse:
    actor = actor_for(request)
    if gone := find_gone(actor, number):
        words = told_by(gone) if request.method == "POST" or not gone.is_open else ""
        messages.warning(request, f"{words}{where_now(gone)}")
        return redirect("workflow:office")
    application = load_visible(actor, number)
    sheet = sheet_of(request, application)
    if request.method != "POST":
        return _page(request, application, actor, sheet)
    if "write_note" in request.POST:
        return _note(request, application, actor, sheet)
    if holds_but_for_four_eyes(actor, application):
        return _page(request, application, actor, sheet, status=403)
    if wanted := request.POST.get("use"):
        return _use(request, application, actor, sheet, wanted)
    if not holds(actor, application):
        late = [Finding("workflow.conflict", told_by(application))]
        return _page(request, application, actor, sheet, refusals=late, status=409)
    try:
        only_scans = keep_scans(request, application, actor, sheet)
    except Refused as refused:
        return _refused(request, application, actor, sheet, refused)
    if sheet.scans.problems:
        return _page(request, application, actor, sheet, status=400)
    if only_scans:
        return _page(request, application, actor, sheet.unjudged(request))
    if not sheet.form.is_valid():
        return _page(request, application, actor, sheet, status=400)
    return _decide(request, application, actor, sheet)


def _decide(request: HttpRequest, application: Application, actor: Actor, sheet: Sheet) -> HttpResponse:
    form = sheet.form
    values = form.cleaned_data
    action, desk = Action(values["action"]), application.desk
    query = filter_query(request)
    try:
        waiting = decide(
            application.pk,
            action=action,
            actor=actor,
            comment=values["comment"],
            detail=form.detail,
            seen=values["seen"],
            title=TITLES[action],
            back_url=request.get_full_path(),
        )
    except Refused as refused:
        return _refused(request, application, actor, sheet, refused)
    until = f"，{clock_with_seconds(waiting.takes_effect_at)} 生效，生效前可以撤销" if waiting else ""
    messages.success(request, f"{application.number} {DONE_WORDS[action]}{until}。")
    if following := _reserve_following(request, application, actor):
        address = reverse("workflow:review", args=[following])
    else:
        messages.info(request, "队列中没有下一件了。")
        address = reverse("workflow:queue", args=[desk])
    return redirect(f"{address}?{query}" if query else address)


def _note(request: HttpRequest, application: Application, actor: Actor, sheet: Sheet) -> HttpResponse:
    """Notes something for colleagues; what was typed and ticked for the decision stays on the page."""
    kept = sheet.unjudged(request)
    try:
        write_note(application, actor=actor, words=request.POST.get("note", ""))
    except Refused as refused:
        findings = list(refused.findings)
        return _page(
            request, application, actor, kept, refusals=findings, status=400, note=request.POST.get("note", "")
        )
    return _page(request, application, actor, kept)


def _use(request: HttpRequest, application: Application, actor: Actor, sheet: Sheet, wanted: str) -> HttpResponse:
    """Reserves or releases the case; what was typed and ticked so far stays on the page."""
    findings = change_use(actor, application, wanted)
    kept = sheet.unjudged(request)
    return _page(request, application, actor, kept, refusals=findings, status=409 if findings else 200)


def _reserve_following(request: HttpRequest, application: Application, actor: Actor) -> str:
    """The next case that is free is reserved at once; `application` is as it was before the decision."""
    waiting, order = _filtered(request, application, actor)
    before, behind = around(waiting, application, order)
    found = reserve_first(behind, actor, application.desk, order=order)
    return found or reserve_first(before, actor, application.desk, order=order)


def _refused(
    request: HttpRequest, application: Application, actor: Actor, sheet: Sheet, refused: Refused
) -> HttpResponse:
    fresh = load_visible(actor, application.number)
    # The cure of an original is on this very page.
    reasons = [replace(finding, cure=None) for finding in too_late_or(refused, fresh, actor)]
    return _page(request, fresh, actor, sheet, refusals=reasons, status=409)


def _place(request: HttpRequest, application: Application, actor: Actor) -> QueuePlace:
    """Answers the place of a case that waits for this actor, among those that the filters of the queue let through."""
    free = is_free_for(actor, application.desk)
    waiting, order = _filtered(request, application, actor)
    return place_in(waiting, application, free=free, order=order)


def _filtered(
    request: HttpRequest, application: Application, actor: Actor
) -> tuple[QuerySet[Application], tuple[str, ...]]:
    """Answers what the filters of the queue let through, and its order."""
    filters = DeskFilters(request.GET, kinds=kinds_at(application.desk), actor=actor, desk=application.desk)
    waiting = filters.narrowed(own_queue(actor, application.desk))
    return waiting, filters.order


def _page(
    request: HttpRequest,
    application: Application,
    actor: Actor,
    sheet: Sheet,
    *,
    refusals: list[Finding] | None = None,
    status: int = 200,
    note: str = "",
) -> HttpResponse:
    held = held_among([application.pk]).get(application.pk)
    may_decide = held is None and why_not(actor, Action.APPROVE, application, today=localdate()) is None
    judged = Judged(application)
    findings = for_reader(judged.findings, actor) if application.is_open else []
    progress = progress_of(application, actor)
    context = {
        **content_context(application, actor, judged),
        **_evidence(application),
        **_identity(application, actor),
        "findings": findings,
        "unmet": [finding for finding in findings if not finding.met],
        "met": [finding for finding in findings if finding.met],
        "blockers": blocking(findings),
        "progress": progress,
        "form": sheet.form,
        "lines": sheet.lines(application, refusals or []) if may_decide else [],
        "seen": progress.last_event_id,
        "refusals": refusals or [],
        "may_decide": may_decide,
        "needs_another": needs_another(actor, application) if holds_but_for_four_eyes(actor, application) else None,
        "place": _place(request, application, actor) if may_decide else None,
        "handing": _handing(application, actor, may_decide=may_decide),
        "query": filter_query(request),
        "unsent": "" if may_decide else request.POST.get("comment", "").strip(),
        "note": note,
        "held": held_finding(held) if held else None,
        "undoable": undoable_of(actor),
        "use": uses_of([application], actor).get(application.pk, InUse()) if may_decide else None,
    }
    return render(request, "workflow/review.html", context, status=status)


def _evidence(application: Application) -> dict[str, object]:
    """Offices also see what was taken back after an earlier review."""
    files = files_of(business_of(application.kind), attachments_of(application, removed=True))
    return {"sheets": sheets_of(files), "missing": [group.kind.title for group in files if not group.kept]}


def _identity(application: Application, actor: Actor) -> dict[str, object]:
    """The organiser of an exam needs nothing of the person's certificates and employments."""
    person = application.person
    if person is None:
        return {}
    knows = actor.duties & {Duty.COUNTER, Duty.REVIEW, Duty.DECIDE, Duty.HEAD}
    facts = facts_about(person, actor, besides=application.pk) if knows else []
    return {"person_facts": facts, "age": full_years(person.birth_date, localdate())}


def _handing(application: Application, actor: Actor, *, may_decide: bool) -> dict[str, object]:
    """Answers whose case it is, the question that waits, and which of the pages about these are open to the reader."""
    question = open_question(application)
    return {
        "assigned": assigned_of(application, actor),
        "question": question,
        "asker": Desk(application.asked_from).label if question else "",
        "may_answer": why_not(actor, Action.ANSWER, application, today=localdate()) is None,
        "before": desk_before(application) if may_decide else None,
        "may_take_over": may_take_over(actor, application),
        "may_release": may_release(actor, application),
        "may_hand_over": why_not_hand_over(actor, application, to_office=True) is None,
    }
