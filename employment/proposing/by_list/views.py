"""名单发起聘用: takes a list, shows what would come of each row, and sends the proposals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate, now
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import audit
from accounts.access.decorators import operator_required
from accounts.access.requests import user_of
from accounts.lookups.services import asker_of
from common.findings import Finding, Refused
from common.tabular.template_file import write_template
from common.tabular.text_workbook import XLSX
from common.web.chips import chips_of
from common.web.downloads import content_to_save
from common.web.ids import id_of
from common.web.methods import require_POST
from employment.models import ProposalList
from enterprises.ca_login.backend import enterprise_of
from workflow.request_actor import actor_for

from .forms import ProposalListForm, SendForm
from .matching import matched
from .reading import COLUMNS
from .report import TO_MEND, Item, Standing, items_of
from .selectors import list_of
from .services import keep_list, send_list
from .writing import write_rows_to_mend

PAGE = 50


@operator_required
@never_cache
@sensitive_post_parameters("rows")
@require_http_methods(["GET", "HEAD", "POST"])
def by_list(request: HttpRequest) -> HttpResponse:
    enterprise = enterprise_of(request)
    kept = list_of(user_of(request).pk, enterprise)
    if request.method != "POST":
        return _page(request, kept, form=ProposalListForm())
    form = ProposalListForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, kept, form=form, status=400)
    by = audit.author(user_of(request), request)
    lines = matched(form.lines, enterprise, asker=asker_of(request), by=by, now=now())
    keep_list(lines, enterprise=enterprise, actor=actor_for(request), now=now())
    return redirect("employment:propose_list")


@operator_required
@never_cache
@require_POST
def send(request: HttpRequest) -> HttpResponse:
    enterprise = enterprise_of(request)
    form = SendForm(request.POST)
    kept = list_of(user_of(request).pk, enterprise)
    if not form.is_valid():
        return _page(request, kept, form=ProposalListForm(), send_form=form, status=400)
    try:
        kept = send_list(form.cleaned_data["mark"], enterprise=enterprise, actor=actor_for(request))
    except Refused as refused:
        kept = list_of(user_of(request).pk, enterprise)
        return _page(request, kept, form=ProposalListForm(), refusals=refused.findings, status=409)
    messages.success(request, f"已向 {len(kept.filed)} 人发起聘用，请提醒本人在手机端确认。")
    return redirect("employment:propose_list")


@operator_required
@never_cache
@require_safe
def report(request: HttpRequest) -> HttpResponse:
    """Answers the rows to mend as they were given."""
    enterprise = enterprise_of(request)
    kept = list_of(user_of(request).pk, enterprise)
    if kept is None:
        return redirect("employment:propose_list")
    content = write_rows_to_mend(items_of(kept, enterprise, today=localdate()))
    return content_to_save(content, name="没有发起的人员.xlsx", content_type=XLSX)


@operator_required
@require_safe
def template(request: HttpRequest) -> HttpResponse:
    return content_to_save(write_template(COLUMNS, name="聘用名单"), name="聘用名单样表.xlsx", content_type=XLSX)


@dataclass(frozen=True)
class _Shown:
    """Holds the rows of one page, and the numbers above them."""

    items: Sequence[Item]
    show: str
    page: int

    @property
    def found(self) -> list[Item]:
        order = list(Standing)
        found = [item for item in self.items if self.show in ("", item.standing)]
        return sorted(found, key=lambda item: order.index(item.standing))

    @property
    def pages(self) -> int:
        return max(1, -(-len(self.found) // PAGE))

    @property
    def number(self) -> int:
        return min(self.page, self.pages)

    @property
    def rows(self) -> list[Item]:
        return self.found[(self.number - 1) * PAGE : self.number * PAGE]

    def chips(self) -> list[dict[str, object]]:
        return chips_of([item.standing for item in self.items], Standing, self.show, shows_empty=False)


def _page(
    request: HttpRequest,
    kept: ProposalList | None,
    *,
    form: ProposalListForm,
    send_form: SendForm | None = None,
    refusals: Sequence[Finding] = (),
    status: int = 200,
) -> HttpResponse:
    items = items_of(kept, enterprise_of(request), today=localdate()) if kept else []
    show = request.GET.get("show", "")
    shown = _Shown(items, show if show in list(Standing) else "", id_of(request.GET.get("page")) or 1)
    context = {
        "form": form,
        "send_form": send_form or SendForm(mark=str(kept.mark) if kept else ""),
        "refusals": refusals,
        "kept": kept,
        "shown": shown,
        "fit": sum(item.standing == Standing.FIT for item in items),
        "to_mend": sum(item.standing in TO_MEND for item in items),
        "total": len(items),
        "sent": len(kept.filed) if kept else 0,
    }
    return render(request, "employment/propose_list.html", context, status=status)
