"""Does one act on several applications and shows a result for each of them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from common.findings import Finding
from workflow.selectors.lists import rows_of
from workflow.services import acting

from ..actors import Actor
from ..enums import Action, Party
from ..forms import BulkForm
from ..selectors.readable import gone_from_office, readable_ids, with_parties
from .refusals import for_reader, told_by


def result_page(
    request: HttpRequest, actor: Actor, action: Action, bulk: BulkForm, *, back: str, back_args: tuple[str, ...] = ()
) -> HttpResponse:
    """Acts and tells the outcome of each row. Sent again it changes nothing: rows that are done refuse a second time."""
    readable = readable_ids(actor, bulk.picked)
    gone = {
        one.pk: [Finding("workflow.conflict", told_by(one))]
        for one in gone_from_office(actor, [pk for pk in bulk.picked if pk not in readable])
    }
    # The page does not even tell that ids of others' applications exist.
    picked = [pk for pk in bulk.picked if pk in readable]
    result = acting.act_many(picked, action=action, actor=actor, comment=bulk.cleaned_data["comment"])
    result.refused.update(gone)
    outcomes = [
        {
            "row": row,
            "findings": for_reader(result.refused.get(row.application.pk, []), actor),
            "is_gone": row.application.pk in gone,
        }
        for row in rows_of(with_parties([*picked, *gone]), actor)
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
