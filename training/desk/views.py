"""Shows an institution its records: the list, one record with its history, a new one, a correction, a withdrawal."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access.decorators import staff_required
from accounts.access.requests import user_of
from accounts.enums import Duty
from accounts.lookups.services import ask, missed
from accounts.people.numbers import present_index
from common.findings import Finding, Refused
from common.web.paging import paginate
from training.models import TrainingRecord
from training.services import add_record, correct_record, withdraw_record

from .forms import CorrectionForm, NewRecordForm, RecordFilter, WithdrawalForm
from .selectors import ORDER, found, institution_of, reads_all, record_for, replaced_by_it

NOT_HERE = "继续教育记录由培训机构和省厅登记台账人员办理；本部门上传的名单在“数据导入”中查看。"
READERS = (Duty.TRAINING, Duty.REGISTRY)
NO_INSTITUTION = "单条登记由培训机构办理；省厅登记台账人员请用“数据导入”。"


@staff_required(READERS)
@never_cache
@require_safe
def records(request: HttpRequest) -> HttpResponse:
    user, filters = user_of(request), RecordFilter(request.GET)
    if institution_of(user) is None and not reads_all(user):
        raise PermissionDenied(NOT_HERE)
    asked = filters.cleaned_data if filters.is_valid() else {"name": "", "state": ""}
    page = paginate(found(user, **asked), order=ORDER, cursor=request.GET.get("cursor"))
    context = {"filters": filters, "page": page, "own": institution_of(user), "is_narrowed": any(asked.values())}
    return render(request, "training/records.html", context)


@staff_required(READERS)
@never_cache
@require_safe
def record(request: HttpRequest, pk: int) -> HttpResponse:
    one = record_for(user_of(request), pk)
    return render(request, "training/record.html", {"record": one, "before": replaced_by_it(one)})


@staff_required(Duty.TRAINING)
@never_cache
@sensitive_post_parameters("id_number")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """The number is a lookup, since a refusal tells that it is registered under another name."""
    user = user_of(request)
    own = institution_of(user)
    if own is None:
        raise PermissionDenied(NO_INSTITUTION)
    form = NewRecordForm(request.POST) if request.method == "POST" else NewRecordForm()
    if not form.is_valid():
        return _form(request, form, None)
    ask(request)
    index = present_index(form.cleaned_data["id_number"])
    try:
        made = add_record(form.record(id_number_index=index, institution_id=own.pk, institution_name=own.name), by=user)
    except Refused as refused:
        missed(request)
        return _form(request, form, None, refused.findings)
    messages.success(request, f"已登记{made.name}的“{made.course}”，{made.hours.normalize():f} 学时。")
    return redirect("training:record", made.pk)


@staff_required(READERS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    user = user_of(request)
    wrong = record_for(user, pk)
    if request.method != "POST":
        return _form(request, CorrectionForm(initial=CorrectionForm.values_of(wrong)), wrong)
    form = CorrectionForm(request.POST)
    if not form.is_valid():
        return _form(request, form, wrong)
    try:
        right = correct_record(record_id=wrong.pk, right=form.right(wrong), reason=form.cleaned_data["reason"], by=user)
    except Refused as refused:
        return _form(request, form, wrong, refused.findings)
    messages.success(request, "已更正。原记录保留为已撤回，注明原因和更正后的记录。")
    return redirect("training:record", right.pk)


@staff_required(READERS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    user = user_of(request)
    one = record_for(user, pk)
    form = WithdrawalForm(request.POST) if request.method == "POST" else WithdrawalForm()
    refusals: tuple[Finding, ...] = ()
    if form.is_valid():
        try:
            withdraw_record(record_id=one.pk, reason=form.cleaned_data["reason"], by=user)
        except Refused as refused:
            refusals = refused.findings
        else:
            messages.success(request, "已撤回。记录和原因仍可查看，学时不再计入。")
            return redirect("training:record", one.pk)
    context = {"record": one, "form": form, "refusals": refusals}
    return render(request, "training/withdraw.html", context, status=_status(form, refusals))


def _form(
    request: HttpRequest, form: forms.Form, wrong: TrainingRecord | None, refusals: tuple[Finding, ...] = ()
) -> HttpResponse:
    context = {"form": form, "record": wrong, "refusals": refusals}
    return render(request, "training/record_form.html", context, status=_status(form, refusals))


def _status(form: forms.Form, refusals: tuple[Finding, ...]) -> int:
    return 409 if refusals else 400 if form.is_bound else 200
