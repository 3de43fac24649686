"""Writes the Atom feed of the notice board (RFC 4287), and says when it has not changed."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import linebreaks
from django.utils.http import http_date, quote_etag
from django.views.decorators.http import require_safe

from accounts.access.decorators import public
from administration.models import Notice
from administration.notices.selectors import feed_notices
from common.web.replica import may_read_replica

ENTRIES = 50
FRESH_SECONDS = 300
AUTHOR = "住建云安管人员证书服务"
_NOT_IN_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""XML 1.0 has no way to write these characters; one of them would make the whole feed unreadable."""
_NAMES = UUID("5f1f6d0e-6a3c-4d0b-9a39-0a7d3e1b7c52")
"""Ids of entries are made in this namespace. It never changes, so that no reader meets an entry twice."""


class NoticeFeed(Atom1Feed):
    """`changed` is the moment of the latest change; Django's own would be that of the request for an empty board."""

    def __init__(self, *, changed: datetime, **about: Any) -> None:
        super().__init__(**about)
        self.changed = changed

    def latest_post_date(self) -> datetime:
        return self.changed


@public
@require_safe
@may_read_replica
def feed(request: HttpRequest) -> HttpResponse:
    entries = [(notice, notice.updated_at) for notice in feed_notices(ENTRIES)]  # type: ignore[attr-defined]
    changed = max((updated for _, updated in entries), default=None) or datetime.fromisoformat("2026-01-01T00:00+08:00")
    state = repr((request.get_host(), request.is_secure(), [(notice.pk, updated) for notice, updated in entries]))
    etag, seconds = quote_etag(hashlib.sha256(state.encode()).hexdigest()), int(changed.timestamp())
    answer = get_conditional_response(request, etag=etag, last_modified=seconds)
    if answer is None:
        answer = HttpResponse(_xml(request, entries, changed), content_type="application/atom+xml; charset=utf-8")
    answer["ETag"], answer["Last-Modified"] = etag, http_date(seconds)
    patch_cache_control(answer, public=True, max_age=FRESH_SECONDS)
    return answer


def _xml(request: HttpRequest, entries: list[tuple[Notice, datetime]], changed: datetime) -> str:
    document = NoticeFeed(
        changed=changed,
        title="公告 · 住建云安管人员证书服务",
        link=request.build_absolute_uri(reverse("administration:notices")),
        feed_url=request.build_absolute_uri(reverse("administration:feed")),
        feed_guid=_id("board"),
        description="证书准予、注销、撤销、吊销和跨省调出公告，考试安排和办理通知。",
        language="zh-Hans",
        author_name=AUTHOR,
    )
    for notice, updated in entries:
        document.add_item(
            title=_plain(_title(notice)),
            link=request.build_absolute_uri(reverse("administration:notice", args=[notice.pk])),
            description=str(linebreaks(_plain(_words(notice)), autoescape=True)),
            unique_id=_id(f"notice/{notice.pk}"),
            author_name=_plain(notice.office.name) if notice.office else AUTHOR,
            pubdate=notice.published_at,
            updateddate=updated,
            categories=(notice.get_kind_display(),),
        )
    return document.writeString("utf-8")


def _title(notice: Notice) -> str:
    if not notice.is_withdrawn:
        return notice.title
    return f"（已撤回）{notice.title}" if notice.is_official else "（已撤下的通知）"


def _words(notice: Notice) -> str:
    """Whoever has an entry learns that it was withdrawn, and why."""
    if not notice.is_withdrawn:
        return notice.body
    reason = notice.withdrawal_reason
    return f"已撤回。理由：{reason}" if reason else "已由发布部门撤下，内容不再有效。"


def _id(name: str) -> str:
    return f"urn:uuid:{uuid5(_NAMES, name)}"


def _plain(text: str) -> str:
    return _NOT_IN_XML.sub("", text)
