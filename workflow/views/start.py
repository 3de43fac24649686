"""Shows which businesses there are, and what has to be right before one is filed."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.timezone import localdate
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access.decorators import operator_required, person_required, signed_in_required
from accounts.enums import Sphere
from common.findings import Finding, Refused, blocking
from workflow.business import Business, businesses
from workflow.checks import Case, Facts, evaluate
from workflow.permissions import may_file, what_waits
from workflow.request_actor import actor_for
from workflow.services import filing

from ..actors import Actor
from ..enums import Party
from .loading import address_of, business_or_404


def _sections(actor: Actor) -> list[tuple[str, list[dict[str, Any]]]]:
    sections: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for business in businesses():
        if Party.SYSTEM in business.filed_by and not business.choices(actor):
            continue  # it opens by itself, and the actor has nothing to say about it
        if may_file(actor, business) and (address := address_of(business)):
            sections[business.section].append({"business": business, "url": address})
    return list(sections.items())


@person_required
@require_safe
def services_page(request: HttpRequest) -> HttpResponse:
    return render(request, "workflow/services.html", {"sections": _sections(actor_for(request)), "heading": "业务办理"})


@operator_required
@require_safe
def enterprise_services(request: HttpRequest) -> HttpResponse:
    return render(request, "workflow/services.html", {"sections": _sections(actor_for(request)), "heading": "办事"})


@signed_in_required(Sphere.PERSON, Sphere.OPERATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest, kind: str) -> HttpResponse:
    """Shows preconditions first; the button that fills in the application works once nothing blocks."""
    business, actor = business_or_404(kind), actor_for(request)
    if not may_file(actor, business):
        parties = "、".join(Party(party).label for party in Party if party in business.filed_by)
        raise PermissionDenied(f"“{business.title}”由{parties}发起，您现在的身份不能办理。")
    if not business.start_on_web:
        return _elsewhere(business)
    try:
        case = _prepared(business, actor, request)
    except Http404:
        asked = set(request.GET.items())
        choices = [(label, query) for label, query in business.choices(actor) if asked <= set(query.items())]
        if request.GET and not choices:
            raise
        return _choose(request, business, choices)
    except Refused as refused:
        return _conditions(request, business, None, list(refused.findings))
    findings = evaluate([case], Facts([case]))[case] + what_waits(actor, business, back=request.get_full_path())
    if request.method != "POST":
        return _conditions(request, business, case, findings)
    if blocking(findings):
        return _conditions(request, business, case, findings, status=409)
    try:
        application = filing.create_draft(case=case, actor=actor)
    except Refused as refused:
        return _conditions(request, business, case, list(refused.findings), status=409)
    return redirect("workflow:edit", number=application.number)


def _prepared(business: Business, actor: Actor, request: HttpRequest) -> Case:
    """Where there is only one thing to file about, nobody is asked to choose. Raises `Http404`, `Refused`."""
    query = request.GET.dict()
    choices = business.choices(actor) if not query else []
    return business.prepare(actor, choices[0][1] if len(choices) == 1 else query, today=localdate())


def _elsewhere(business: Business) -> HttpResponse:
    address = address_of(business)
    if not address:
        raise Http404("这项业务不在这里办理")
    return redirect(address)


def _choose(request: HttpRequest, business: Business, choices: list[tuple[str, dict[str, str]]]) -> HttpResponse:
    """A link without parameters, or with too few of them, leads to this page, where the thing to file about is chosen."""
    start_page = reverse("workflow:start", args=[business.kind])
    links = [(label, f"{start_page}?{urlencode(query)}") for label, query in choices]
    return render(request, "workflow/choose.html", {"business": business, "choices": links})


def _conditions(
    request: HttpRequest, business: Business, case: Case | None, findings: list[Finding], *, status: int = 200
) -> HttpResponse:
    blockers = blocking(findings)
    context = {
        "business": business,
        "about": business.about(case) if case else [],
        "findings": findings,
        "missing": len(blockers),
        "may_go_on": case is not None and not blockers,
    }
    return render(request, "workflow/start.html", context, status=status)
