"""Shows 我的办件, 我的待办 and messages."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access.decorators import signed_in_required
from accounts.enums import Sphere
from workflow.request_actor import actor_for
from workflow.selectors.lists import QUEUE_ORDER, Row, mine_by_ways
from workflow.selectors.lists import inbox as inbox_queryset

from ..business import business_of
from ..enums import Party
from ..forms import MineFilters
from ..models import Application
from .content import page_of_rows


@signed_in_required(Sphere.PERSON, Sphere.OPERATOR)
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    actor = actor_for(request)
    is_enterprise = actor.party == Party.ENTERPRISE
    filters = MineFilters(request.GET, has_people=is_enterprise)
    mine_of_actor, ways = mine_by_ways(actor)
    page, rows = page_of_rows(request, filters.narrowed(mine_of_actor), actor, order=("-id",), branches=ways)
    context = {"filters": filters, "page": page, "rows": rows, "is_filtered": filters.has_changed()}
    context["has_people"] = is_enterprise
    return render(request, "workflow/mine.html", context)


@signed_in_required(Sphere.PERSON, Sphere.OPERATOR)
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    actor = actor_for(request)
    page, rows = page_of_rows(request, inbox_queryset(actor), actor, order=QUEUE_ORDER)
    return render(request, "workflow/inbox.html", {"page": page, "tasks": [_task(row) for row in rows]})


def _task(row: Row) -> dict[str, object]:
    return {"row": row, "on_phone": needs_phone(row.application), "is_returned": row.application.desk == "filer"}


def needs_phone(application: Application) -> bool:
    """The web shows such a step and never lets it be decided."""
    step = business_of(application.kind).step_at(application.desk)
    return step is not None and step.second_verification


# --- messages ---
