"""Sends sheets of evidence as pictures to the offices that may read the case; every look is audited."""

from __future__ import annotations

import logging
from textwrap import wrap

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.html import format_html, format_html_join
from django.views.decorators.http import require_safe

from accounts.access import audit
from accounts.access.decorators import staff_required
from accounts.models import User
from accounts.photo.pictures import jpeg, png
from common.files.pdf_pages import NotDrawn
from common.files.uploads import FileType
from workflow.request_actor import actor_for
from workflow.selectors.content import find_attachment
from workflow.selectors.evidence import sheet_picture

from .loading import load_visible
from .queue import DESK_DUTIES

logger = logging.getLogger(__name__)
LINE = 22
ADVICE = "可以下载原件查看。"


@staff_required(DESK_DUTIES)
@require_safe
def sheet(request: HttpRequest, number: str, pk: int, page: int) -> HttpResponse:
    """A page that cannot be drawn is a picture of the sentence that says why, since it stands in place of a picture."""
    application = load_visible(actor_for(request), number)
    found = find_attachment(application, pk, removed=True)
    if found is None:
        raise Http404("没有这份材料")
    user = request.user if isinstance(request.user, User) else None
    audit.record("attachment.view", by=user, about=found, detail={"number": number, "page": page}, request=request)
    try:
        picture = sheet_picture(found, page)
    except NotDrawn as error:
        logger.warning("page %s of attachment %s is not drawn: %s", page, pk, error.sentence)
        return _told(error)
    return png(picture) if found.content_type == FileType.PNG else jpeg(picture)


def _told(error: NotDrawn) -> HttpResponse:
    lines = [(180 + 40 * line, words) for line, words in enumerate(wrap(f"{error.sentence}{ADVICE}", LINE))]
    drawn = format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 600 420" font-size="24" text-anchor="middle">'
        '<rect width="600" height="420" fill="#fff"/>{}</svg>',
        format_html_join("", '<text x="300" y="{}" fill="#8a1d1d">{}</text>', lines),
    )
    response = jpeg(drawn.encode())
    response["Content-Type"] = "image/svg+xml"
    response.status_code = 503 if error.is_passing else 422
    return response
