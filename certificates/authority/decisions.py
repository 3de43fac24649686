"""Describes a decision of the authority (F30), its conditions, and the bars that follow, without reading the database."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from administration.parameters.book import ParameterBook
from certificates.enums import AuthorityAction, Category, Ground
from certificates.models import Certificate
from common.dates import add_months, chinese_date
from common.findings import Finding
from workflow.actors import Actor
from workflow.enums import BarScope
from workflow.models import Bar

from .measures import MEASURES
from .permissions import NOT_YOURS, decides, why_not_in_state

LEADING = frozenset({Category.A, Category.B})
DOCUMENT_MISSING = "请填写文号"
DOCUMENT_LONG = "文号最多 {limit} 个字"
REASON_MISSING = "请填写事由"
REASON_LONG = "事由最多 {limit} 个字"
GROUND_MISSING = "请选择情形"
UNTIL_PAST = "暂扣期限应晚于今天"
MAX_REASON = 200
MAX_DOCUMENT = 80
"""The unit is characters. An overturning needs room for this document beside its own reason, in 300 characters."""


@dataclass(frozen=True)
class Decision:
    action: AuthorityAction
    document_number: str
    reason: str
    ground: str = ""
    until: date | None = None

    @property
    def summary(self) -> str:
        """The trail shows this text; it stores the document number separately."""
        about = f"暂扣至{chinese_date(self.until)}" if self.until else ""
        if self.ground and self.ground != Ground.OTHER:
            about = str(Ground(self.ground).label)
        return f"{about}：{self.reason}" if about else self.reason


def findings_of(
    decision: Decision, certificates: Sequence[Certificate], actor: Actor, *, on: date, in_grace: Collection[int]
) -> list[Finding]:
    """Answers all findings against the decision, of all certificates at once. `in_grace`: past the end, but still
    valid.
    """
    if not decides(actor):
        return [Finding("authority.not_yours", NOT_YOURS, turn="省厅审核人员")]
    if own := own_certificates(certificates, actor):
        return own
    return [*_of_content(decision, on), *_of_certificates(decision, certificates, on, in_grace)]


def own_certificates(certificates: Sequence[Certificate], actor: Actor) -> list[Finding]:
    """Nobody may decide about their own certificate, whichever login they use."""
    return [
        Finding(
            "authority.own",
            f"{one.number}是您本人的证书，不能由您处理",
            "请由省厅另一名审核人员办理。",
            turn="省厅另一名审核人员",
        )
        for one in certificates
        if actor.own_person_id is not None and one.person_id == actor.own_person_id
    ]


def holder_has_died(certificate: Certificate) -> Finding:
    person = certificate.person
    died = f"（{chinese_date(person.died_on)}）" if person.died_on else ""
    return Finding(
        "authority.died",
        f"{certificate.number}的持证人{person.name}已登记死亡{died}，撤回后证书会恢复有效",
        "死亡登记有误的，先到登记点申请撤销死亡登记，因死亡注销的证书随之恢复；死亡属实的，证书不再恢复。",
        turn="登记点",
    )


def content_findings(document_number: str, reason: str) -> Iterator[Finding]:
    """Every decision names its document and its reason."""
    if not document_number.strip():
        yield Finding(
            "authority.document_missing",
            DOCUMENT_MISSING,
            "没有文书的决定不能登记，轨迹和公告中都要写明依据。",
            turn="省厅审核人员",
        )
    elif len(document_number) > MAX_DOCUMENT:
        yield Finding("authority.document_long", DOCUMENT_LONG.format(limit=MAX_DOCUMENT), turn="省厅审核人员")
    if not reason.strip():
        yield Finding(
            "authority.reason_missing", REASON_MISSING, "事由会写入证书轨迹，并告知持证人。", turn="省厅审核人员"
        )
    elif len(reason) > MAX_REASON:
        yield Finding("authority.reason_long", REASON_LONG.format(limit=MAX_REASON), turn="省厅审核人员")


def _of_content(decision: Decision, on: date) -> Iterator[Finding]:
    yield from content_findings(decision.document_number, decision.reason)
    known = MEASURES[decision.action].grounds
    if known and decision.ground not in known:
        yield Finding(
            "authority.ground_missing",
            GROUND_MISSING,
            "不同情形决定持证人多长时间内不得再次申请。",
            turn="省厅审核人员",
        )
    if decision.until is not None and decision.until <= on:
        yield Finding("authority.until_past", UNTIL_PAST, turn="省厅审核人员")


def _of_certificates(
    decision: Decision, certificates: Iterable[Certificate], on: date, in_grace: Collection[int]
) -> Iterator[Finding]:
    for certificate in certificates:
        sentence = why_not_in_state(decision.action, certificate)
        if sentence is not None:
            yield Finding("authority.state", f"{certificate.number}不能{decision.action.label}", sentence)
        elif MEASURES[decision.action].may_end and certificate.ends_on < on and certificate.pk not in in_grace:
            detail = f"有效期至{chinese_date(certificate.ends_on)}，已经失效的证书没有可以暂扣的内容。"
            yield Finding("authority.expired", f"{certificate.number}已过有效期，不能暂扣", detail)


def bars_of(
    decision: Decision, certificates: Iterable[Certificate], *, on: date, parameters: ParameterBook
) -> dict[int, Bar]:
    """Maps a certificate to the unsaved bar that follows, from the day of the decision for the months of the parameter."""
    known = MEASURES[decision.action].bars.get(Ground(decision.ground)) if decision.ground else None
    if known is None:
        return {}
    scope, parameter = known
    months = parameters.integer(parameter, on)
    return {
        certificate.pk: Bar(
            person_id=certificate.person_id,
            scope=scope,
            source=f"{certificate.number}被{decision.action.label}：{Ground(decision.ground).label}",
            starts_on=on,
            ends_on=add_months(on, months) - timedelta(days=1),
            document_number=decision.document_number,
        )
        for certificate in certificates
        if scope != BarScope.LEADING_POSTS or certificate.category in LEADING
    }
