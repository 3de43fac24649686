"""Says of one certificate what stands between it and its next term, whose turn that is, and what the enterprise can do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from accounts.models import Person
from certificates.enums import LegalState
from certificates.models import Certificate
from certificates.pages.roster import EXPIRING_DAYS
from certificates.state.display import Reason, reasons_of_codes
from common.dates import chinese_date
from common.findings import Cure
from employment.models import Employment
from training.hours import in_hours
from training.terms import TermHours
from workflow.business import business_of
from workflow.enums import Status
from workflow.models import Application

CONTRACT_DAYS = 60
OWN_CERTIFICATES, OWN_TRAINING, OWN_PHOTO = "/person/certificates/", "/person/training/", "/person/photo/"


@dataclass(frozen=True)
class Step:
    """`is_bad` says that the certificate cannot be used meanwhile. `told` is what the person is told by a reminder, and
    `link` leads there; without it nothing is up to the person.
    """

    words: str
    detail: str = ""
    is_bad: bool = False
    cures: tuple[Cure, ...] = ()
    told: str = ""
    link: str = OWN_CERTIFICATES


@dataclass(frozen=True)
class Holding:
    """Holds one certificate with what decides about its next step. `viewer_id` is the enterprise that looks.

    `case` is the open application about it. `term` is known of certificates that end soon.
    """

    certificate: Certificate
    viewer_id: int
    today: date
    employment: Employment | None = None
    case: Application | None = None
    term: TermHours | None = None

    @property
    def person(self) -> Person:
        return self.certificate.person

    @property
    def is_own(self) -> bool:
        return self.certificate.enterprise_id == self.viewer_id

    @property
    def days_left(self) -> int:
        return (self.certificate.ends_on - self.today).days

    @property
    def expires_soon(self) -> bool:
        return 0 <= self.days_left <= EXPIRING_DAYS

    def steps(self) -> list[Step]:
        """Answers nothing for a certificate that is in order for now."""
        return [*_case(self), *_reasons(self), *_next_term(self), *_contract(self)]


def contract_ends_soon(contract_to: date | None, today: date) -> bool:
    return contract_to is not None and contract_to <= today + timedelta(days=CONTRACT_DAYS)


def _case(one: Holding) -> Iterator[Step]:
    case = one.case
    if case is None:
        return
    title, until = business_of(case.kind).title, f"，{chinese_date(case.due_on)}前" if case.due_on else ""
    cure = Cure("查看办件", url_name="workflow:detail", kwargs={"number": case.number})
    cures = (cure,) if one.viewer_id in (case.enterprise_id, case.former_enterprise_id) else ()
    if case.holder_enterprise_id == one.viewer_id:
        ours = Cure("去确认", url_name="workflow:detail", kwargs={"number": case.number})
        yield Step("等本企业确认", f"{title}{until}确认", cures=(ours,))
    elif case.holder_person_id is not None:
        what = "已退回，等本人补正" if case.status == Status.RETURNED else "等本人确认"
        told = f"办件{case.number}（{title}）正等您办理{until}"
        yield Step(f"{title}{what}", until.removeprefix("，"), False, cures, told, f"/applications/{case.number}/")
    else:
        holder = case.holder_office or case.holder_enterprise
        where = f"现在轮到{holder.name}{until}" if holder else ""
        yield Step(f"{title}办理中", where, cures=cures)


def _reasons(one: Holding) -> Iterator[Step]:
    for reason in reasons_of_codes(one.certificate.display_codes):
        if reason.code == "certificate.in_extension_review":
            continue  # said by the case
        answer = _ANSWERS.get(reason.code, _told)
        yield answer(one, reason)


def _told(one: Holding, reason: Reason) -> Step:
    return Step(reason.words, "由本人办理", reason.blocking, told=f"{_named(one)}：{reason.words}，请查看办法并办理")


def _no_photo(one: Holding, reason: Reason) -> Step:
    told = "您还没有上传证件照，没有证件照不能签发电子证书"
    return Step(reason.words, "由本人上传", True, told=told, link=OWN_PHOTO)


def _not_employed(one: Holding, reason: Reason) -> Step:
    cure = Cure("发起聘用", url_name="employment:propose")
    return Step(reason.words, "仍需聘用的，由本企业发起聘用，本人在手机端确认", True, (cure,))


def _elsewhere(one: Holding, reason: Reason) -> Step:
    """The certificate is here and its holder works elsewhere, or the other way round; the holder moves it."""
    words = "持证人现受聘于其他企业" if one.is_own else f"证书仍在{one.certificate.enterprise_name}名下"
    told = f"{_named(one)}登记的单位与您的受聘单位不一致，请办理执业企业变更"
    return Step(words, "由本人办理执业企业变更", True, told=told)


def _expired(one: Holding, reason: Reason) -> Step:
    cure = Cure("报名考试", url_name="exams:enterprise")
    return Step(reason.words, "没有在届满前申请延续，需要重新参加考核", True, (cure,))


def _suspended(one: Holding, reason: Reason) -> Step:
    return Step(reason.words, "暂扣期满发还后恢复，其间不能使用", True)


def _renamed(one: Holding, reason: Reason) -> Step:
    cures = (Cure("企业名称变更", business="enterprise_rename"),) if one.is_own else ()
    return Step(reason.words, "由企业统一办理换发，证书仍可使用", cures=cures)


_ANSWERS: dict[str, Callable[[Holding, Reason], Step]] = {
    "person.no_id_photo": _no_photo,
    "employment.none": _not_employed,
    "employment.differs": _elsewhere,
    "certificate.expired": _expired,
    "certificate.suspended": _suspended,
    "enterprise.renamed": _renamed,
}


def _next_term(one: Holding) -> Iterator[Step]:
    """A certificate whose extension is under way, or that has ended, has been spoken of above."""
    if one.case is not None or one.term is None or not one.expires_soon:
        return
    if one.certificate.legal_state != LegalState.VALID:
        return
    count, opens = one.term.count, one.term.opens_on
    if not count.is_enough:
        lacking = f"还差 {in_hours(count.missing)} 学时"
        told = f"{_named(one)}有效期至{chinese_date(one.certificate.ends_on)}，{lacking}，请在到期前学完并申请延续"
        yield Step(f"学时 {count.words} / {count.needed}", f"{lacking}，到期前要学完", told=told, link=OWN_TRAINING)
    elif opens <= one.today:
        told = f"{_named(one)}有效期至{chinese_date(one.certificate.ends_on)}，学时已满，请在届满前申请延续"
        yield Step("没有申请延续", "学时已满，等本人申请", told=told)
    else:
        yield Step("还不能申请延续", f"学时已满，{chinese_date(opens)}起可以申请")


def _contract(one: Holding) -> Iterator[Step]:
    job = one.employment
    if job is None or job.contract_to is None or not contract_ends_soon(job.contract_to, one.today):
        return
    over = job.contract_to < one.today
    words = f"聘用合同{chinese_date(job.contract_to)}{'已到期' if over else '到期'}"
    yield Step(words, cures=(Cure("续签合同", url_name="employment:renew", kwargs={"pk": job.pk}),))


def _named(one: Holding) -> str:
    return f"证书{one.certificate.number}"
