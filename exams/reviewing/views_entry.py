"""Shows the office one entry on one page: faces, facts, checks, history, and the decision; then the next one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import audit
from accounts.access.decorators import staff_required
from accounts.access.requests import posted
from accounts.enums import Duty
from accounts.models import Person, User
from accounts.photo.pictures import picture
from administration.calendar.working_days import load_working_days
from administration.parameters.book import ParameterBook
from common.findings import Finding, blocking
from exams.enums import TONES, UNREVIEWED, EntryState, EvidenceKind
from exams.evidence.selectors import evidence_of_entry
from exams.models import Evidence, ExamEntry
from exams.permissions import why_not_approve, why_not_review
from exams.selectors import readable_entry
from exams.sign_up.eligibility import of_entries
from workflow.actors import Actor
from workflow.request_actor import actor_for
from workflow.selectors.bars import bars_of_person
from workflow.views.refusals import for_reader

from . import services
from .deadlines import resubmit_until, review_by, waits_since
from .forms import EntryDecisionForm
from .queue import next_in_queue, query_of
from .selectors import history_of, reviews_of
from .timeline import timeline_of

DONE = {"approve": "审核通过", "return": "已退回补正", "refuse": "审核不通过"}


@staff_required(Duty.REVIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def entry(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_for(request)
    found = readable_entry(actor, pk)
    form = EntryDecisionForm(posted(request))
    if not form.is_valid():
        return _page(request, found, actor, form, status=400 if form.is_bound else 200)
    following = next_in_queue(request, actor, found)
    refusals = _decide(found, form, actor).refused.get(pk, [])
    if refusals:
        fresh = readable_entry(actor, pk)
        return _page(request, fresh, actor, form, refusals=for_reader(refusals, actor), status=409)
    messages.success(request, f"{found.person.name}的报名{DONE[form.cleaned_data['action']]}，企业和本人会收到消息。")
    query = query_of(request)
    if following is None:
        messages.info(request, "没有下一条待审核的报名了。")
        address = reverse("exams:review")
    else:
        address = reverse("exams:entry", args=[following])
    return redirect(f"{address}?{query}" if query else address)


def _decide(found: ExamEntry, form: EntryDecisionForm, actor: Actor) -> services.Reviewed:
    values = form.cleaned_data
    seen, comment = {found.pk: values["seen"] or 0}, values["comment"]
    if values["action"] == "approve":
        return services.approve_entries([found.pk], actor=actor, seen=seen)
    if values["action"] == "refuse":
        return services.refuse_entries([found.pk], comment=comment, actor=actor, seen=seen)
    reasons = values["reasons"]
    return services.return_entries([found.pk], reasons=reasons, comment=comment, actor=actor, seen=seen)


def _page(
    request: HttpRequest,
    found: ExamEntry,
    actor: Actor,
    form: EntryDecisionForm,
    *,
    refusals: list[Finding] | None = None,
    status: int = 200,
) -> HttpResponse:
    today = localdate()
    why_not = why_not_review(actor, found)
    is_waiting = found.state in UNREVIEWED
    findings = for_reader(of_entries([found], on=today)[found.pk], actor) if is_waiting else []
    reviews, parameters = reviews_of(found), ParameterBook.load()
    due = review_by(found, load_working_days(), parameters)
    context = {
        "entry": found,
        "tone": TONES[EntryState(found.state)],
        "form": form,
        "refusals": refusals or [],
        "findings": findings,
        "unmet": [one for one in findings if not one.met],
        "met": [one for one in findings if one.met],
        "blockers": blocking(findings),
        "evidence": _evidence(found),
        "bars": bars_of_person(found.person_id),
        "history": [{"entry": one, "tone": TONES[EntryState(one.state)]} for one in history_of(found)],
        "events": timeline_of(found, reviews),
        "seen": reviews[0].pk if reviews else 0,
        "why_not": why_not if is_waiting else None,
        "may_review": why_not is None,
        "too_late": why_not_approve(found, today=today) if is_waiting else None,
        "until": resubmit_until(found.batch, parameters, today),
        "due": {"day": due, "is_late": due < today, "since": waits_since(found)},
        "following": next_in_queue(request, actor, found),
        "query": query_of(request),
    }
    return render(request, "exams/entry.html", context, status=status)


def _evidence(found: ExamEntry) -> list[tuple[str, list[Evidence]]]:
    """Answers every kind with its scans, so that what lacks is seen, too."""
    shown = evidence_of_entry(found)
    return [(str(label), [one for one in shown if one.kind == kind]) for kind, label in EvidenceKind.choices]


@staff_required(Duty.REVIEW)
@require_safe
def photo(request: HttpRequest, pk: int, size: str = "full") -> HttpResponse:
    person = _applicant(request, pk, "view_photo")
    return picture(person.id_photo_small if size == "small" else person.id_photo)


@staff_required(Duty.REVIEW)
@require_safe
def portrait(request: HttpRequest, pk: int) -> HttpResponse:
    return picture(_applicant(request, pk, "view_portrait").portrait)


def _applicant(request: HttpRequest, pk: int, action: str) -> Person:
    entry = readable_entry(actor_for(request), pk)
    user = request.user if isinstance(request.user, User) else None
    audit.record(action, by=user, about=entry.person, detail={"batch": entry.batch_id}, request=request)
    return entry.person
