"""One act on several applications, with a result for each of them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from .. import services
from ..actors import Actor
from ..enums import Action
from ..forms import BulkForm
from ..models import Application
from ..policy import visible
from ..selectors import rows_of
from ..selectors.lists import PARTIES


def result_page(
    request: HttpRequest, actor: Actor, action: Action, bulk: BulkForm, *, back: str, back_args: tuple[str, ...] = ()
) -> HttpResponse:
    """Does it and tells, row by row. Sent again it changes nothing: rows that are done refuse a second time."""
    # Ids of others' applications are not even told to exist.
    own = Application.objects.filter(visible(actor), pk__in=bulk.picked).order_by("pk").values_list("pk", flat=True)
    allowed = set(own)
    picked = [pk for pk in bulk.picked if pk in allowed]
    result = services.act_many(picked, action=action, actor=actor, comment=bulk.cleaned_data["comment"])
    found = Application.objects.filter(pk__in=picked).select_related(*PARTIES).order_by("pk")
    rows = {row.application.pk: row for row in rows_of(list(found), actor)}
    outcomes = [{"row": rows[pk], "findings": result.refused.get(pk, [])} for pk in picked]
    context = {
        "outcomes": sorted(outcomes, key=lambda outcome: not outcome["findings"]),
        "done": len(result.done),
        "refused": len(result.refused),
        "action": action,
        "back_url": f"{reverse(back, args=back_args)}{'?' + request.GET.urlencode() if request.GET else ''}",
    }
    return render(request, "workflow/bulk_result.html", context)
