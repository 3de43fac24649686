"""Asks before an act on several applications, and shows the result of each."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.access.decorators import signed_in_required
from accounts.enums import Sphere
from common.findings import Finding
from workflow.request_actor import actor_for
from workflow.selectors.bulk import consequences, find_bulk_act, outcomes_of, stopped_now, what_follows
from workflow.selectors.events import changes_since
from workflow.selectors.held import Undoable, seconds_left
from workflow.selectors.lists import Row, rows_of
from workflow.services.acting import act_many, changed_finding
from workflow.services.bulk import act_in_bulk, ask_about_list, decide_in_bulk

from ..actors import Actor
from ..enums import Action, Party
from ..forms import BulkForm
from ..models import BulkAct
from ..selectors.readable import gone_from_office, readable_ids, with_parties
from .refusals import for_reader, told_by

ROWS_SHOWN = 100
"""The unit is rows of one table that a page about a whole list names; the counts are of all."""


def bulk_form(request: HttpRequest, *, whole: list[int] | None = None, **fixed: str) -> BulkForm:
    """Reads the form of a list; `fixed` are fields that the page itself sets, `whole` all that it shows."""
    data = request.POST.dict() | fixed
    return BulkForm(data, picked=request.POST.getlist("picked"), seen=request.POST.getlist("seen"), whole=whole)


def answer(
    request: HttpRequest, actor: Actor, action: Action, bulk: BulkForm, *, back: str, back_args: tuple[str, ...] = ()
) -> HttpResponse:
    """Asks once more with the consequences in words; what was confirmed is done, and its result has an address."""
    readable = readable_ids(actor, bulk.picked)
    # Ids of others' applications are not even told to exist.
    picked = [pk for pk in bulk.picked if pk in readable]
    gone = {
        one.pk: [Finding("workflow.conflict", told_by(one))]
        for one in gone_from_office(actor, [pk for pk in bulk.picked if pk not in readable])
    }
    back_url = f"{reverse(back, args=back_args)}{'?' + request.GET.urlencode() if request.GET else ''}"
    if not bulk.cleaned_data["confirmed"]:
        return _question(request, actor, action, bulk, picked, gone, back_url)
    done = _do(actor, action, bulk, picked, gone, back_url)
    if done is None:
        raise PermissionDenied("这一批办理不是您提交的。请返回列表重新勾选。")
    return redirect("workflow:bulk_result", done.pk)


def _do(
    actor: Actor, action: Action, bulk: BulkForm, picked: list[int], gone: dict[int, list[Finding]], back_url: str
) -> BulkAct | None:
    """A decision of an office can be taken back for a minute; an enterprise confirms at once."""
    key = bulk.cleaned_data["attempt"] or uuid4()
    said: dict[str, Any] = {"action": action, "comment": bulk.cleaned_data["comment"], "seen": bulk.seen}
    kept: dict[str, Any] = {"actor": actor, "gone": gone, "title": _title(action, actor), "back_url": back_url}
    if settings.UNDO_SECONDS and actor.party == Party.OFFICE:
        return decide_in_bulk(key, picked, **said, **kept)
    return act_in_bulk(key, picked, do=partial(act_many, actor=actor, **said), **kept)


def _question(
    request: HttpRequest,
    actor: Actor,
    action: Action,
    bulk: BulkForm,
    picked: list[int],
    gone: dict[int, list[Finding]],
    back_url: str,
) -> HttpResponse:
    applications = with_parties([*picked, *gone])
    present = [one for one in applications if one.pk not in gone]
    stopped = gone | stopped_now(present, actor, action)
    seen = {pk: event for pk, event in bulk.seen.items() if pk in picked and pk not in stopped}
    stopped |= {pk: [changed_finding(event)] for pk, event in changes_since(seen).items()}
    rows = rows_of(applications, actor)
    going = [row for row in rows if row.application.pk not in stopped]
    context = {
        "title": _title(action, actor),
        "tone": "primary" if action == Action.APPROVE else "danger",
        "consequences": consequences((row.application for row in going), partial(what_follows, action=action)),
        "going": going,
        "staying": outcome_rows([row for row in rows if row.application.pk in stopped], stopped, gone, actor),
        "action": action.value,
        "comment": bulk.cleaned_data["comment"],
        "fields": {},
        "attempt": bulk.cleaned_data["attempt"] or uuid4(),
        "back_url": back_url,
    }
    if bulk.is_whole and going:
        context["list_key"] = _kept(going, actor, action, bulk, back_url)
    return render(request, "workflow/bulk_question.html", context)


def _kept(going: Sequence[Row], actor: Actor, action: Action, bulk: BulkForm, back_url: str) -> UUID:
    """Keeps a whole list with what the question shows of it: it is too long for the form."""
    return ask_about_list(
        [row.application.pk for row in going],
        action=action,
        comment=bulk.cleaned_data["comment"],
        seen={row.application.pk: row.last_event_id for row in going},
        actor=actor,
        title=_title(action, actor),
        back_url=back_url,
    )


@signed_in_required(Sphere.OPERATOR, Sphere.STAFF)
@require_safe
def result(request: HttpRequest, key: UUID) -> HttpResponse:
    """Can be looked at again, also when the first answer never arrived."""
    actor = actor_for(request)
    bulk = find_bulk_act(key, actor)
    if bulk is None or bulk.ordered_at is None:
        raise Http404("没有这一批办理的结果，或者已经过了保存期")
    found = outcomes_of(bulk)
    is_underway = bool(bulk.action) and bulk.finished_at is None
    told = [pk for pk in bulk.picked if not (is_underway or bulk.taken_back_at) or found[pk] is not None]
    # What needs a look comes first: without a result, then refused; done ones are many and alike.
    shown = sorted(told, key=lambda pk: (found[pk] is not None, found[pk] == []))[:ROWS_SHOWN]
    readable = readable_ids(actor, shown)
    gone = {one.pk for one in gone_from_office(actor, [pk for pk in shown if pk not in readable])}
    rows = rows_of(with_parties([pk for pk in shown if pk in readable | gone]), actor)
    outcomes = outcome_rows(rows, found, gone, actor)
    is_taken_back = bulk.taken_back_at is not None
    without_result = 0 if is_taken_back else sum(1 for one in found.values() if one is None)
    context = {
        "bulk": bulk,
        "undoable": Undoable(bulk, left) if (left := seconds_left(bulk)) else None,
        "outcomes": sorted(outcomes, key=lambda one: (not one["is_open"], not one["findings"])),
        "left_off": len(told) - len(shown),
        "done": sum(1 for one in found.values() if one == []),
        "refused": sum(1 for one in found.values() if one),
        "without_result": without_result,
        "is_underway": is_underway,
        "progress": progress_of_list(bulk, len(bulk.picked) - without_result)
        if bulk.action and not is_taken_back
        else None,
    }
    return render(request, "workflow/bulk_result.html", context)


def progress_of_list(bulk: BulkAct, done: int) -> dict[str, Any]:
    return {
        "id": "bulk-progress",
        "label": f"{bulk.title} {len(bulk.picked)} 件",
        "done": done,
        "total": len(bulk.picked),
        "running": bulk.finished_at is None,
        "failed": False,
    }


def outcome_rows(
    rows: Sequence[Row], found: Mapping[int, list[Finding] | None], gone: Container[int], actor: Actor
) -> list[dict[str, Any]]:
    return [
        {
            "row": row,
            "findings": for_reader(found[row.application.pk] or [], actor),
            "is_open": found[row.application.pk] is None,
            "is_gone": row.application.pk in gone,
        }
        for row in rows
    ]


def _title(action: Action, actor: Actor) -> str:
    return "通过" if action == Action.APPROVE and actor.party == Party.OFFICE else str(action.label)
