"""Shows certificates to the back office: a search, and one certificate read only.

The ID number is shown only after an explicit press. An office below the province reads what concerns its own region:
`certificates.facts.holdings.readable`.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.timezone import localdate
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import audit
from accounts.access.decorators import staff_required
from accounts.enums import Duty
from accounts.lookups import services as lookups
from accounts.models import User
from administration.models import Region
from administration.offices.selectors import reach_of
from certificates.authority.consequences import panel_of
from certificates.facts.holdings import readable
from certificates.models import Certificate, DocumentOrder
from common.encryption import blind_index
from common.text.certificate_number import parse_number
from common.text.names import normalise_name
from common.web.health import lacks_time_stamps
from common.web.paging import KeysetPage, paginate
from workflow.permissions import desks_of
from workflow.request_actor import actor_for

from .detail import sheet_of
from .forms import CertificateSearch, IdNumberSearch

Found = TypeVar("Found", bound=Model)

FOREIGN = "没有这本证书，或者它的单位不在您的辖区，本人也没有在您处办理的业务。需要查阅时，请与证书所在单位的主管部门或省厅联系。"
READERS = (Duty.COUNTER, Duty.REVIEW, Duty.DECIDE, Duty.REGISTRY)
PARTS = ("person", "enterprise__region")


def _reach(request: HttpRequest) -> frozenset[str] | None:
    return reach_of(actor_for(request).office_id or 0)


def readable_certificate(request: HttpRequest, pk: int) -> Certificate:
    rows = Certificate.objects.filter(readable(actor_for(request)), pk=pk)
    return first_or_refused(request, rows.select_related("person"), FOREIGN)


def first_or_refused(request: HttpRequest, rows: QuerySet[Found], sentence: str) -> Found:
    """A row of another region is answered like a missing one; for the province no region is another one."""
    found = rows.first()
    if found is not None:
        return found
    if _reach(request) is None:
        raise Http404
    raise PermissionDenied(sentence)


@staff_required(READERS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("id_number")
def office(request: HttpRequest) -> HttpResponse:
    """A search by ID number is posted and this page is the answer, so the number appears in no address and no log."""
    if request.method == "POST":
        return _by_id_number(request)
    filters = CertificateSearch(request.GET or None)
    page = None
    if filters.is_bound and filters.is_valid() and any(filters.cleaned_data.values()):
        page = _search(filters.cleaned_data, request.GET.get("cursor"), _reach(request))
    return _list(request, filters=filters, page=page)


def _by_id_number(request: HttpRequest) -> HttpResponse:
    form = IdNumberSearch(request.POST)
    if not form.is_valid():
        return _list(request, id_form=form, status=400)
    lookups.ask(request)
    index = blind_index(form.cleaned_data["id_number"], "id_number")
    found = Certificate.objects.select_related(*PARTS).filter(
        readable(actor_for(request)), person__id_number_index=index
    )
    count = found.count()
    if not count:
        lookups.missed(request)
    audit.record("search_by_id_number", by=_user(request), detail={"found": count}, request=request)
    return _list(request, page=paginate(found, order=("pk",), cursor=None, size=100))


def _list(
    request: HttpRequest,
    *,
    filters: CertificateSearch | None = None,
    id_form: IdNumberSearch | None = None,
    page: KeysetPage[Certificate] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "filters": filters or CertificateSearch(),
        "id_form": id_form or IdNumberSearch(),
        "page": page,
        "lacks_time_stamps": lacks_time_stamps(),
        "failing": DocumentOrder.objects.filter(attempts__gt=0).count(),
    }
    return render(request, "certificates/office.html", context, status=status)


def _search(wanted: dict[str, Any], cursor: str | None, reach: Collection[str] | None) -> KeysetPage[Certificate]:
    """Sorts in the order of the index that serves the search."""
    rows: QuerySet[Certificate] = Certificate.objects.select_related(*PARTS)
    if reach is not None:
        rows = rows.filter(enterprise__region__in=reach)
    order: tuple[str, ...] = ("pk",)
    text = wanted["q"].strip()
    if text:
        number = _number_beginning(text)
        rows = (
            rows.filter(number__startswith=number)
            if number
            else rows.filter(person__name__startswith=normalise_name(text))
        )
        order = ("number",) if number else ("person__name", "pk")
    if wanted["region"]:
        rows = rows.filter(enterprise__region__in=_region_codes(wanted["region"]))
    if wanted["category"]:
        rows = rows.filter(category=wanted["category"])
    if wanted["status"]:
        rows = rows.filter(display_status=wanted["status"])
    return paginate(rows, order=order, cursor=cursor)


def _number_beginning(text: str) -> str:
    """Answers a blank for a name."""
    try:
        return str(parse_number(text))
    except ValidationError:
        plain = text.upper().replace(" ", "").replace("(", "（").replace(")", "）")
        return plain if "建安" in plain else ""


def _region_codes(code: str) -> list[str]:
    """A city includes its counties."""
    region = get_object_or_404(Region, pk=code)
    if not region.is_city:
        return [code]
    return [code, *Region.objects.filter(parent_id=code).values_list("pk", flat=True)]


@staff_required(READERS)
@never_cache
@require_safe
def office_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return _detail(request, pk, shows_id_number=False)


@staff_required(READERS)
@never_cache
@require_POST
def office_reveal(request: HttpRequest, pk: int) -> HttpResponse:
    """Shows the whole ID number in this answer only; the audit records every look."""
    certificate = readable_certificate(request, pk)
    audit.record("reveal_id_number", by=_user(request), about=certificate.person, request=request)
    return _detail(request, pk, shows_id_number=True)


def _detail(request: HttpRequest, pk: int, *, shows_id_number: bool) -> HttpResponse:
    certificate = readable_certificate(request, pk)
    actor = actor_for(request)
    sheet = sheet_of(certificate, actor, names_actors=True)
    context = {
        # The duty of the registry alone does not give access to cases.
        "review_url_name": "workflow:review" if desks_of(actor) else "",
        "sheet": sheet,
        "certificate": sheet.certificate,
        "shows_id_number": shows_id_number,
        "panel": panel_of(sheet.certificate, actor, today=localdate()),
    }
    return render(request, "certificates/office_detail.html", context)


def _user(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None
