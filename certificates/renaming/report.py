"""Finds certificates that still print a former name of their enterprise, and those that can be reissued now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import F, QuerySet

from accounts.models import Person
from certificates.enums import LegalState
from certificates.models import Certificate
from common.dates import chinese_date
from common.findings import Cure, Finding, Level
from enterprises.models import EnterpriseName
from workflow.checks import Case

CONCERNED = (LegalState.VALID, LegalState.SUSPENDED)
"""Ended certificates are never printed again, nor are those on their way to another province."""


def rename_claim(enterprise_id: int) -> str:
    """The claim allows one open rename of an enterprise."""
    return f"rename:{enterprise_id}"


def way_to(name: str) -> Cure:
    """Leads the enterprise to the person's rows on its board, where each reason has its cure."""
    return Cure("查看并处理", url_name="certificates:staff", query={"name": name})


def concerned(enterprise_ids: Collection[int]) -> QuerySet[Certificate]:
    """Answers the certificates that print another name than the registry's."""
    return Certificate.objects.filter(enterprise_id__in=enterprise_ids, legal_state__in=CONCERNED).exclude(
        enterprise_name=F("enterprise__name")
    )


def why_kept(certificate: Certificate, *, has_photo: bool, on: date) -> Finding | None:
    """Answers why it cannot be reissued now; it keeps the former name, and the others are reissued without it.

    Whoever shows the finding names the certificate beside it.
    """
    if certificate.legal_state == LegalState.SUSPENDED:
        return Finding(
            "rename.suspended",
            "证书被暂扣",
            "暂扣期间不能换发，发还后可再次申请企业名称变更。",
            turn="暂扣机关",
        )
    if certificate.ends_on < on:
        return Finding(
            "rename.expired",
            "证书已过有效期",
            f"有效期至{chinese_date(certificate.ends_on)}。有在办延续或变更的，批准后直接按现名签发；没有的需要重新参加考核。",
            turn="持证人",
        )
    if not has_photo:
        return Finding(
            "rename.no_id_photo",
            "持证人未上传证件照",
            "没有证件照无法签发电子证书。上传后由本人申领电子证书即印现名，或由企业再次申请企业名称变更。",
            turn="持证人",
        )
    return None


def ready_count(enterprise_id: int, *, on: date) -> int:
    """Counts what `why_kept` lets pass, for a page that lists nothing."""
    ready = concerned([enterprise_id]).filter(legal_state=LegalState.VALID, ends_on__gte=on).order_by()
    holders = list(ready.values_list("person_id", flat=True))
    # Asked in a join, the photos of everybody in the province would be read.
    without = (
        set(Person.objects.filter(pk__in=set(holders), id_photo="").values_list("pk", flat=True)) if holders else ()
    )
    return sum(holder not in without for holder in holders)


@dataclass(frozen=True)
class Report:
    """Lists one enterprise's certificates with another name than the registry's."""

    ready: int
    kept: tuple[tuple[Certificate, Finding], ...]
    former_names: tuple[str, ...]

    @property
    def total(self) -> int:
        return self.ready + len(self.kept)

    def findings(self, shown: int) -> list[Finding]:
        """The certificates left out are an advisory, because they do not stop the others."""
        cure = Cure("查看人员与证书", url_name="certificates:staff")
        told = [
            replace(
                finding,
                message=f"{certificate.number}（{certificate.person.name}）{finding.message}，本次不换发",
                level=Level.ADVISORY,
                cure=way_to(certificate.person.name),
            )
            for certificate, finding in self.kept[:shown]
        ]
        if len(self.kept) > shown:
            words = f"{'另有 ' if shown else ''}{len(self.kept) - shown} 本暂不能换发"
            told.append(Finding("rename.more", words, "", Level.ADVISORY, turn="持证人", cure=cure))
        return told


def reports(enterprise_ids: Collection[int], *, on: date) -> dict[int, Report]:
    """Maps an enterprise to its report; one query for any number of enterprises and certificates."""
    rows = concerned(enterprise_ids).select_related("person")
    # The encrypted fields are left out: decrypting those of a thousand people takes long.
    fields = ("number", "enterprise_id", "enterprise_name", "legal_state", "ends_on")
    grouped: dict[int, list[Certificate]] = defaultdict(list)
    for certificate in rows.only(*fields, "person__name", "person__id_photo").order_by("pk"):
        grouped[certificate.enterprise_id or 0].append(certificate)
    return {pk: _report(grouped.get(pk, []), on) for pk in enterprise_ids}


def _report(certificates: Sequence[Certificate], on: date) -> Report:
    answers = [(one, why_kept(one, has_photo=one.person.has_id_photo, on=on)) for one in certificates]
    kept = tuple((one, finding) for one, finding in answers if finding is not None)
    names = tuple(dict.fromkeys(one.enterprise_name for one in certificates))
    return Report(len(answers) - len(kept), kept, names)


class FormerNames:
    """Reads the former names of enterprises once, and says which one a decision of a day has replaced."""

    def __init__(self, enterprise_ids: Collection[int]) -> None:
        rows = EnterpriseName.objects.filter(enterprise__in=enterprise_ids, used_to__isnull=False)
        self._rows = list(rows.order_by("used_to", "pk").values_list("enterprise_id", "name", "used_to"))

    def before(self, enterprise_id: int, on: date) -> str:
        """Answers the empty string for an enterprise whose register has no former name."""
        known = [name for pk, name, used_to in self._rows if pk == enterprise_id and used_to and used_to <= on]
        return known[-1] if known else ""


# --- loaders for `Facts` ---


def reports_of(cases: Sequence[Case]) -> dict[int, Report]:
    ids = {case.enterprise_id for case in cases if case.enterprise_id is not None}
    return reports(ids, on=cases[0].on) if ids else {}


def renamed_on(cases: Sequence[Case]) -> dict[int, date]:
    """Maps an enterprise to the day on which its last former name ended."""
    ids = {case.enterprise_id for case in cases if case.enterprise_id is not None}
    rows = EnterpriseName.objects.filter(enterprise__in=ids, used_to__isnull=False).order_by("used_to", "pk")
    return {row.enterprise_id: row.used_to for row in rows if row.used_to is not None}
