"""Says which businesses a person may file about one certificate now, and why not the others."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.http import Http404

from certificates.enums import Category
from certificates.models import Certificate, CertificateItem
from common.findings import Cure, Finding, Refused, blocking
from workflow.actors import Actor
from workflow.business import Business, UnknownBusiness, business_of, businesses
from workflow.checks import Case, Facts, evaluate
from workflow.permissions import may_file


@dataclass(frozen=True)
class Offer:
    business: Business
    reasons: tuple[Finding, ...]
    start: Cure


def offers_for(certificate: Certificate, actor: Actor, *, today: date) -> list[Offer]:
    """Loads the facts of all businesses together: the number of queries depends on the businesses alone."""
    query = {"certificate": str(certificate.pk)}
    refused: dict[str, tuple[Finding, ...]] = {}
    cases: dict[str, Case] = {}
    offered = [one for one in businesses() if _is_about_certificates(one) and may_file(actor, one)]
    for business in offered:
        if certificate.category not in getattr(business, "categories", Category.values):
            continue
        try:
            cases[business.kind] = business.prepare(actor, query, today=today)
        except Refused as error:
            refused[business.kind] = error.findings
        except Http404:
            continue  # it is not about this certificate, or has a page of its own
    found = evaluate(list(cases.values()), Facts(list(cases.values())))
    refused |= {kind: tuple(blocking(found[case])) for kind, case in cases.items()}
    return [_offer(one, certificate, refused[one.kind]) for one in offered if one.kind in refused]


def _offer(business: Business, certificate: Certificate, reasons: Iterable[Finding]) -> Offer:
    start = Cure(business.button, business=business.kind, query={"certificate": certificate.pk})
    return Offer(business, tuple(reasons), start)


def _is_about_certificates(business: Business) -> bool:
    item = getattr(business, "item_model", None)
    is_new = bool(business.shown_as)  # 录入证书, 进赣换证: about a certificate that is not here yet
    return item is CertificateItem and bool(business.subject_field) and business.start_on_web and not is_new


def late_entry_cure() -> Cure | None:
    """Answers 录入证书 where this installation offers it."""
    try:
        return Cure("录入证书", business=business_of("late_entry").kind)
    except UnknownBusiness:
        return None
