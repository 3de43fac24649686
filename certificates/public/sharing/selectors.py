"""Reads what a share link shows, and the links of one certificate for its holder."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from certificates.facts.holdings import load_holdings
from certificates.models import Document, ShareLink, ShareUse
from certificates.public.lookup import Found, found_of
from certificates.state.display import answer_all
from common.encryption import blind_index

MOST_SHOWN = 50
LONGEST_TOKEN = 40


def hash_of(token: str) -> str:
    return blind_index(token, "share link")


def open_links(certificate_id: int, today: date) -> QuerySet[ShareLink]:
    return ShareLink.objects.filter(certificate=certificate_id, revoked_at__isnull=True, ends_on__gte=today)


@dataclass(frozen=True)
class Shared:
    """`document` is there where the holder allowed it and the certificate may be used now."""

    link: ShareLink
    found: Found
    document: Document | None


def shared_by(token: str, today: date) -> Shared | None:
    """Answers None alike for an unknown link, an expired one and one that was revoked."""
    if len(token) > LONGEST_TOKEN:
        return None
    rows = ShareLink.objects.select_related("certificate")
    link = rows.filter(token_hash=hash_of(token), revoked_at__isnull=True, ends_on__gte=today).first()
    if link is None:
        return None
    facts = load_holdings({link.certificate.person_id})
    certificate = facts.certificates[link.certificate_id]
    found = found_of(certificate, answer_all(facts)[certificate.pk])
    document = None
    if link.with_document and found.state.is_usable:
        signed = Document.objects.select_related("version__certificate")
        document = signed.filter(version__certificate=certificate, version__version=certificate.latest_version).first()
    return Shared(link, found, document)


@dataclass(frozen=True)
class LinkRow:
    link: ShareLink
    state: str
    tone: str
    uses: Sequence[ShareUse]

    @property
    def is_open(self) -> bool:
        return self.tone == "good"

    @property
    def views(self) -> int:
        return sum(use.views for use in self.uses)

    @property
    def downloads(self) -> int:
        return sum(use.downloads for use in self.uses)


def links_of(certificate_id: int, today: date) -> list[LinkRow]:
    """Answers those in force and then the latest of the others, each with its counts by day, the latest day first."""
    in_force = list(open_links(certificate_id, today))
    others = ShareLink.objects.filter(certificate=certificate_id).exclude(pk__in=[link.pk for link in in_force])
    links = [*in_force, *others[: MOST_SHOWN - len(in_force)]]
    uses: dict[int, list[ShareUse]] = defaultdict(list)
    for use in ShareUse.objects.filter(link__in=links).order_by("-day"):
        uses[use.link_id].append(use)
    return [_row(link, uses[link.pk], today) for link in links]


def _row(link: ShareLink, uses: Sequence[ShareUse], today: date) -> LinkRow:
    if link.revoked_at is not None:
        return LinkRow(link, "已撤销", "", uses)
    return LinkRow(link, "已到期", "", uses) if link.ends_on < today else LinkRow(link, "有效", "good", uses)
