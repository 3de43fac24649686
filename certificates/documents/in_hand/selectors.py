"""Reads what the holder shows of one certificate: what its latest version prints, and its state at this moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import Http404
from django.utils import timezone

from certificates.documents.services import verification_address
from certificates.enums import Category, LegalState
from certificates.facts.holdings import load_holdings
from certificates.models import Certificate, CertificateVersion
from certificates.pages.situations.situation import SHORT
from certificates.state.display import StatusAnswer, answer_all
from common.printing.qr import svg_path
from workflow.actors import Actor

_WORDS = {LegalState.TRANSFERRING: "已办理跨省调出", LegalState.OTHER: "已终止"}


@dataclass(frozen=True)
class Pass:
    """`version` is the latest one, whether signed or not: the code of both leads to the same page. `at` is when the state was read."""

    certificate: Certificate
    version: CertificateVersion
    answer: StatusAnswer
    at: datetime

    @property
    def address(self) -> str:
        return verification_address(self.version.token)

    @property
    def code(self) -> tuple[str, int]:
        """Answers the path of the QR code, and its modules a side."""
        return svg_path(self.address)

    @property
    def letter(self) -> str:
        return self.certificate.category[0].lower()

    @property
    def short_category(self) -> str:
        return SHORT[Category(self.certificate.category)]

    @property
    def has_begun(self) -> bool:
        return self.version.valid_from <= timezone.localdate(self.at)

    @property
    def state(self) -> str:
        legal = LegalState(self.certificate.legal_state)
        if legal == LegalState.VALID:
            is_past = any(reason.code == "certificate.expired" for reason in self.answer.reasons)
            return "已过有效期" if is_past else self.answer.label
        return _WORDS.get(legal) or f"已{legal.label}"

    @property
    def tone(self) -> str:
        """Answers the look of the line about the state: on where it may be used, and bad elsewhere."""
        return "on" if self.answer.is_normal else "bad"


def pass_of(actor: Actor, pk: int) -> Pass:
    """Takes a constant number of queries. Raises Http404 for another person's certificate, and where nothing was issued here."""
    version = _latest(actor, pk)
    if version is None:
        raise Http404("没有这本证书，或者还没有电子证书")
    facts = load_holdings({version.certificate.person_id})
    certificate = facts.certificates[version.certificate_id]
    return Pass(certificate, version, answer_all(facts)[certificate.pk], timezone.now())


def photo_of(actor: Actor, pk: int) -> str:
    """Answers where the photo lies that the latest version prints. Raises Http404."""
    version = _latest(actor, pk)
    if version is None:
        raise Http404("没有照片")
    return version.photo


def _latest(actor: Actor, pk: int) -> CertificateVersion | None:
    rows = CertificateVersion.objects.select_related("certificate", "document")
    return rows.filter(certificate=pk, certificate__person=actor.person_id or 0).order_by("-version").first()
