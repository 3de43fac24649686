"""Answers what the public may know (F70): one certificate by its number or a person's by the ID number, each with the
name.

Unknown, not matching and unusable are answered alike and take the same time: where nothing matches, the nearest entry
of the index goes through the same work instead.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.utils.timezone import localdate

from accounts.people.numbers import present_index
from certificates.enums import Category, LegalState
from certificates.facts.former_numbers import number_printed
from certificates.facts.holdings import Holdings, find_holdings
from certificates.facts.reading import Finder
from certificates.models import Certificate, CertificateVersion, TransferProof
from certificates.state.display import StatusAnswer, answer_all
from common.dates import chinese_date
from common.text.certificate_number import CertificateNumber
from common.text.names import name_key

from .selectors import PrintedVersion

_SUSPENDED = "暂扣期间不能使用，期满发还后恢复。"
_ENDED = "证书已经终止，不能作为任职、投标和施工许可的凭证。"
_SENTENCES = {
    LegalState.SUSPENDED: _SUSPENDED,
    LegalState.REVOKED: _ENDED,
    LegalState.CANCELLED: _ENDED,
    LegalState.EXPIRED: "证书已经失效，须重新参加考核。",
    LegalState.WITHDRAWN: _ENDED,
    LegalState.TRANSFERRING: "证书已办理跨省调出，请向调入省份的住房和城乡建设主管部门查询。",
    LegalState.OTHER: "请向发证机关核实。",
}


@dataclass(frozen=True)
class PublicState:
    """The words of this state say nothing about anybody's employment."""

    word: str
    tone: str
    sentence: str
    is_usable: bool = False


def public_state(certificate: Certificate, answer: StatusAnswer) -> PublicState:
    state = LegalState(certificate.legal_state)
    if state == LegalState.TRANSFERRING:
        return PublicState("跨省调出", "warn", _SENTENCES[state])
    if state != LegalState.VALID:
        return PublicState(f"已{state.label}", "bad", _SENTENCES[state])
    if answer.is_normal:
        if answer.in_extension_review:
            return PublicState(answer.label, "good", "有效期内已申请延续，作出决定前继续有效。", is_usable=True)
        if answer.extension_until is not None:
            until = chinese_date(answer.extension_until)
            sentence = f"有效期已届满，按规定{until}前仍可申请延续，期间继续有效。"
            return PublicState(answer.label, "good", sentence, is_usable=True)
        return PublicState(answer.label, "good", "证书可以正常使用。", is_usable=True)
    if any(reason.code == "certificate.expired" for reason in answer.reasons):
        return PublicState("已过有效期", "bad", "有效期届满，没有在届满前申请延续，不能继续使用。")
    return PublicState(
        "异常状态",
        "bad",
        "证书信息与登记情况不一致，办理变更、纠错等手续后恢复。具体原因持证人登录后在“我的证书”查看。",
    )


@dataclass(frozen=True)
class Found:
    """Holds the data of one certificate that strangers may see."""

    number: str
    category: str
    category_label: str
    name: str
    enterprise_name: str
    post: str
    first_issued_on: date
    ends_on: date
    state: PublicState
    former_number: str = ""
    """It was asked for, and the certificate printed it before a correction."""


_COLUMNS = "c.number, c.person_id, p.name, p.alias_names, p.id_number_index"
_PEOPLE = "certificates_certificate c JOIN accounts_person p ON p.id = c.person_id"
_PRESENT = (
    "COALESCE((SELECT c.number FROM certificates_formernumber f JOIN certificates_certificate c "
    "ON c.id = f.certificate_id WHERE f.number = %(wanted)s LIMIT 1), %(wanted)s)"
)
"""A number that a correction replaced stands for the present one."""


def _first_of(key: str, order: str, asked: str = "%(wanted)s") -> str:
    """Answers the statement that finds the first entry not before the wanted one, or else the first of all."""
    following = (
        f"SELECT {_COLUMNS}, 1 AS turn FROM {_PEOPLE} WHERE {key} >= (SELECT key FROM asked) ORDER BY {order} LIMIT 1"  # noqa: S608
    )
    first = f"SELECT {_COLUMNS}, 2 AS turn FROM {_PEOPLE} ORDER BY {order} LIMIT 1"  # noqa: S608
    return (
        f"WITH asked AS (SELECT {asked} AS key) "  # noqa: S608
        f"SELECT found.*, key FROM (({following}) UNION ALL ({first})) found, asked ORDER BY turn LIMIT 1"
    )


_BY_NUMBER = Finder(_first_of("c.number", "c.number", _PRESENT))
_BY_INDEX = Finder(_first_of("p.id_number_index", "p.id_number_index, c.id"))


@dataclass(frozen=True)
class _Nearest:
    """Holds the entry of an index that is the wanted one or follows it, and what is shown of its person."""

    asked: str
    number: str
    name: str
    alias_names: Sequence[str]
    id_number_index: str
    shown: Sequence[Found]

    def is_named(self, name: str) -> bool:
        return name_key(name) in {name_key(known) for known in (self.name, *self.alias_names)}


