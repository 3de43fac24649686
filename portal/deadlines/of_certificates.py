"""Finds ends of certificates and the days from which they may be extended."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from administration.parameters.book import ParameterBook
from certificates.enums import LegalState
from certificates.models import Certificate, CertificateItem
from certificates.pages.roster import Held, Roster
from common.dates import add_months, chinese_date, months_before
from common.findings import Cure
from workflow.business import business_of
from workflow.enums import Desk

from .items import Deadline, Kind, named

EXTENSION = "extension"
AT_OFFICE = "延续办理中，等主管部门办结；办理期间照常使用"
_AT = {
    Desk.EMPLOYER: "延续已提交，等本企业确认；办理期间照常使用",
    Desk.FORMER_EMPLOYER: "延续已提交，等原单位确认",
    Desk.PERSON: "延续等本人确认",
    Desk.FILER: "延续已退回，等本人补正",
}


@dataclass(frozen=True)
class OpenCase:
    number: str
    kind: str
    desk: str
    is_own: bool

    @property
    def words(self) -> str:
        if self.kind != EXTENSION:
            return f"{business_of(self.kind).title}办理中"
        return _AT.get(Desk(self.desk), AT_OFFICE)


@dataclass(frozen=True)
class Ending:
    """Is a certificate whose end or whose window lies in the time that the page shows."""

    pk: int
    person_id: int
    category: str
    ends_on: date
    number: str
    enterprise_id: int | None


class CertificateDays:
    """Reads the certificates of the enterprise's people that matter from `first` to `last`, by few statements."""

    def __init__(self, enterprise_id: int, roster: Roster, *, first: date, today: date, last: date) -> None:
        self.enterprise_id, self.roster = enterprise_id, roster
        self.first, self.today, self.last = first, today, last
        self.months = ParameterBook.load().integer("extension_window_months", today)
        held = [one for one in roster.held if one.ends_on <= add_months(last, self.months + 1)]
        self.endings = self._endings(held)
        self.cases = self._cases()

    def _endings(self, held: Sequence[Held]) -> list[Ending]:
        columns = ("pk", "person_id", "category", "ends_on", "number", "enterprise_id")
        in_force = Certificate.objects.filter(pk__in=sorted(one.pk for one in held)).order_by()
        over = Certificate.objects.filter(
            enterprise=self.enterprise_id, legal_state=LegalState.EXPIRED, ends_on__range=(self.first, self.today)
        ).order_by()
        rows = [Ending(*row) for row in in_force.values_list(*columns).union(over.values_list(*columns))]
        valid = {(one.person_id, one.category): one.ends_on for one in self.roster.held}
        # Whoever holds a later one of the category lacks nothing.
        return [row for row in rows if valid.get((row.person_id, row.category), row.ends_on) <= row.ends_on]

    def _cases(self) -> dict[int, OpenCase]:
        items = CertificateItem.objects.filter(
            is_open=True, certificate__in=[one.pk for one in self.endings]
        ).order_by()
        columns = ("number", "kind", "desk", "enterprise_id", "former_enterprise_id")
        rows = items.values_list("certificate_id", *(f"application__{name}" for name in columns))
        return {
            pk: OpenCase(number, kind, desk, self.enterprise_id in (employer, former))
            for pk, number, kind, desk, employer, former in rows
        }

    @property
    def person_ids(self) -> set[int]:
        return {one.person_id for one in self.endings}

    def deadlines(self, names: Mapping[int, str]) -> Iterator[Deadline]:
        for one in self.endings:
            case, who = self.cases.get(one.pk), named(names, one.person_id)
            if self.first <= one.ends_on <= self.last:
                yield self._of_end(one, case, who)
            opens = months_before(one.ends_on, self.months)
            if self.today <= opens <= self.last and case is None:
                yield self._of_window(one, opens, who)

    def _of_end(self, one: Ending, case: OpenCase | None, who: str) -> Deadline:
        key, what = f"certificate-{one.pk}", f" {one.number}"
        if case is not None:
            look = Cure("查看办件", "workflow:detail", kwargs={"number": case.number}) if case.is_own else None
            cure = look if case.desk == Desk.EMPLOYER or one.ends_on < self.today else None
            return Deadline(one.ends_on, Kind.CERTIFICATE, key, who, "", what, case.words, cure, "info")
        if one.ends_on < self.today:
            detail, cure = "没有在届满前申请延续，要重新考试", Cure("报名考试", "exams:enterprise")
            return Deadline(
                one.ends_on,
                Kind.CERTIFICATE,
                key,
                who,
                "",
                f"{what} 已过期",
                detail,
                cure,
                "bad",
                "证书过期",
                "的证书已过期",
                cure,
            )
        board = {"name": who, "state": "expiring"}
        cure = Cure("提醒本人", "certificates:staff", query=board)
        many = Cure("一起提醒", "certificates:staff", query={"state": "unextended"})
        opens = months_before(one.ends_on, self.months)
        detail = "没有申请延续" if opens <= self.today else f"{chinese_date(opens)}起可以申请延续"
        return Deadline(
            one.ends_on,
            Kind.CERTIFICATE,
            key,
            who,
            "",
            what,
            detail,
            cure,
            "bad",
            group=f"的证书到期，{detail}",
            many=many,
        )

    def _of_window(self, one: Ending, opens: date, who: str) -> Deadline:
        cure = Cure("看学时够不够", "certificates:staff_training", query={"name": who})
        many = Cure("看学时够不够", "certificates:staff_training")
        return Deadline(
            opens,
            Kind.WINDOW,
            f"window-{one.pk}",
            who,
            "",
            f" {one.number} 从这天起可以延续",
            f"{chinese_date(one.ends_on)}到期，学时够了由本人申请",
            cure,
            "info",
            group="的证书从这天起可以延续",
            many=many,
        )
