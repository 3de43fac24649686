"""Takes a second person's word on a policy extension, or on its reversal, that waits for approval."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from accounts.access.decorators import staff_required
from accounts.enums import Duty
from common.web.methods import require_POST
from workflow.request_actor import actor_for

from . import reversal_starting, starting
from .forms import SeenForm, SendBackForm
from .selectors import batch_by_id
from .views import act, page_of


@staff_required(Duty.DECIDE)
@require_POST
def policy_approve(request: HttpRequest, pk: int) -> HttpResponse:
    return _approve(request, pk, starting.approve, "已批准并开始执行，完成后有消息提醒。")


@staff_required(Duty.DECIDE)
@require_POST
def policy_send_back(request: HttpRequest, pk: int) -> HttpResponse:
    return _send_back(request, pk, starting.send_back, "已退回，拟定人收到消息。")


@staff_required(Duty.DECIDE)
@require_POST
def policy_recall(request: HttpRequest, pk: int) -> HttpResponse:
    return act(request, pk, lambda: starting.recall(pk, by=actor_for(request)), "已撤回报批，批次回到待执行。")


@staff_required(Duty.DECIDE)
@require_POST
def reversal_approve(request: HttpRequest, pk: int) -> HttpResponse:
    return _approve(request, pk, reversal_starting.approve_reversal, "已批准并开始撤回，完成后有消息提醒。")


@staff_required(Duty.DECIDE)
@require_POST
def reversal_send_back(request: HttpRequest, pk: int) -> HttpResponse:
    return _send_back(request, pk, reversal_starting.send_back_reversal, "已退回，批次不撤回，报批人收到消息。")


@staff_required(Duty.DECIDE)
@require_POST
def reversal_recall(request: HttpRequest, pk: int) -> HttpResponse:
    return act(
        request,
        pk,
        lambda: reversal_starting.recall_reversal(pk, by=actor_for(request)),
        "已取消撤回的报批，批次仍然有效。",
    )


def _approve(request: HttpRequest, pk: int, approve: Callable[..., None], words: str) -> HttpResponse:
    form = SeenForm(request.POST)
    seen = form.cleaned_data["seen"] if form.is_valid() else None
    return act(request, pk, lambda: approve(pk, seen=seen, by=actor_for(request)), words)


def _send_back(request: HttpRequest, pk: int, send_back: Callable[..., None], words: str) -> HttpResponse:
    form = SendBackForm(request.POST)
    if not form.is_valid():
        return page_of(request, batch_by_id(pk), send_back_form=form, status=400)
    reason = form.cleaned_data["reason"]
    return act(request, pk, lambda: send_back(pk, reason=reason, by=actor_for(request)), words, send_back_form=form)
