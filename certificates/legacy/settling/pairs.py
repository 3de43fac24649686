"""Puts two old records side by side: what differs, and what the registers say of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from accounts.enums import Sex
from certificates.enums import LegacyDecision, LegacyState
from certificates.models import LegacyCertificate
from common.dates import chinese_date
from common.text.masking import mask_id_number

from .selectors import Evidence, Matter

FIELDS = (
    "name", "id_number", "sex", "number", "category", "enterprise_name", "uscc", "post", "first_issued_on", "issued_on",
    "valid_from", "valid_to", "source_state",
)  # fmt: skip
TITLES = {one.name: str(one.verbose_name) for one in LegacyCertificate._meta.concrete_fields}
_SEX = {str(sex): str(sex.label) for sex in Sex}


@dataclass(frozen=True)
class Cell:
    text: str
    fits: bool = False


@dataclass(frozen=True)
class Line:
    title: str
    cells: list[Cell]
    differs: bool
    evidence: str

    @property
    def css_class(self) -> str:
        return "differs" if self.differs else ""

    @property
    def first(self) -> Cell:
        return self.cells[0]

    @property
    def second(self) -> Cell:
        return self.cells[-1]


@dataclass(frozen=True)
class Pair:
    """`others` are the further records that contradict this one, which a link puts into the second column."""

    record: LegacyCertificate
    other: LegacyCertificate | None
    lines: list[Line] = field(default_factory=list)
    others: list[LegacyCertificate] = field(default_factory=list)

    @property
    def differences(self) -> int:
        return sum(line.differs for line in self.lines)

    @property
    def caption(self) -> str:
        return f"两行并排　{self.differences} 处不同，已标出" if self.other is not None else "这一行"


def pair_of(matter: Matter, evidence: Evidence, other_id: int | None) -> Pair:
    others = list(matter.others)
    other = next((one for one in others if one.pk == other_id), others[0] if others else None)
    shown = [matter.record] if other is None else [matter.record, other]
    lines = []
    for name in FIELDS:
        texts = [_text(one, name) for one in shown]
        said = evidence.words.get(name, "—")
        if not any(texts) and said == "—":
            continue
        cells = [Cell(text or "—", _fits(one, name, evidence)) for one, text in zip(shown, texts, strict=True)]
        title = TITLES[name]
        lines.append(Line(title, cells, other is not None and not _is_same(shown, name), said))
    return Pair(matter.record, other, lines, [one for one in others if other is not None and one.pk != other.pk])


def _is_same(shown: list[LegacyCertificate], name: str) -> bool:
    compared = "id_number_index" if name == "id_number" else name
    first, second = (getattr(one, compared) for one in shown)
    return bool(first == second)


def _fits(record: LegacyCertificate, name: str, evidence: Evidence) -> bool:
    if name == "name":
        return record.name in evidence.names
    return name == "enterprise_name" and record.enterprise_name in evidence.enterprises


def _text(record: LegacyCertificate, name: str) -> str:
    value = getattr(record, name)
    if name == "id_number":
        return mask_id_number(value or "")
    if name == "sex":
        return _SEX.get(value, "")
    return chinese_date(value) if isinstance(value, date) else str(value or "")


@dataclass(frozen=True)
class Way:
    value: str
    label: str
    effect: str


def ways_of(matter: Matter, pair: Pair) -> list[Way]:
    """Says of each decision what it does here."""
    record, other = pair.record, pair.other
    holder = "其持证人已实名登记，随即成为证书并收到消息" if matter.person else "持证人实名登记后成为证书"
    ways = [Way(LegacyDecision.THIS, _named("以甲为准", other), f"甲：{holder}。{_fate(other, record)}")]
    if other is not None:
        kept = "乙保持现状（已是证书）" if other.state == LegacyState.MATCHED else "乙成为有效的历史数据，按持证人匹配"
        ways.append(Way(LegacyDecision.OTHER, "以乙为准", f"{kept}；甲注明“不采用”，保留备查。"))
        ways.append(
            Way(
                LegacyDecision.BOTH,
                "两条都保留，是两个人",
                "甲、乙都保留，各按姓名等本人登记。编号相同的不能都保留：一个编号只有一本证书。",
            )
        )
    ways.append(
        Way(LegacyDecision.CORRECT, "更正后采用", "按下面填写的内容采用；甲原样保留备查。用于录错、读错的日期和编号。")
    )
    ways.append(
        Way(LegacyDecision.NEITHER, "甲不采用", "甲不产生证书，保留备查；持证人须持原件到窗口录入。乙不受影响。")
    )
    return ways


def _named(label: str, other: LegacyCertificate | None) -> str:
    return label if other is not None else "以这一条为准"


def _fate(other: LegacyCertificate | None, record: LegacyCertificate) -> str:
    if other is None:
        return "日期等内容经您核实，不再拦截。"
    if other.number != record.number:
        return "乙不受影响。"
    if other.state == LegacyState.MATCHED:
        return "乙已成为证书：没有办过业务的撤回，办过的不能代替。"
    return "乙注明“不采用”，保留备查。"
