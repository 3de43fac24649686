"""One act on several applications, with a result for each of them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from common.findings import Finding
from workflow.permissions import visible
from workflow.selectors.lists import once_here, rows_of
from workflow.services import acting

from ..actors import Actor
from ..enums import Action, Party
from ..forms import BulkForm
from ..models import Application
from ..selectors.lists import PARTIES
from .loading import for_reader, told_by


def result_page(
    request: HttpRequest, actor: Actor, action: Action, bulk: BulkForm, *, back: str, back_args: tuple[str, ...] = ()
) -> HttpResponse:
    """Does it and tells, row by row. Sent again it changes nothing: rows that are done refuse a second time."""
    readable = set(Application.objects.filter(visible(actor), pk__in=bulk.picked).values_list("pk", flat=True))
    gone = _gone(actor, [pk for pk in bulk.picked if pk not in readable])
    # Ids of others' applications are not even told to exist.
    picked = [pk for pk in bulk.picked if pk in readable]
    result = acting.act_many(picked, action=action, actor=actor, comment=bulk.cleaned_data["comment"])
    result.refused.update(gone)
    found = Application.objects.filter(pk__in=[*picked, *gone]).select_related(*PARTIES).order_by("pk")
    outcomes = [
        {
            "row": row,
            "findings": for_reader(result.refused.get(row.application.pk, []), actor),
            "is_gone": row.application.pk in gone,
        }
        for row in rows_of(list(found), actor)
    ]
    context = {
        "outcomes": sorted(outcomes, key=lambda outcome: not outcome["findings"]),
        "done": len(result.done),
        "refused": len(result.refused),
        "title": _title(action, actor),
        "back_url": f"{reverse(back, args=back_args)}{'?' + request.GET.urlencode() if request.GET else ''}",
    }
    return render(request, "workflow/bulk_result.html", context)


def _title(action: Action, actor: Actor) -> str:
    return "通过" if action == Action.APPROVE and actor.party == Party.OFFICE else str(action.label)


def _gone(actor: Actor, ids: list[int]) -> dict[int, list[Finding]]:
    """Those that left this office without its doing: withdrawn, most often."""
    if not ids or actor.office_id is None:
        return {}
    found = list(Application.objects.filter(pk__in=ids).order_by("pk"))
    known = once_here(actor, found)
    return {one.pk: [Finding("workflow.conflict", told_by(one))] for one in found if one.pk in known}
