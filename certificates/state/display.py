"""Computes the display status of certificates (F21) on facts in sets, always with its reasons and their cures."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from certificates.enums import Category, DisplayStatus, LegalState
from certificates.facts.grace_period import GracePeriod
from certificates.facts.holdings import Holdings, load_holdings
from certificates.facts.printed_identity import differences
from certificates.holding import SENTENCES
from certificates.models import Certificate
from certificates.rules.constructors import constructor_problem
from certificates.rules.out_of_province import valid_out_of_province
from certificates.rules.posts import A_POSTS
from common.dates import chinese_date
from common.findings import Cure, Finding, Level, blocking
from common.text.organisations import is_same_organisation
from enterprises.enums import Post

TERMINATED = {
    LegalState.REVOKED: "证书已被撤销",
    LegalState.CANCELLED: "证书已注销",
    LegalState.EXPIRED: "证书已失效",
    LegalState.WITHDRAWN: "证书已被吊销",
    LegalState.TRANSFERRING: "证书已办理跨省调出",
    LegalState.OTHER: "证书已由主管部门终止",
}


@dataclass(frozen=True)
class StatusAnswer:
    status: DisplayStatus
    findings: tuple[Finding, ...]
    in_extension_review: bool = False
    extension_until: date | None = None

    @property
    def is_normal(self) -> bool:
        return self.status == DisplayStatus.NORMAL

    @property
    def reasons(self) -> list[Finding]:
        return blocking(self.findings)

    @property
    def tone(self) -> str:
        """Answers the look of the mark: good, warn or bad."""
        is_ending = self.in_extension_review or self.extension_until is not None
        return "bad" if not self.is_normal else "warn" if is_ending else "good"

    @property
    def label(self) -> str:
        return "延续审查中" if self.in_extension_review and self.is_normal else DisplayStatus(self.status).label


def _legal_state(certificate: Certificate, facts: Holdings) -> Finding | None:
    state = LegalState(certificate.legal_state)
    if state == LegalState.VALID:
        return None
    if state == LegalState.SUSPENDED:
        return Finding(
            "certificate.suspended",
            "证书被暂扣",
            "暂扣期间不能使用，也不能延续、变更。期满发还后恢复。",
            turn="暂扣机关",
        )
    return Finding(
        f"certificate.state_{state.value}",
        TERMINATED[state],
        "该状态由主管部门决定或系统按规定作出，办件与公告中可查看依据。",
    )


def _expired(certificate: Certificate, facts: Holdings) -> Finding | None:
    if certificate.legal_state != LegalState.VALID or certificate.ends_on >= facts.on:
        return None
    if over := facts.in_grace.get(certificate.pk):
        return _held_over(certificate, over)
    return Finding(
        "certificate.expired",
        "证书已过有效期",
        f"有效期至{chinese_date(certificate.ends_on)}，没有在届满前申请延续，需要由受聘企业重新报名考核。",
        turn="受聘企业",
        cure=Cure("报名考核的办法", url_name="workflow:guide", kwargs={"kind": "exam"}),
    )


def _held_over(certificate: Certificate, over: GracePeriod) -> Finding:
    if over.application is not None:
        detail = "在规定时间内提出申请，作出决定前继续有效。"
        return Finding("certificate.in_extension_review", "延续审查中", detail, Level.ADVISORY)
    last = chinese_date(over.last_day)
    cure = _business("办理延续", "extension", certificate)
    if over.decided_on is not None:
        return Finding(
            "certificate.extension_due",
            f"有效期已届满，请在{last}前申请延续",
            f"届满前提出的申请已于{chinese_date(over.decided_on)}办结，{last}前证书继续有效；到期没有申请延续的，证书失效。",
            Level.ADVISORY,
            turn="本人",
            cure=cure,
        )
    return Finding(
        "certificate.last_filing_day",
        f"有效期已届满，最后一天为节假日，{last}仍可申请延续",
        level=Level.ADVISORY,
        turn="本人",
        cure=cure,
    )


def _employment(certificate: Certificate, facts: Holdings) -> Finding | None:
    if facts.works_for(certificate.person_id, certificate.enterprise_id, certificate.post):
        return None
    employer = facts.works_for.employer(certificate.person_id)
    if employer is None:
        return Finding(
            "employment.none",
            "未登记聘用关系",
            "请由受聘企业发起聘用，本人在手机端确认。",
            turn="受聘企业",
            cure=Cure("查看聘用关系", url_name="employment:mine"),
        )
    return Finding(
        "employment.differs",
        "聘用单位与证书所在单位不一致",
        f"现受聘于{employer.name}，证书仍在{certificate.enterprise_name}名下。",
        turn="本人",
        cure=_way_to_employer(certificate),
    )


def _way_to_employer(certificate: Certificate) -> Cure:
    """A former enterprise that the registry does not know cannot confirm a change."""
    if certificate.enterprise_id is None:
        return _business("办理证书纠错", "correction", certificate)
    return _business("办理执业企业变更", "employer_change", certificate)


def _post(certificate: Certificate, facts: Holdings) -> Finding | None:
    """The registered post has changed, and the certificate stays usable until its holder has it changed."""
    employment = facts.works_for.employment.get(certificate.person_id)
    if certificate.category != Category.A or employment is None:
        return None
    registered = [post for post in employment.posts if post in A_POSTS]
    if employment.enterprise_id != certificate.enterprise_id or not registered or certificate.post in registered:
        return None
    represented = facts.works_for.represented.get(certificate.person_id, set())
    if certificate.post == Post.LEGAL_REPRESENTATIVE and certificate.enterprise_id in represented:
        return None
    names = "、".join(str(Post(post).label) for post in registered)
    return Finding(
        "post.differs",
        "证书上的职务与聘用登记的不一致",
        f"证书上是{Post(certificate.post).label}，聘用登记的是{names}。请办理职务变更。",
        Level.ADVISORY,
        turn="本人",
        cure=_business("办理职务变更", "post_change", certificate),
    )


def _enterprise(certificate: Certificate, facts: Holdings) -> Iterable[Finding]:
    enterprise = certificate.enterprise
    if enterprise is None:
        return
    if enterprise.is_gone:
        cure = _business("办理执业企业变更", "employer_change", certificate)
        yield Finding(
            "enterprise.gone",
            "证书所在单位已注销或吊销",
            f"{enterprise.name}已{enterprise.get_status_display()}。",
            turn="本人",
            cure=cure,
        )
    elif not is_same_organisation(enterprise.name, certificate.enterprise_name):
        detail = f"现名{enterprise.name}，由企业统一办理换发。"
        yield Finding(
            "enterprise.renamed",
            "企业名称已变更",
            detail,
            Level.ADVISORY,
            turn="企业",
            cure=Cure("看办事指南", url_name="workflow:guide", kwargs={"kind": "enterprise_rename"}),
        )


def _constructor(certificate: Certificate, facts: Holdings) -> Finding | None:
    """A registration that was lost or moved makes the certificate abnormal, not cancelled."""
    return constructor_problem(certificate, facts, certificate.enterprise_id, certificate.enterprise_name)


def _identity(certificate: Certificate, facts: Holdings) -> Iterable[Finding]:
    """A printed snapshot stays usable; the holder has it corrected."""
    for one in differences(facts.printed.get(certificate.pk), certificate.person):
        yield Finding(
            one.code,
            f"证书{one.label}与实名登记不一致",
            f"证书上是“{one.printed}”，实名登记是“{one.registered}”。请办理证书纠错，换发新版本。",
            Level.ADVISORY,
            turn="本人",
            cure=_business("办理证书纠错", "correction", certificate),
        )


def _photo(certificate: Certificate, facts: Holdings) -> Finding | None:
    if certificate.person.has_id_photo:
        return None
    return Finding(
        "person.no_id_photo",
        "未上传个人证件照",
        "没有证件照无法签发电子证书。",
        turn="本人",
        cure=Cure("上传证件照", url_name="accounts:photo"),
    )


def _out_of_province(certificate: Certificate, facts: Holdings) -> Iterable[Finding]:
    for other in facts.out_of_province.get(certificate.person_id, []):
        yield valid_out_of_province(other)


StatusCheck = Callable[[Certificate, Holdings], "Finding | Iterable[Finding] | None"]
CHECKS: tuple[StatusCheck, ...] = (
    _legal_state,
    _expired,
    _employment,
    _post,
    _enterprise,
    _constructor,
    _identity,
    _photo,
    _out_of_province,
)
ENDED = frozenset(
    {LegalState.REVOKED, LegalState.CANCELLED, LegalState.EXPIRED, LegalState.WITHDRAWN, LegalState.TRANSFERRING}
)


def answer_all(facts: Holdings) -> dict[int, StatusAnswer]:
    """Answers the status of every certificate of the people in `facts`, without a query."""
    broken: dict[int, list[Finding]] = {}
    for violation in facts.violations():
        for pk in violation.marked:
            if pk in facts.certificates:
                broken.setdefault(pk, []).append(
                    _violation_finding(violation.code, violation.certificate_ids, facts.certificates[pk], facts)
                )
    return {pk: _answer(certificate, facts, broken.get(pk, [])) for pk, certificate in facts.certificates.items()}


def _answer(certificate: Certificate, facts: Holdings, broken: list[Finding]) -> StatusAnswer:
    if certificate.legal_state in ENDED:
        ended = _legal_state(certificate, facts)
        return StatusAnswer(DisplayStatus.ABNORMAL, (ended,) if ended else ())
    findings: list[Finding] = []
    for check in CHECKS:
        answer = check(certificate, facts)
        if isinstance(answer, Finding):
            findings.append(answer)
        elif answer is not None:
            findings.extend(answer)
    findings += broken
    status = DisplayStatus.ABNORMAL if blocking(findings) else DisplayStatus.NORMAL
    over = facts.in_grace.get(certificate.pk) if certificate.legal_state == LegalState.VALID else None
    if over is None:
        return StatusAnswer(status, tuple(findings))
    until = None if over.application else over.last_day
    return StatusAnswer(status, tuple(findings), over.application is not None, until)


GIVEN_UP = frozenset({"B-1", "C-1", "C-2"})
"""These are cured by giving up one of the certificates, and it matters which."""


def _to_keep(group: frozenset[int], facts: Holdings) -> Certificate | None:
    """Answers the one to keep: the C3, then the one at the present employer, then the one that ends last."""
    own = [facts.certificates[pk] for pk in sorted(group) if pk in facts.certificates]

    def worth(one: Certificate) -> tuple[bool, bool, date]:
        employed = facts.works_for(one.person_id, one.enterprise_id, one.post)
        return one.category == Category.C3, bool(employed), one.ends_on

    return max(own, key=worth, default=None)


def _violation_finding(code: str, group: frozenset[int], certificate: Certificate, facts: Holdings) -> Finding:
    others = "、".join(
        facts.certificates[pk].number for pk in sorted(group) if pk != certificate.pk and pk in facts.certificates
    )
    differs = facts.works_for.employer(certificate.person_id) is not None and not facts.works_for(
        certificate.person_id, certificate.enterprise_id, certificate.post
    )
    detail = f"涉及：{others}" if others else ""
    categories = {facts.certificates[pk].category for pk in group if pk in facts.certificates}
    if code in ("BC-1", "A-3") and differs:
        cure = _business("办理执业企业变更", "employer_change", certificate)
    elif code == "C-1" and {Category.C1, Category.C2} <= categories:
        cure = _business("合并为C3证", "c3_merge", certificate)
    elif code in GIVEN_UP and (kept := _to_keep(group, facts)):
        given_up = certificate if certificate.pk != kept.pk else _another(group, kept, facts)
        cure = _business(f"办理注销{given_up.number}", "cancellation", given_up)
        detail = f"{detail}。只能保留一本，建议保留{kept.number}（有效期至{chinese_date(kept.ends_on)}）；注销后不能恢复，再要取得须重新考核。"
    else:
        cure = _business("办理注销", "cancellation", certificate)
        detail = f"{detail}。注销后不能恢复，再要取得须重新考核。".lstrip("。")
    return Finding(f"holding.{code}", SENTENCES[code], detail, turn="本人", facts={"rule": code}, cure=cure)


def _another(group: frozenset[int], kept: Certificate, facts: Holdings) -> Certificate:
    return next(facts.certificates[pk] for pk in sorted(group) if pk != kept.pk and pk in facts.certificates)


def _business(label: str, kind: str, certificate: Certificate) -> Cure:
    return Cure(label, business=kind, query={"certificate": certificate.pk})


def status_of(certificate: Certificate, *, on: date | None = None) -> StatusAnswer:
    return answer_all(load_holdings({certificate.person_id}, on=on))[certificate.pk]


@dataclass(frozen=True)
class Reason:
    """Says one stored code of the snapshot in a few words."""

    code: str
    words: str
    blocking: bool = True


_WORDS = {
    "certificate.suspended": "证书被暂扣",
    "certificate.expired": "证书已过有效期",
    "certificate.in_extension_review": "延续审查中",
    "certificate.last_filing_day": "有效期已届满，今天仍可申请延续",
    "certificate.extension_due": "有效期已届满，变更办结后可申请延续",
    "employment.none": "未登记聘用关系",
    "employment.differs": "聘用单位与证书所在单位不一致",
    "post.differs": "证书上的职务与聘用登记的不一致",
    "enterprise.gone": "证书所在单位已注销或吊销",
    "enterprise.renamed": "企业名称已变更，待换发",
    "qualification.constructor": "建造师注册与证书单位不一致",
    "person.no_id_photo": "未上传个人证件照",
    "person.name_differs": "证书姓名与实名登记不一致，待纠错",
    "person.sex_differs": "证书性别与实名登记不一致，待纠错",
    "person.birth_date_differs": "证书出生日期与实名登记不一致，待纠错",
}
_ADVISORY = frozenset(
    {
        "certificate.in_extension_review",
        "certificate.last_filing_day",
        "certificate.extension_due",
        "enterprise.renamed",
        "post.differs",
        "person.name_differs",
        "person.sex_differs",
        "person.birth_date_differs",
    }
)


def reasons_of_codes(codes: Iterable[str]) -> list[Reason]:
    """Lists use it on the snapshot (`Certificate.display_codes`), without a query."""
    return [Reason(code, _words(code), code not in _ADVISORY) for code in codes]


def _words(code: str) -> str:
    if code.startswith("holding."):
        return SENTENCES[code.removeprefix("holding.")]
    if code.startswith("certificate.state_"):
        return TERMINATED[LegalState(code.removeprefix("certificate.state_"))]
    return _WORDS.get(code, "证书信息与登记情况不一致")
