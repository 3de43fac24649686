"""Shows the old records that were set aside, and takes decisions about them."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.access import audit
from accounts.access.decorators import staff_required
from accounts.access.requests import user_of
from accounts.enums import Duty
from accounts.lookups import services as lookups
from certificates.enums import LegacyState
from certificates.legacy.taking_back import built_upon
from certificates.models import LegacyCertificate
from certificates.pages.forms import IdNumberSearch
from certificates.plausibility import Limits
from common.findings import Finding, Refused
from common.web.ids import id_of
from common.web.paging import KeysetPage, capped_count, paginate
from workflow.actors import Actor
from workflow.request_actor import actor_for

from .forms import SettlementForm, SettlingFilters
from .pairs import Pair, pair_of, ways_of
from .permissions import why_not
from .selectors import Matter, evidence_of, load_matter, narrowed, neighbours, of_id_number, waiting
from .services import settle

COUNTED = 999


def clerk(request: HttpRequest) -> Actor:
    """Raises PermissionDenied with a sentence."""
    actor = actor_for(request)
    if sentence := why_not(actor):
        raise PermissionDenied(sentence)
    return actor


@staff_required(Duty.REGISTRY)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("id_number")
def settling(request: HttpRequest) -> HttpResponse:
    """A search by ID number is posted and this page is the answer, so the number appears in no address and no log."""
    clerk(request)
    if request.method == "POST":
        return _by_id_number(request)
    filters = SettlingFilters(request.GET)
    rows = narrowed(filters.wanted)
    page = paginate(rows, order=("pk",), cursor=request.GET.get("cursor"))
    count, more = capped_count(rows, COUNTED)
    return _list(request, page, filters=filters, total=f"{count} 条以上" if more else f"共 {count} 条")


def _by_id_number(request: HttpRequest) -> HttpResponse:
    form = IdNumberSearch(request.POST)
    if not form.is_valid():
        page = paginate(waiting().none(), order=("pk",), cursor=None)
        return _list(request, page, id_form=form, status=400)
    lookups.ask(request)
    page = paginate(of_id_number(form.cleaned_data["id_number"]), order=("pk",), cursor=None, size=100)
    if not page.items:
        lookups.missed(request)
    detail: dict[str, object] = {"found": len(page.items), "about": "legacy"}
    audit.record("search_by_id_number", by=user_of(request), detail=detail, request=request)
    return _list(request, page, total=f"共 {len(page.items)} 条，已处理的也在内")


def _list(
    request: HttpRequest,
    page: KeysetPage[LegacyCertificate],
    *,
    filters: SettlingFilters | None = None,
    id_form: IdNumberSearch | None = None,
    total: str = "",
    status: int = 200,
) -> HttpResponse:
    filters = filters or SettlingFilters()
    context = {
        "filters": filters,
        "id_form": id_form or IdNumberSearch(),
        "page": page,
        "total_text": total,
        "is_narrowed": request.method == "POST" or filters.has_changed(),
    }
    return render(request, "certificates/settling.html", context, status=status)


@staff_required(Duty.REGISTRY)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("id_number")
def settle_record(request: HttpRequest, pk: int) -> HttpResponse:
    actor, matter = clerk(request), load_matter(pk)
    pair = _pair(request, matter)
    choices = [(way.value, way.label) for way in ways_of(matter, pair)]
    limits = Limits.load(timezone.localdate())
    if request.method != "POST":
        form = SettlementForm(record=matter.record, ways=choices, limits=limits)
        return _page(request, matter, pair, form)
    form = SettlementForm(request.POST, record=matter.record, ways=choices, limits=limits)
    if not form.is_valid():
        return _page(request, matter, pair, form, status=400)
    if form.corrected is not None and form.cleaned_data.get("id_number"):
        lookups.ask(request)  # the corrected record is matched with whom this number belongs to
    try:
        settlement = settle(
            pk, form.settlement(other_id=pair.other.pk if pair.other else None), by=actor, now=timezone.now()
        )
    except Refused as refused:
        matter = load_matter(pk)
        return _page(request, matter, _pair(request, matter), form, refusals=refused.findings, status=409)
    messages.success(request, f"{matter.record}：{settlement.get_decision_display()}，已记录。")
    _, following = neighbours(matter.record)
    return redirect("certificates:settle", pk=following) if following else redirect("certificates:settling")


def _pair(request: HttpRequest, matter: Matter) -> Pair:
    return pair_of(matter, evidence_of(matter), id_of(request.GET.get("other")))


def _page(
    request: HttpRequest,
    matter: Matter,
    pair: Pair,
    form: SettlementForm,
    *,
    refusals: tuple[Finding, ...] = (),
    status: int = 200,
) -> HttpResponse:
    before, after = neighbours(matter.record)
    other = pair.other
    used = built_upon([other.certificate_id]) if other is not None and other.certificate_id is not None else {}
    context = {
        "record": matter.record,
        "matter": matter,
        "pair": pair,
        "ways": ways_of(matter, pair),
        "chosen": form["decision"].value(),
        "form": form,
        "fields": [form[name] for name in form.fields if name not in ("decision", "basis", "seen")],
        "seen": matter.seen,
        "is_open": matter.record.state == LegacyState.QUARANTINED,
        "used": [reason for reasons in used.values() for reason in reasons],
        "before": before,
        "after": after,
        "refusals": refusals,
    }
    return render(request, "certificates/settle.html", context, status=status)
