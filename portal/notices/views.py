"""The public notice board. Here and not in `administration`, which lies to the left of the access rules."""

from __future__ import annotations

from django import forms
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access.decorators import public
from administration.enums import NoticeKind
from administration.models import Notice, NoticeLine
from common.web.paging import paginate

ORDER = ("-published_at",)


class NoticeFilter(forms.Form):
    kind = forms.ChoiceField(label="类别", choices=[("", "全部"), *NoticeKind.choices], required=False)


@public
@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    filters = NoticeFilter(request.GET)
    kind = filters.cleaned_data["kind"] if filters.is_valid() else ""
    rows = Notice.objects.public().select_related("office")
    page = paginate(rows.filter(kind=kind) if kind else rows, order=ORDER, cursor=request.GET.get("cursor"))
    return render(request, "portal/notices.html", {"filters": filters, "page": page, "is_narrowed": bool(kind)})


@public
@require_safe
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    """A notice that was taken down says so: links to it are out in the world."""
    lines = Prefetch("lines", NoticeLine.objects.order_by("pk"))
    published = Notice.objects.filter(published_at__lte=timezone.now())
    found = get_object_or_404(published.select_related("office").prefetch_related(lines), pk=pk)
    if found.withdrawn_at is not None and found.withdrawn_at <= timezone.now():
        return render(request, "portal/notice_withdrawn.html", {"notice": found}, status=404)
    return render(request, "portal/notice.html", {"notice": found})
