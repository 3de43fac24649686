"""Shows certificates to the back office: a search, and one certificate read only.

The ID number is shown only after an explicit press. An office below the province reads what concerns its own region:
`certificates.facts.holdings.readable`.
"""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.timezone import localdate
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import audit
from accounts.access.decorators import staff_required
from accounts.access.requests import user_of
from accounts.lookups import services as lookups
from accounts.models import User
from administration.table_downloads import FORMS, narrowed_by, table_to_save
from certificates.authority.consequences import panel_of
from certificates.facts.holdings import READERS
from certificates.issuing.orders import failing
from certificates.models import Certificate
from common.operation.health import lacks_time_stamps
from common.web.methods import require_POST
from common.web.paging import KeysetPage, paginate
from workflow.permissions import desks_of
from workflow.request_actor import actor_for

from .detail import sheet_of
from .exporting import certificate_list
from .forms import CertificateSearch, IdNumberSearch
from .selectors import certificates_of_number, reach, readable_certificate, search


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
        page = search(filters.cleaned_data, request.GET.get("cursor"), reach(actor_for(request)))
    return _list(request, filters=filters, page=page)


@staff_required(READERS)
@never_cache
@require_safe
def office_export(request: HttpRequest, form: str) -> HttpResponseBase:
    """Writes what the search finds; without one there is nothing to write."""
    if form not in FORMS:
        raise Http404("没有这种文件")
    listed = certificate_list(user_of(request), request.GET)
    audit.record("certificates.export", by=_user(request), detail=narrowed_by(request.GET), request=request)
    return table_to_save(listed.titles(True), listed.lines(True), name="certificates", sheet="证书", form=form)


def _by_id_number(request: HttpRequest) -> HttpResponse:
    form = IdNumberSearch(request.POST)
    if not form.is_valid():
        return _list(request, id_form=form, status=400)
    lookups.ask(request)
    found = certificates_of_number(actor_for(request), form.cleaned_data["id_number"])
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
        "failing": failing(),
    }
    return render(request, "certificates/office.html", context, status=status)


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
    certificate = readable_certificate(actor_for(request), pk)
    audit.record("reveal_id_number", by=_user(request), about=certificate.person, request=request)
    return _detail(request, pk, shows_id_number=True)


def _detail(request: HttpRequest, pk: int, *, shows_id_number: bool) -> HttpResponse:
    actor = actor_for(request)
    certificate = readable_certificate(actor, pk)
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
