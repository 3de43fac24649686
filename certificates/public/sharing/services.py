"""Makes and revokes share links, counts how often they are opened, and forgets them."""

from __future__ import annotations

import secrets
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.utils.timezone import localdate

from accounts.access import audit
from accounts.models import User
from certificates.models import Certificate, ShareLink, ShareUse
from common.findings import Finding, Refused

from .rules import why_no_link
from .selectors import hash_of

KEPT = timedelta(days=180)
"""A link and its counts stay so long after its end."""
_SHOWN = 6


@transaction.atomic
def make_link(
    *, certificate_id: int, purpose: str, ends_on: date, with_document: bool, by: User, now: datetime
) -> tuple[ShareLink, str]:
    """Answers the row and its address, which is told once and stored nowhere. Raises Refused with every reason."""
    certificate = Certificate.objects.select_for_update().get(pk=certificate_id)
    found = why_no_link(certificate, ends_on, with_document, localdate(now))
    if found:
        raise Refused(*found)
    token = secrets.token_urlsafe(18)
    link = ShareLink.objects.create(
        certificate=certificate,
        purpose=purpose,
        mark=token[:_SHOWN],
        token_hash=hash_of(token),
        with_document=with_document,
        ends_on=ends_on,
        created_at=now,
    )
    detail: dict[str, object] = {
        "certificate": certificate.number,
        "mark": link.mark,
        "purpose": purpose,
        "ends_on": ends_on.isoformat(),
        "with_document": with_document,
    }
    audit.record("share_link.make", by=by, about=link, detail=detail)
    return link, f"{settings.PUBLIC_BASE_URL}/s/{token}/"


@transaction.atomic
def revoke_link(*, certificate_id: int, link_id: int, by: User, now: datetime) -> ShareLink | None:
    """Answers None where this certificate has no such link. Raises Refused where the link does not work any more."""
    link = ShareLink.objects.select_for_update().filter(pk=link_id, certificate=certificate_id).first()
    if link is None:
        return None
    if link.revoked_at is not None or link.ends_on < localdate(now):
        raise Refused(Finding("share.over", "这个链接已经失效", "不需要再次撤销。"))
    link.revoked_at = now
    link.save(update_fields=["revoked_at"])
    audit.record("share_link.revoke", by=by, about=link, detail={"mark": link.mark})
    return link


def count_use(link: ShareLink, *, now: datetime, views: int = 0, downloads: int = 0) -> None:
    """Counts by one statement, so that two visitors at once are both counted."""
    table = ShareUse._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} AS known (link_id, day, views, downloads) VALUES (%s, %s, %s, %s) "  # noqa: S608
            "ON CONFLICT (link_id, day) DO UPDATE "
            "SET views = known.views + excluded.views, downloads = known.downloads + excluded.downloads",
            [link.pk, localdate(now), views, downloads],
        )


@transaction.atomic
def forget_links(*, now: datetime) -> int:
    """Deletes links that ended long ago, with their counts; answers how many links."""
    old = ShareLink.objects.filter(ends_on__lt=localdate(now) - KEPT)
    ShareUse.objects.filter(link__in=old).delete()
    return old.delete()[1].get(ShareLink._meta.label, 0)
