"""Shows the public notice board; `administration`, which keeps notices, lies to the left of the access rules."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access.decorators import public
from administration.notices.selectors import load_attachment, load_published, public_notices
from common.web.downloads import file_to_save
from common.web.paging import paginate
from common.web.replica import may_read_replica

from .forms import NoticeFilter

ORDER = ("-published_at",)


@public
@require_safe
@may_read_replica
def notices(request: HttpRequest) -> HttpResponse:
    filters = NoticeFilter(request.GET)
    kind = filters.cleaned_data["kind"] if filters.is_valid() else ""
    page = paginate(public_notices(kind), order=ORDER, cursor=request.GET.get("cursor"))
    return render(request, "portal/notices.html", {"filters": filters, "page": page, "is_narrowed": bool(kind)})


@public
@require_safe
@may_read_replica
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    """An official notice that was withdrawn stays with the reason; news that were taken down only say so, because
    others may have linked to them.
    """
    found = load_published(pk)
    if found.is_withdrawn and not found.is_official:
        return render(request, "portal/notice_withdrawn.html", {"notice": found}, status=404)
    return render(request, "portal/notice.html", {"notice": found})


@public
@require_safe
def attachment(request: HttpRequest, pk: int, file: int) -> HttpResponseBase:
    found = load_attachment(pk, file)
    return file_to_save(found.file, name=found.original_name, content_type=found.content_type)
