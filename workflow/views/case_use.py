"""Lets members of an office reserve a case, give it back, and see which colleague is at it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache

from accounts.access.decorators import staff_required
from common.findings import Finding, Refused
from common.web.ids import id_of
from common.web.methods import require_POST
from workflow.permissions import DUTY_OF_DESK, holds
from workflow.request_actor import actor_for
from workflow.selectors.case_use import InUse, uses_of
from workflow.selectors.events import last_event_id
from workflow.selectors.readable import find_readable
from workflow.services.case_use import release, reserve, stay

from ..actors import Actor
from ..models import Application
from .loading import load_visible
from .refusals import told_by


@staff_required(tuple(DUTY_OF_DESK.values()))
@never_cache
@require_POST
def open_case(request: HttpRequest, number: str) -> HttpResponse:
    """The open page of a case says now and then that it is open, and is told what colleagues do meanwhile."""
    actor = actor_for(request)
    application = load_visible(actor, number)
    stay(application, actor=actor, is_active=bool(request.POST.get("active")))
    use = uses_of([application], actor).get(application.pk, InUse())
    is_changed = (id_of(request.POST.get("event")) or 0) < last_event_id(application)
    return JsonResponse(
        {
            "whose": use.whose,
            "words": use.words,
            "readers": use.readers_in_words,
            "changed": news_of(application, actor) if is_changed else "",
        }
    )


def news_of(application: Application, actor: Actor) -> str:
    """Tells what happened to the case after the page was opened."""
    said = told_by(application).removesuffix("您的操作没有生效。").rstrip("，")
    return f"{said}。{'请刷新后再作决定。' if holds(actor, application) else '这件已不在您的待办中。'}"


def change_use(actor: Actor, application: Application, wanted: str) -> list[Finding]:
    """Reserves, seizes or releases, as the pressed button says; answers why not. Any other word only renews the page."""
    try:
        if wanted == "release":
            release(application.pk, actor=actor)
        elif wanted in ("reserve", "seize"):
            reserve(application.pk, actor=actor, seize=wanted == "seize")
    except Refused as refused:
        return list(refused.findings)
    return []


def use_from_list(request: HttpRequest, actor: Actor, desk: str) -> HttpResponse:
    """A button in a row of the queue reserves that case, or gives it back."""
    wanted = "reserve" if "reserve" in request.POST else "release"
    application = find_readable(actor, request.POST.get(wanted, ""))
    if application is None:
        messages.error(request, "这件已不在您的待办中。")
    elif findings := change_use(actor, application, wanted):
        messages.error(request, "；".join(f"{one.message}。{one.detail}" for one in findings))
    elif wanted == "reserve":
        messages.success(request, f"{application.number} 已占用，同事能看到由您办理。")
    else:
        messages.success(request, f"{application.number} 已释放。")
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    return redirect(f"{reverse('workflow:queue', args=[desk])}{query}")