def _nearest(finder: Finder, wanted: str) -> _Nearest | None:
    row, facts = find_holdings(finder, {"wanted": wanted})
    if row is None:
        return None
    return _Nearest(
        asked=row["key"],
        number=row["number"],
        name=row["name"],
        alias_names=row["alias_names"],
        id_number_index=row["id_number_index"],
        shown=usable(facts),
    )


def by_number(number: CertificateNumber, name: str) -> list[Found]:
    """A number that was corrected leads to the present one, for whoever knows the name as well."""
    wanted = str(number)
    nearest = _nearest(_BY_NUMBER, wanted)
    if nearest is None:
        return []
    fits = nearest.number == nearest.asked and nearest.is_named(name)
    former = wanted if nearest.asked != wanted else ""
    return [replace(found, former_number=former) for found in nearest.shown if fits and found.number == nearest.asked]


def by_id_number(id_number: str, name: str) -> list[Found]:
    """`id_number` must be normalised."""
    wanted = present_index(id_number)
    nearest = _nearest(_BY_INDEX, wanted)
    if nearest is None:
        return []
    fits = nearest.id_number_index == wanted and nearest.is_named(name)
    return list(nearest.shown) if fits else []


def usable(facts: Holdings) -> list[Found]:
    """Answers the certificates of these people that strangers may see."""
    answers = answer_all(facts)
    every = [found_of(certificate, answers[pk]) for pk, certificate in facts.certificates.items()]
    return [
        found
        for found, certificate in zip(every, facts.certificates.values(), strict=True)
        if found.state.is_usable or certificate.legal_state == LegalState.TRANSFERRING
    ]


def found_of(certificate: Certificate, answer: StatusAnswer) -> Found:
    return Found(
        number=certificate.number,
        category=certificate.category,
        category_label=str(Category(certificate.category).label),
        name=certificate.person.name,
        enterprise_name=certificate.enterprise_name,
        post=certificate.get_post_display(),
        first_issued_on=certificate.first_issued_on,
        ends_on=certificate.ends_on,
        state=public_state(certificate, answer),
    )


@dataclass(frozen=True)
class VersionState:
    """Compares one printed version with the present state of the certificate."""

    version: CertificateVersion
    latest: int
    state: PublicState
    live_ends_on: date
    live_enterprise_name: str
    number: str
    category_label: str

    @property
    def is_withdrawn(self) -> bool:
        """Answers whether the term of the version was reversed."""
        return self.version.term.reversed_at is not None

    @property
    def begins_later(self) -> bool:
        """Answers whether the version is of a term that follows the present one, as after an extension in time."""
        return self.version.valid_from > localdate() and self.state.is_usable

    @property
    def is_superseded(self) -> bool:
        return self.version.version < self.latest

    @property
    def is_good(self) -> bool:
        return self.state.is_usable and not self.is_superseded and not self.is_withdrawn

    @property
    def superseded(self) -> str:
        return self.version.certificate.superseded

    @property
    def verdict(self) -> str:
        if self.is_superseded:
            return self.superseded
        return "该版本已撤回" if self.is_withdrawn else "有效" if self.is_good else self.state.word

    @property
    def tone(self) -> str:
        if self.is_superseded or self.is_withdrawn:
            return "warn" if self.state.is_usable else "bad"
        return self.state.tone


def version_state(printed: PrintedVersion) -> VersionState:
    """The state is that of the same moment: a page that is opened after a decision tells what was decided."""
    version, facts = printed.version, printed.facts
    live = version.certificate = facts.certificates[version.certificate_id]
    number, category = number_printed(version)
    return VersionState(
        version=version,
        number=number,
        category_label=str(Category(category).label),
        latest=live.latest_version,
        state=public_state(live, answer_all(facts)[live.pk]),
        live_ends_on=live.ends_on,
        live_enterprise_name=live.enterprise_name,
    )


@dataclass(frozen=True)
class ProofState:
    """Holds the present state of a 调出证明."""

    proof: TransferProof

    @property
    def is_good(self) -> bool:
        return self.proof.undone_at is None and self.proof.certificate.legal_state == LegalState.TRANSFERRING

    @property
    def word(self) -> str:
        if self.proof.undone_at is not None:
            return "调出已取消"
        return "有效" if self.is_good else "已办结"

    @property
    def tone(self) -> str:
        return "good" if self.is_good else "bad" if self.proof.undone_at is not None else "warn"

    @property
    def sentence(self) -> str:
        if self.proof.undone_at is not None:
            return "跨省调出已经取消，这份证明不再有效。"
        if self.is_good:
            return "证书已同意调出，尚未在调入省份办结。"
        return "证书已不在调出状态，调入手续可能已经办结。"
