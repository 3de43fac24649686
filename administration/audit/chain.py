"""Chains the audit entries by hashes: whoever changes, removes or inserts an entry breaks every digest after it.

digest(n) = SHA-256(digest(n - 1) + canonical form of the n-th entry), in hexadecimal; digest(0) is 64 zeros.

The entries are written by many requests at once and linked afterwards by one worker, in the order in which it finds
them. What the database itself cannot show, an end that was cut off, is shown by anchors: digests noted elsewhere.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.timezone import now

from administration.models import AuditCheck, AuditEntry, AuditLink

VERSION = 1
BEGINNING = "0" * 64
BATCH = 5000
SLOWEST_TRANSACTION = timedelta(days=1)
"""An entry becomes visible when its transaction ends; until then one with a smaller id may still appear."""


class ChainBroken(Exception):
    """`str()` says in words for people where the chain is broken, and what is wrong there."""


@dataclass(frozen=True)
class Anchor:
    """Holds a position of the chain and its digest, as noted outside of the database."""

    position: int
    digest: str


def canonical(entry: AuditEntry) -> bytes:
    """Writes every field in a form that does not depend on the version of any library."""
    fields = [
        VERSION,
        entry.pk,
        entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        entry.actor_id,
        entry.actor_name,
        entry.sphere,
        entry.action,
        entry.object_type,
        entry.object_id,
        entry.detail,
        entry.request_id,
        entry.address,
    ]
    return json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digest_after(previous: str, entry: AuditEntry) -> str:
    return sha256(previous.encode() + canonical(entry)).hexdigest()


# --- linking ---


def link_entries() -> int:
    """Links all entries that are visible now, also when two run at once or one is killed. Answers how many."""
    count = 0
    while linked := _link_batch():
        count += linked
    return count


@transaction.atomic
def _link_batch() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('audit chain', 0))")
    last = AuditLink.objects.order_by("-position").first()
    position, digest = (last.position, last.digest) if last else (0, BEGINNING)
    links = []
    for entry in _unlinked()[:BATCH]:
        position, digest = position + 1, digest_after(digest, entry)
        links.append(AuditLink(position=position, entry=entry, digest=digest))
    AuditLink.objects.bulk_create(links)
    return len(links)


def _unlinked() -> QuerySet[AuditEntry]:
    """Reads the index alone: only entries younger than the slowest transaction can still lack their link."""
    entries = AuditEntry.objects.filter(link=None).order_by("id")
    settled = AuditLink.objects.filter(linked_at__lt=now() - SLOWEST_TRANSACTION).order_by("-position").first()
    return entries.filter(id__gt=settled.entry_id) if settled else entries


# --- verifying ---


def verify_chain(*, first: int = 1, anchors: Sequence[Anchor] = ()) -> AuditCheck:
    """Recomputes the chain from a position to its end and keeps the result. Raises `ChainBroken` after that."""
    links = _links_from(first)
    check = AuditCheck(first=first, last=max(first - 1, 0), at=now())
    problem = None
    try:
        check.head = _digest_before(first)
        for link in _verified(links, first, check.head, {anchor.position: anchor.digest for anchor in anchors}):
            check.last, check.head = link.position, link.digest
        _refuse_missing(check.last, anchors)
        _refuse_forgotten()
    except ChainBroken as broken:
        problem = broken
        check.problem = str(broken)[:200]
    check.save()
    if problem is not None:
        raise problem
    return check


def verify_newest() -> AuditCheck:
    """Verifies from the last position that was found in order, and checks that one's digest again."""
    good = AuditCheck.objects.filter(problem="").order_by("-id").first()
    if good is None or not good.last:
        return verify_chain()
    return verify_chain(first=good.last, anchors=[Anchor(good.last, good.head)])


def last_check() -> AuditCheck | None:
    return AuditCheck.objects.order_by("-id").first()


def _links_from(first: int) -> Iterator[AuditLink]:
    """Reads in blocks by position: a server-side cursor would hold one transaction open over millions of rows."""
    place = first - 1
    while block := list(
        AuditLink.objects.filter(position__gt=place).select_related("entry").order_by("position")[:BATCH]
    ):
        yield from block
        place = block[-1].position


def _digest_before(first: int) -> str:
    if first <= 1:
        return BEGINNING
    before = AuditLink.objects.filter(position=first - 1).first()
    if before is None:
        raise ChainBroken(f"第{first - 1}环不存在")
    return before.digest


def _verified(links: Iterator[AuditLink], first: int, digest: str, anchors: dict[int, str]) -> Iterator[AuditLink]:
    for expected, link in enumerate(links, first):
        if link.position != expected:
            raise ChainBroken(f"第{expected}环不存在，记录被删除")
        digest = digest_after(digest, link.entry)
        if digest != link.digest:
            raise ChainBroken(f"第{expected}环与审计记录{link.entry_id}不符，该记录或链条被改动")
        if anchors.get(expected, digest) != digest:
            raise ChainBroken(f"第{expected}环与留存的摘要不符，链条被重写")
        yield link


def _refuse_missing(last: int, anchors: Sequence[Anchor]) -> None:
    lost = [anchor.position for anchor in anchors if anchor.position > last]
    if lost:
        raise ChainBroken(f"链条只到第{last}环，留存的摘要到第{max(lost)}环：末尾被删除")


def _refuse_forgotten() -> None:
    """Refuses an entry that was inserted with an old number, or a link removed at the end."""
    overdue = AuditEntry.objects.filter(link=None, at__lt=now() - SLOWEST_TRANSACTION).order_by("at").first()
    if overdue is not None:
        raise ChainBroken(f"审计记录{overdue.pk}没有连入链条")


# --- anchors: one line "position digest time" each, in a file that is kept elsewhere ---


def read_anchors(lines: Iterable[str]) -> list[Anchor]:
    anchors = []
    for number, line in enumerate(lines, 1):
        parts = line.split()
        if not parts:
            continue
        if len(parts) < 2 or not parts[0].isdigit() or len(parts[1]) != 64:
            raise ValueError(f"line {number} is no anchor")
        anchors.append(Anchor(int(parts[0]), parts[1]))
    return anchors


def anchor_line(check: AuditCheck, at: datetime) -> str:
    return f"{check.last} {check.head} {at.astimezone(UTC).isoformat(timespec='seconds')}\n"
