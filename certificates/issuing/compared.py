"""Compares certificates before and after a decision, fact by fact, from the very orders that the decision carries out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from accounts.models import Person
from certificates.enums import Category, LegalState
from certificates.facts.terms import current_terms
from certificates.models import Certificate, CertificateTerm, CertificateVersion
from certificates.state.services import StateChange
from common.dates import chinese_date, next_term_start, term_end
from enterprises.enums import Post
from enterprises.models import Enterprise
from workflow.checks import Case, Facts
from workflow.steps import Comparison, FactChange, Proof

from .correcting import Correct
from .first_issue import FirstIssue, new_certificate
from .merging import Merge, cancelled, certificate_of
from .new import NewCertificate
from .versions import Extension, Move, starts_on

BY_DECISION = "以办结日为准"
REGISTERED = Proof("实名登记")
REGISTRY = Proof("工商登记信息")
EMPLOYMENT = Proof("聘用登记")
PRINTED_ANEW = {"name": REGISTERED, "sex": REGISTERED, "birth_date": REGISTERED, "enterprise_name": REGISTRY}
"""Every new version prints what the registers say now, so that these may change with anything."""

LABELS = {
    "number": "证书编号",
    "category": "证书类别",
    "name": "姓名",
    "sex": "性别",
    "birth_date": "出生日期",
    "enterprise_name": "企业名称",
    "post": "职务",
    "first_issued_on": "初次领证日期",
    "valid_from": "有效期起",
    "valid_to": "有效期止",
    "state": "法定状态",
}
ONLY_IF_CHANGED = frozenset({"number", "category", "sex", "birth_date", "state"})
"""The title names the number, and most businesses leave the others as they are."""


@dataclass(frozen=True)
class Face:
    """Holds the facts of a certificate in words; "" is what is not there yet."""

    number: str = ""
    category: str = ""
    name: str = ""
    sex: str = ""
    birth_date: str = ""
    enterprise_name: str = ""
    post: str = ""
    first_issued_on: str = ""
    valid_from: str = ""
    valid_to: str = ""
    state: str = ""


NOTHING = Face()


def on_paper(payload: Mapping[str, Any]) -> Face:
    """Answers what the form says about a certificate that the database does not know."""
    return Face(
        number=payload["number"],
        enterprise_name=payload["enterprise_name"],
        post=Post(payload["post"]).label if payload.get("post") else "",
        first_issued_on=_day(payload["first_issued_on"]),
        valid_from=_day(payload["valid_from"]),
        valid_to=_day(payload["valid_to"]),
    )


def _day(text: str) -> str:
    return chinese_date(date.fromisoformat(text))


class Known:
    """Reads what the orders of one case are about, in a constant number of queries."""

    def __init__(self, orders: Sequence[Any], case: Case) -> None:
        ids = {order.certificate_id for order in orders if hasattr(order, "certificate_id")}
        self.certificates = Certificate.objects.in_bulk(ids)
        for order in orders:
            if isinstance(order, Merge):
                self.certificates |= {one.pk: one for one in order.parts}
        self.terms = current_terms(self.certificates.values())
        versions = CertificateVersion.objects.filter(certificate__in=self.certificates).order_by("version")
        self.versions = {one.certificate_id: one for one in versions}
        self.person = Person.objects.filter(pk=case.person_id or 0).first()
        places = [getattr(order, "enterprise_id", None) for order in orders]
        places += [one.enterprise_id for one in self.certificates.values()]
        wanted = {pk for pk in places if pk is not None}
        self.names = dict(Enterprise.objects.filter(pk__in=wanted).values_list("pk", "name"))

    def printed(self, certificate: Certificate) -> Face:
        """Answers what the latest version prints; an old certificate without one prints what its record says."""
        version, term = self.versions.get(certificate.pk), self.terms.get(certificate.pk)
        begins = version.valid_from if version else term.starts_on if term else None
        return Face(
            number=certificate.number,
            category=named_category(certificate.category),
            **(_identity(version) if version else _identity(self.person)),
            enterprise_name=certificate.enterprise_name,
            post=Post(certificate.post).label,
            first_issued_on=chinese_date(certificate.first_issued_on),
            valid_from=chinese_date(begins) if begins else "",
            valid_to=chinese_date(certificate.ends_on),
            state=LegalState(certificate.legal_state).label,
        )

    def reissued(self, face: Face, enterprise_id: int | None) -> Face:
        """Every new version prints the registers' present name, sex, day of birth and enterprise."""
        name = self.names.get(enterprise_id or 0, face.enterprise_name)
        return replace(face, enterprise_name=name, **_identity(self.person))


def named_category(category: str) -> str:
    return f"{category} {Category(category).label}"


def _identity(source: Person | CertificateVersion | None) -> dict[str, str]:
    if source is None:
        return {}
    born = source.birth_date
    return {"name": source.name, "sex": source.get_sex_display(), "birth_date": chinese_date(born) if born else ""}


