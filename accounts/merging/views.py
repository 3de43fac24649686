"""合并人员登记: shows two records side by side, on which one clerk asks for a merge and another decides."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.timezone import localdate
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.access import audit, temporary_uploads
from accounts.access.decorators import staff_required
from accounts.access.requests import posted, user_of
from accounts.corrections.evidence import bound, kept_scan
from accounts.corrections.forms import DecideForm, RefuseForm
from accounts.corrections.selectors import correction_for, open_correction
from accounts.corrections.services import refuse_correction
from accounts.enums import CorrectionKind, Duty
from accounts.lookups.services import find_person
from accounts.models import Person, RegisterCorrection
from accounts.people.natural_persons import is_same_person
from accounts.registration.views import open_page, searched_person
from common.findings import Finding, Refused

from .forms import MergeForm, OtherRecordForm, UndoForm
from .rules import conflicts_of, undo_until, why_not_undo
from .selectors import merge_to_undo, side_by_side, state_of
from .services import Pair, ask_for_merge, ask_for_undoing, decide_merge

KINDS = (CorrectionKind.MERGE, CorrectionKind.UNMERGE)


@staff_required(Duty.REGISTER)
@never_cache
@sensitive_post_parameters("id_number")
@require_http_methods(["GET", "HEAD", "POST"])
def merge_search(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes the number of the other record by POST, as every search does."""
    person, form = searched_person(request, pk), OtherRecordForm(posted(request))
    refusals: tuple[Finding, ...] = ()
    if form.is_valid():
        other = find_person(request, form.cleaned_data["id_number"])
        if other is not None and other.pk != person.pk:
            audit.record("find_person", by=user_of(request), about=other, request=request)
            open_page(request, other)
            return redirect("accounts:merge_ask", person.pk, other.pk)
        refusals = (_nothing_to_merge(other),)
    context = {"person": person, "form": form, "refusals": refusals, "waiting": open_correction(person)}
    return render(request, "accounts/merge_search.html", context, status=_status(refusals, form.is_bound))


def _nothing_to_merge(other: Person | None) -> Finding:
    if other is None:
        detail = "请核对号码。没有登记过的号码不需要合并；号码由公安机关更正的，办理身份证号码更正。"
        return Finding("merge.unknown", "没有查到用这个号码的登记", detail, turn="登记人员")
    return Finding("merge.same", "两个号码查到的是同一份登记", "不需要合并，请核对另一份登记的号码。", turn="登记人员")


@staff_required(Duty.REGISTER)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def merge_ask(request: HttpRequest, pk: int, other: int) -> HttpResponse:
    left, right = searched_person(request, pk), searched_person(request, other)
    if request.method != "POST":
        return _ask_page(request, left, right, MergeForm())
    form = bound(request, MergeForm, _slot(left))
    if not form.is_valid():
        return _ask_page(request, left, right, form)
    pair = Pair(left, right) if form.cleaned_data["stays"] == "left" else Pair(right, left)
    try:
        case = ask_for_merge(pair, grounds=form.grounds, by=user_of(request), now=timezone.now())
    except Refused as refused:
        return _ask_page(request, left, right, form, refused.findings)
    temporary_uploads.drop(request, _slot(left))
    messages.success(request, "已提出合并，等待另一名登记人员复核。复核之前，两份登记都不变。")
    return redirect("accounts:merge", case.pk)


def _slot(person: Person) -> str:
    return f"merge_{person.pk}"


def _ask_page(
    request: HttpRequest, left: Person, right: Person, form: MergeForm, refusals: tuple[Finding, ...] = ()
) -> HttpResponse:
    context = {
        "left": left,
        "right": right,
        "people": (left, right),
        "form": form,
        "refusals": refusals,
        "rows": side_by_side(left, right),
        "findings": [] if refusals else conflicts_of(left, right),
        "kept_scan": kept_scan(request, _slot(left)),
    }
    return render(request, "accounts/merge_ask.html", context, status=_status(refusals, form.is_bound))


