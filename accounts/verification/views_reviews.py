"""人脸核对: shows pictures that the models did not decide, or that came without movements, beside the portrait."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import audit
from accounts.access.decorators import staff_required
from accounts.access.requests import posted, user_of
from accounts.enums import Duty
from accounts.photo.pictures import picture
from common.findings import Finding, Refused

from .forms import FaceReviewForm
from .reviews import decide_review
from .selectors import waiting_review, waiting_reviews, was_opened

PAGE = 50


@staff_required(Duty.COUNTER)
@never_cache
@require_safe
def face_reviews(request: HttpRequest) -> HttpResponse:
    rows = waiting_reviews(user_of(request), limit=PAGE + 1)
    return render(request, "accounts/face_reviews.html", {"rows": rows[:PAGE], "has_more": len(rows) > PAGE})


@staff_required(Duty.COUNTER)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def face_review(request: HttpRequest, pk: int) -> HttpResponse:
    review = waiting_review(user_of(request), pk)
    if review is None:
        if not was_opened(pk):
            raise Http404("没有这件核对")
        messages.info(request, "这件核对已由其他人办理，或不属于本单位。")
        return redirect("accounts:face_reviews")
    form = FaceReviewForm(posted(request))
    refusals: tuple[Finding, ...] = ()
    if form.is_valid():
        approves = request.POST.get("action") == "approve"
        try:
            decide_review(
                review,
                approves=approves,
                reason=form.cleaned_data["reason"],
                by=user_of(request),
                now=timezone.now(),
            )
        except Refused as refused:
            refusals = refused.findings
        else:
            messages.success(request, f"已{'通过' if approves else '退回'}，照片已删除，本人会收到消息。")
            return redirect("accounts:face_reviews")
    context = {"review": review, "form": form, "refusals": refusals}
    return render(request, "accounts/face_review.html", context, status=400 if form.is_bound else 200)


@staff_required(Duty.COUNTER)
@require_safe
def face_review_picture(request: HttpRequest, pk: int, which: str) -> HttpResponse:
    """Sends the frame or the portrait while the case waits, and records it."""
    review = waiting_review(user_of(request), pk)
    if review is None:
        raise PermissionDenied("这件核对已办理，或不属于本单位。")
    audit.record("view_face_review", by=user_of(request), about=review, detail={"picture": which}, request=request)
    return picture(review.frame if which == "frame" else review.person.portrait)