def compared(
    orders: Iterable[Any], case: Case, facts: Facts, proofs: Mapping[str, Proof], *, former: Face = NOTHING
) -> list[Comparison]:
    """`former` is what a new certificate takes the place of, where that is no certificate of this province."""
    listed = list(orders)
    known, years = Known(listed, case), facts.parameters.integer("term_years", case.on)
    found: list[Comparison] = []
    for order in listed:
        found += _of(order, known, case.on, years, PRINTED_ANEW | dict(proofs), former)
    return found


def _of(
    order: Any, known: Known, on: date, years: int, proofs: Mapping[str, Proof], former: Face
) -> Iterator[Comparison]:
    if isinstance(order, Merge):
        for change in cancelled(order):
            yield from _of(change, known, on, years, proofs, former)
        yield from _of(certificate_of(order), known, on, years, proofs, former)
    elif isinstance(order, FirstIssue):
        yield from _of(new_certificate(order, "", on, years), known, on, years, proofs, former)
    elif isinstance(order, NewCertificate):
        title = f"新证书：{Category(order.category).label}"
        yield _comparison(title, former, _new(order, known, on), proofs, _by_decision(order, on))
    elif certificate := known.certificates.get(order.certificate_id):
        now = known.printed(certificate)
        after, decided = _after(order, certificate, now, known, on, years)
        yield _comparison(f"证书 {certificate.number}", now, after, proofs, decided)


def _after(
    order: Any, certificate: Certificate, now: Face, known: Known, on: date, years: int
) -> tuple[Face, dict[str, str]]:
    """Answers the facts afterwards, and those that follow from the day of the decision."""
    if isinstance(order, StateChange):
        return replace(now, state=LegalState(order.state).label), {}
    if isinstance(order, Extension):
        starts = next_term_start(certificate.ends_on)
        after = replace(now, valid_from=chinese_date(starts), valid_to=chinese_date(term_end(starts, years)))
        return known.reissued(after, certificate.enterprise_id), {}
    if not isinstance(order, Move | Correct):
        raise TypeError(f"nobody says what {type(order).__name__} changes")
    ends = (order.ends_on if isinstance(order, Correct) else None) or certificate.ends_on
    begins = _begins(certificate, known.terms.get(certificate.pk), ends, on)
    after = replace(
        now,
        post=Post(order.post).label if order.post else now.post,
        valid_from=chinese_date(begins) if begins else now.valid_from,
        valid_to=chinese_date(ends),
    )
    if isinstance(order, Correct):
        after = _corrected(after, order)
    decided = {} if isinstance(order, Correct) and order.starts_on else {"valid_from": BY_DECISION}
    return known.reissued(after, order.enterprise_id or certificate.enterprise_id), decided


def _corrected(face: Face, order: Correct) -> Face:
    changed = {
        "number": str(order.number) if order.number else "",
        "category": named_category(order.category) if order.category else "",
        "first_issued_on": chinese_date(order.first_issued_on) if order.first_issued_on else "",
        "valid_from": chinese_date(order.starts_on) if order.starts_on else "",
    }
    return replace(face, **{name: value for name, value in changed.items() if value})


def _begins(certificate: Certificate, term: CertificateTerm | None, ends: date, on: date) -> date | None:
    if term is None:
        return None
    return starts_on(Certificate(ends_on=ends), term, on)


def _new(order: NewCertificate, known: Known, on: date) -> Face:
    starts = order.valid_from or on
    ends = order.valid_to or term_end(starts)
    face = Face(
        number=str(order.number) if order.number else "办结时按当年顺序编号",
        enterprise_name=order.enterprise_name,
        post=Post(order.post).label,
        first_issued_on=chinese_date(order.first_issued_on or on),
        valid_from=chinese_date(min(starts, ends)),
        valid_to=chinese_date(ends),
        state=LegalState.VALID.label,
    )
    return known.reissued(face, order.enterprise_id)


def _by_decision(order: NewCertificate, on: date) -> dict[str, str]:
    """Names the days that follow from the day of the decision."""
    days = {"first_issued_on": order.first_issued_on or on, "valid_from": order.valid_from or on}
    return {name: BY_DECISION for name, day in days.items() if day == on}


def _comparison(
    title: str, now: Face, after: Face, proofs: Mapping[str, Proof], notes: Mapping[str, str]
) -> Comparison:
    rows = []
    for one in fields(Face):
        row = FactChange(
            LABELS[one.name],
            getattr(now, one.name),
            getattr(after, one.name),
            proofs.get(one.name),
            notes.get(one.name, ""),
        )
        if row.is_change or (one.name not in ONLY_IF_CHANGED and row.after):
            rows.append(row)
    return Comparison(title, tuple(rows))
