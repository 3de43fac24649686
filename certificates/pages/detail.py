"""Reads what the pages about certificates show: cards, and one certificate with all that belongs to it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import F, QuerySet

from accounts.models import Person
from certificates.enums import AuthorityAction, DisplayStatus, LegalState, Operation
from certificates.facts.holdings import Holdings, load_holdings
from certificates.models import (
    Certificate,
    CertificateEvent,
    CertificateItem,
    CertificateVersion,
    Document,
    DocumentOrder,
    OutOfProvinceCertificate,
    TransferProof,
)
from certificates.state.display import StatusAnswer
from common.dates import chinese_date, months_before
from training.hours import Count, Rules, count_hours
from workflow.actors import Actor
from workflow.business import UnknownBusiness, business_of, businesses
from workflow.enums import Status
from workflow.models import Application
from workflow.permissions import visible
from workflow.selectors.lists import OTHER_PARTIES, PARTIES, Row, rows_of

from .selectors import current_transfer_proof
from .situations.judging import situations_of
from .situations.reading import Known, read_for
from .situations.situation import Situation

APPLICATIONS_SHOWN = 20


@dataclass(frozen=True)
class Paper:
    """Describes how far the e-certificate of one certificate is."""

    document: Document | None = None
    order: DocumentOrder | None = None

    @property
    def state(self) -> str:
        """Answers ready, signing, failing or none."""
        if self.document is not None:
            return "ready"
        if self.order is None:
            return "none"
        return "failing" if self.order.attempts else "signing"

    @property
    def is_waiting(self) -> bool:
        """The portal still works on it, so a page that shows it reloads."""
        return self.state in {"signing", "failing"}


NO_PAPER = Paper()


@dataclass(frozen=True)
class Card:
    certificate: Certificate
    situation: Situation
    paper: Paper


def papers_of(certificates: Collection[Certificate]) -> dict[int, Paper]:
    """Maps a certificate to the paper of its latest version, in one query."""
    ids = [certificate.pk for certificate in certificates]
    papers = papers_in(latest_versions().filter(certificate__in=ids))
    return {pk: papers.get(pk, NO_PAPER) for pk in ids}


def latest_versions() -> QuerySet[CertificateVersion]:
    latest = CertificateVersion.objects.filter(version=F("certificate__latest_version"))
    return latest.select_related("document", "order")


def papers_in(versions: Iterable[CertificateVersion]) -> dict[int, Paper]:
    return {
        version.certificate_id: Paper(getattr(version, "document", None), getattr(version, "order", None))
        for version in versions
    }


def cards_of(person: Person, *, known: Known | None = None, papers: Mapping[int, Paper] | None = None) -> list[Card]:
    """Answers all certificates of the person as they are now; what ends first stands first, ended ones last.

    What is known and the papers are read here where the page has not read them together with other things.
    """
    facts = load_holdings({person.pk})
    known = known or read_for(person)
    papers = papers_of(list(facts.certificates.values())) if papers is None else papers
    return [Card(one.certificate, one, papers.get(one.certificate.pk, NO_PAPER)) for one in situations_of(facts, known)]


def ends_text(certificate: Certificate, facts: Holdings, months: int) -> str:
    """An example is 2027年3月14日（还有 112 天，2026年12月14日起可办理延续）."""
    ends = chinese_date(certificate.ends_on)
    if certificate.legal_state != LegalState.VALID:
        return ends
    today = facts.on
    left = (certificate.ends_on - today).days
    opens = months_before(certificate.ends_on, months)
    if left < 0 and certificate.pk not in facts.in_grace:
        return f"{ends}（已过期）"
    if left < 0 and facts.in_grace[certificate.pk].application is not None:
        return f"{ends}（已届满，审查期间继续有效）"
    how_long = f"还有 {left} 天" if left > 0 else "今天到期" if left == 0 else "已届满"
    if today < opens:
        return f"{ends}（{how_long}，{chinese_date(opens)}起可办理延续）"
    return f"{ends}（{how_long}，{chinese_date(facts.last_day_to_extend(certificate))}（含）前可办理延续）"


def pending_cases(actor: Actor) -> QuerySet[Application]:
    """Answers open applications for certificates that do not exist here yet (新增归档, 进赣换证), without the applicant, who
    asks.
    """
    kinds = [business.kind for business in businesses() if business.shown_as]
    rows = Application.objects.filter(visible(actor), person_id=actor.person_id or 0, kind__in=kinds)
    rows = rows.filter(status__in=[Status.IN_REVIEW, Status.RETURNED])
    return rows.select_related(*OTHER_PARTIES).order_by("pk")


def shown_as(application: Application) -> str:
    return str(DisplayStatus(business_of(application.kind).shown_as).label)


@dataclass(frozen=True)
class TrailEntry:
    title: str
    at: datetime
    by: str
    note: str
    comment: str
    tone: str


TONES = {
    Operation.SUSPENSION: "warn",
    Operation.EXPIRY: "bad",
    Operation.CANCELLATION: "bad",
    Operation.FIRST_ISSUE: "good",
    Operation.EXTENSION: "good",
    Operation.RESTORATION: "good",
}


STATE_TONES: dict[str, str] = {
    AuthorityAction.REVOKE: "bad",
    AuthorityAction.WITHDRAW: "bad",
    AuthorityAction.OVERTURN: "good",
}
"""The national codes know these decisions only as 其他."""


def trail_of(certificate: Certificate, *, names_actors: bool = False) -> list[TrailEntry]:
    """证书轨迹 is answered newest first. Only the back office reads who acted."""
    events = CertificateEvent.objects.filter(certificate=certificate).select_related("version", "actor__office")
    rows = list(events.order_by("-pk"))
    undone = {event.undoes_id for event in rows}
    return [_entry(event, names_actors, is_undone=event.pk in undone) for event in rows]


def _entry(event: CertificateEvent, names_actors: bool, *, is_undone: bool) -> TrailEntry:
    title = _title(event)
    notes = ["该决定已撤回"] if is_undone else []
    if event.summary != title:
        notes.append(event.summary)
    if event.state_before != event.state_after:
        notes.append(f"法定状态：{LegalState(event.state_after).label}")
    if event.document_number:
        notes.append(f"文号：{event.document_number}")
    if event.version is not None:
        notes.append(f"第 {event.version.version} 版")
    actor = event.actor if names_actors else None
    by = " ".join(filter(None, [actor.office.name if actor.office else "", actor.name])) if actor else ""
    return TrailEntry(
        title=title,
        at=event.at,
        by=by,
        note="，".join(filter(None, notes)),
        comment="",
        tone="" if is_undone else STATE_TONES.get(event.kind) or TONES.get(Operation(event.operation), ""),
    )


def _title(event: CertificateEvent) -> str:
    if event.operation == Operation.OTHER and not event.kind and event.summary:
        return event.summary  # 其他 says nothing
    return _kind_title(event.kind) or str(Operation(event.operation).label)


def _kind_title(kind: str) -> str:
    if kind in AuthorityAction.values:
        return str(AuthorityAction(kind).label)
    try:
        return business_of(kind).title if kind else ""
    except UnknownBusiness:
        return ""


def versions_of(certificate: Certificate) -> list[CertificateVersion]:
    """Answers the newest first, each with its document where it is signed."""
    return list(certificate.versions.select_related("document", "order").order_by("-version"))


def applications_on(certificate: Certificate, actor: Actor | None) -> list[Row]:
    """Answers the applications about this certificate that the viewer may see, newest first."""
    if actor is None:
        return []
    # A certificate that was entered did not exist when it was filed, and is named by its trail alone.
    made = CertificateEvent.objects.filter(certificate=certificate, application__isnull=False)
    about = CertificateItem.objects.filter(certificate=certificate).order_by().values_list("application")
    ids = [pk for (pk,) in about.union(made.order_by().values_list("application"))]
    rows = Application.objects.filter(visible(actor), pk__in=ids)
    return rows_of(list(rows.select_related(*PARTIES).order_by("-pk")[:APPLICATIONS_SHOWN]), actor)


@dataclass(frozen=True)
class Sheet:
    """Holds one certificate with all that belongs to it, for its holder and for the back office.

    `elsewhere` are certificates of other provinces, registered or declared, ended ones included.
    """

    certificate: Certificate
    situation: Situation
    ends: str
    paper: Paper
    versions: Sequence[CertificateVersion]
    trail: Sequence[TrailEntry]
    training: Count
    applications: Sequence[Row]
    proof: TransferProof | None
    out_of_province: Sequence[OutOfProvinceCertificate] = ()
    facts: Sequence[tuple[str, str]] = field(default_factory=tuple)

    @property
    def answer(self) -> StatusAnswer:
        return self.situation.answer

    @property
    def has_unsigned_versions(self) -> bool:
        return any(version.is_awaited for version in self.versions)


def sheet_of(certificate: Certificate, actor: Actor | None, *, names_actors: bool = False) -> Sheet:
    """Takes a constant number of queries; the certificate must be read with its person."""
    facts, known = load_holdings({certificate.person_id}), read_for(certificate.person)
    live = facts.certificates[certificate.pk]
    ends = ends_text(live, facts, known.book.integer("extension_window_months", facts.on))
    situations = {one.certificate.pk: one for one in situations_of(facts, known)}
    return Sheet(
        certificate=live,
        situation=situations[live.pk],
        ends=ends,
        paper=papers_of([live])[live.pk],
        versions=versions_of(live),
        trail=trail_of(live, names_actors=names_actors),
        training=count_hours(live, known.training[live.person_id], Rules(known.book, facts.on)),
        applications=applications_on(live, actor),
        proof=current_transfer_proof(live),
        out_of_province=facts.all_out_of_province.get(live.person_id, []),
        facts=tuple(_facts(live, ends)),
    )


def _facts(certificate: Certificate, ends: str) -> Iterable[tuple[str, str]]:
    yield "姓名", certificate.person.name
    yield "性别", certificate.person.get_sex_display()
    yield "类别", f"{certificate.category}　{certificate.get_category_display()}"
    yield "证书所在单位", certificate.enterprise_name
    yield "职务", certificate.get_post_display()
    yield "初次领证日期", chinese_date(certificate.first_issued_on)
    yield "有效期至", ends
    yield "法定状态", str(LegalState(certificate.legal_state).label)
    yield "来源", certificate.get_origin_display()
    if certificate.latest_version:
        yield "当前版本", f"第 {certificate.latest_version} 版"
