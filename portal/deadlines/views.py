"""到期日历: shows what ends when at an enterprise, and gives it as a calendar file and as a workbook."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate, now
from django.views.decorators.http import require_safe

from accounts.access.decorators import operator_required
from accounts.access.rights import Right, post_needs
from common.tabular.text_workbook import XLSX
from common.text.icalendar import CONTENT_TYPE, calendar_file
from common.web.chips import chips_of, chosen_kind
from common.web.downloads import content_to_save
from common.web.ids import id_of
from common.web.methods import require_POST
from enterprises.ca_login.backend import enterprise_of
from workflow.request_actor import actor_for

from .calendar import events_of, write_deadlines
from .items import Deadline, Kind
from .selectors import deadlines_of
from .weeks import MOST_WEEKS, STEP_WEEKS, USUAL_WEEKS, WEEKDAYS, weeks_of


def _all(request: HttpRequest) -> list[Deadline]:
    return deadlines_of(enterprise_of(request), actor_for(request), today=localdate())


@operator_required
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    today, kind = localdate(), chosen_kind(request, list(Kind))
    weeks = max(USUAL_WEEKS, min(id_of(request.GET.get("weeks")) or USUAL_WEEKS, MOST_WEEKS))
    found = _all(request)
    shown = [one for one in found if kind in ("", one.kind)]
    *sections, later = weeks_of(shown, today=today, weeks=weeks)
    context = {
        "chips": chips_of([one.kind for one in found], Kind, kind),
        "kind": kind,
        "kind_label": Kind(kind).label if kind else "",
        "sections": sections,
        "later": later,
        "more": min(weeks + STEP_WEEKS, MOST_WEEKS) if later.number and weeks < MOST_WEEKS else 0,
        "most_weeks": MOST_WEEKS,
        "weeks": weeks,
        "total": len(shown),
        "today": today,
        "weekday": f"星期{WEEKDAYS[today.weekday()]}",
    }
    return render(request, "portal/deadlines.html", context)


@operator_required
@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """A calendar leaves out what is past."""
    kind, today = chosen_kind(request, list(Kind)), localdate()
    coming = [one for one in _all(request) if one.day >= today and kind in ("", one.kind)]
    content = calendar_file("安管人员到期日历", events_of(coming), now=now())
    return content_to_save(content, name="到期日历.ics", content_type=CONTENT_TYPE)


@operator_required
@post_needs(Right.READ)
@require_POST
def export(request: HttpRequest) -> HttpResponse:
    """A POST, because who takes the list is noted."""
    kind = chosen_kind(request, list(Kind))
    content = write_deadlines([one for one in _all(request) if kind in ("", one.kind)], by=actor_for(request))
    return content_to_save(content, name=f"到期日历-{localdate():%Y%m%d}.xlsx", content_type=XLSX)