@staff_required(Duty.REGISTER)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def merge_undo(request: HttpRequest, pk: int) -> HttpResponse:
    person = searched_person(request, pk)
    done = merge_to_undo(person)
    if done is None:
        raise Http404("这份登记没有可以撤销的合并")
    slot, refusals = f"unmerge_{person.pk}", tuple(why_not_undo(done, on=localdate()))
    form = bound(request, UndoForm, slot) if request.method == "POST" else UndoForm()
    if form.is_valid():
        try:
            case = ask_for_undoing(done, grounds=form.grounds, by=user_of(request), now=timezone.now())
        except Refused as refused:
            refusals = refused.findings
        else:
            temporary_uploads.drop(request, slot)
            messages.success(request, "已提出撤销合并，等待另一名登记人员复核。复核之前什么也不变。")
            return redirect("accounts:merge", case.pk)
    context = {
        "done": done,
        "form": form,
        "refusals": refusals,
        "until": undo_until(done),
        "kept_scan": kept_scan(request, slot),
    }
    status = _status(refusals if form.is_bound else (), form.is_bound)
    return render(request, "accounts/merge_undo.html", context, status=status)


@staff_required(Duty.REGISTER)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: HttpRequest, pk: int) -> HttpResponse:
    case = _readable(request, pk)
    if request.method != "POST":
        detail: dict[str, object] = {"correction": case.pk}
        audit.record("view_correction", by=user_of(request), about=case.person, detail=detail, request=request)
        return _page(request, case)
    if request.POST.get("action") == "refuse":
        return _refuse(request, case)
    form = DecideForm(request.POST, auto_id="decide_%s")
    if not form.is_valid():
        return _page(request, case, decide=form)
    try:
        done = decide_merge(case, state=form.cleaned_data["state"], by=user_of(request), now=timezone.now())
    except Refused as refused:
        return _page(request, case, refused.findings, decide=form)
    open_page(request, done.person)
    messages.success(request, "已办理，本人会收到消息。请告知今后用哪个号码登录。")
    return redirect("accounts:merge", case.pk)


def _refuse(request: HttpRequest, case: RegisterCorrection) -> HttpResponse:
    form = RefuseForm(request.POST, auto_id="refuse_%s")
    if not form.is_valid():
        return _page(request, case, refuse=form)
    try:
        refuse_correction(case, answer=form.cleaned_data["answer"], by=user_of(request), now=timezone.now())
    except Refused as refused:
        return _page(request, case, refused.findings, refuse=form)
    messages.success(request, "已办结，两份登记都没有改变。")
    return redirect("accounts:corrections")


def _readable(request: HttpRequest, pk: int) -> RegisterCorrection:
    case = correction_for(user_of(request), pk)
    if case is None or case.kind not in KINDS:
        raise Http404("没有这件合并，或不属于本市的登记点")
    return case


def _page(
    request: HttpRequest,
    case: RegisterCorrection,
    refusals: tuple[Finding, ...] = (),
    *,
    decide: DecideForm | None = None,
    refuse: RefuseForm | None = None,
) -> HttpResponse:
    if case.other is None:
        raise Http404("这件更正没有第二份登记")
    kept, gone = case.person, case.other
    context = {
        "case": case,
        "left": kept,
        "right": gone,
        "people": (kept, gone),
        "is_own": is_same_person(user_of(request), case.requested_by),
        "rows": side_by_side(kept, gone) if case.is_open else [],
        "findings": _findings(case, kept, gone) if case.is_open and not refusals else [],
        # The mark is that of the page as it is shown now, so that what was refused is seen before it is pressed again.
        "decide": DecideForm(initial={"state": state_of(kept, gone)}, auto_id="decide_%s"),
        "decide_errors": decide.errors if decide is not None and not refusals else {},
        "refuse": refuse or RefuseForm(auto_id="refuse_%s"),
        "refusals": refusals,
    }
    return render(request, "accounts/merge.html", context, status=_status(refusals, bool(decide or refuse)))


def _findings(case: RegisterCorrection, kept: Person, gone: Person) -> list[Finding]:
    if case.undoes is not None:
        return why_not_undo(case.undoes, on=localdate())
    return conflicts_of(kept, gone, case=case)


def _status(refusals: tuple[Finding, ...], is_bound: bool) -> int:
    return 409 if refusals else 400 if is_bound else 200
