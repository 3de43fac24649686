"""Records which originals a clerk saw at a desk, and says what still prevents the approval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from common.findings import Cure, Finding
from common.text.chinese import half_width, single_blanks

from .business import business_of
from .enums import Desk, OriginalResult
from .models import Application, ArchiveNumber
from .steps import Original, Step

DETAIL = "originals"
SCAN = "original_"


@dataclass(frozen=True)
class Seen:
    """Describes one original on the counter. The event says who saw it and when."""

    key: str
    title: str
    result: str
    remark: str = ""
    archive_number: str = ""

    @property
    def agrees(self) -> bool:
        return self.result == OriginalResult.AGREES

    @property
    def result_label(self) -> str:
        return str(OriginalResult(self.result).label)

    @property
    def wanted(self) -> str:
        """Tells the applicant what to bring, and what was wrong."""
        why = {OriginalResult.DIFFERS: "原件与申请内容不符", OriginalResult.MISSING: "没有带来"}[
            OriginalResult(self.result)
        ]
        return f"{self.title}（{'：'.join(filter(None, [why, self.remark]))}）"


def detail_of(seen: Sequence[Seen]) -> dict[str, Any]:
    return {DETAIL: [asdict(one) for one in seen]} if seen else {}


def seen_in(detail: Mapping[str, Any]) -> list[Seen]:
    return [Seen(**one) for one in detail.get(DETAIL, [])]


def not_in_order(detail: Mapping[str, Any]) -> list[Seen]:
    """Answers the originals that the applicant has to bring, or to bring in order."""
    return [one for one in seen_in(detail) if not one.agrees]


def bring_sentence(detail: Mapping[str, Any]) -> str:
    """Answers the sentence for the notice of a return; "" when every original was in order."""
    wanted = "；".join(one.wanted for one in not_in_order(detail))
    return f"请带齐原件：{wanted}。" if wanted else ""


def scan_kind(original: Original) -> str:
    return f"{SCAN}{original.key}"


def archive_form(number: str) -> str:
    """Brings what clerks type into one form, so that a number is not taken twice with other blanks or width."""
    return single_blanks(half_width(number)).strip()


def step_of(application: Application) -> Step | None:
    return business_of(application.kind).step_at(application.desk) if application.desk else None


def only_at_its_desk(application: Application, detail: dict[str, Any]) -> dict[str, Any]:
    """An event speaks of originals only where the desk looks at them, and only of those it declares."""
    step = step_of(application)
    declared = {original.key for original in step.originals} if step is not None else set()
    others = {key: value for key, value in detail.items() if key != DETAIL}
    return others | detail_of([one for one in seen_in(detail) if one.key in declared])


def findings_on_originals(application: Application, detail: Mapping[str, Any], *, alone: bool) -> list[Finding]:
    """Answers a finding for each original that is not in order yet. `alone` is False for an act on several applications."""
    step = step_of(application)
    if step is None or not step.originals:
        return []
    if not alone:
        titles = "、".join(original.title for original in step.originals)
        detail_text = f"须逐件核对{titles}的原件，不能批量通过。"
        return [_finding(application, "originals.one_by_one", "原件须逐件核对", detail_text)]
    seen = {one.key: one for one in seen_in(detail)}
    found = [_original_finding(application, original, seen.get(original.key)) for original in step.originals]
    return [one for one in found if one is not None] + _archive_findings(application, step, seen)


def _original_finding(application: Application, original: Original, seen: Seen | None) -> Finding | None:
    code = f"originals.{original.key}"
    if seen is None:
        detail = f"请查看原件，与{original.against}核对后选择结果。"
        return _finding(application, code, f"{original.title}原件还没有核对", detail)
    if not seen.agrees:
        detail = "不能通过。请退回补正，退回通知会列明这一件；本人带齐后再核对。"
        message = f"{original.title}：{seen.result_label}"
        return _finding(application, code, message, "：".join(filter(None, [seen.remark, detail])), turn="本人")
    if original.kept and not archive_form(seen.archive_number):
        return _finding(application, code, f"{original.title}原件没有填写档案号", "收回存档的原件须填写档案号。")
    return None


def _archive_findings(application: Application, step: Step, seen: Mapping[str, Seen]) -> list[Finding]:
    kept = {original.key: original for original in step.originals if original.kept}
    numbers = {archive_form(one.archive_number): kept[key] for key, one in seen.items() if key in kept}
    taken = ArchiveNumber.objects.filter(office=application.holder_office, number__in=numbers).exclude(
        application=application
    )
    return [
        _finding(
            application,
            f"originals.{numbers[row.number].key}",
            f"档案号“{row.number}”在本部门已经使用",
            f"它属于办件{row.application.number}，一个档案号只存一个办件的原件。请核对后填写。",
        )
        for row in taken.select_related("application").order_by("pk")
    ]


def _finding(application: Application, code: str, message: str, detail: str, *, turn: str = "") -> Finding:
    cure = Cure("去核对原件", url_name="workflow:review", kwargs={"number": application.number})
    return Finding(code, message, detail, turn=turn or f"{Desk(application.desk).label}窗口", cure=cure)


def archive(applications: Sequence[Application], detail: Mapping[str, Any]) -> None:
    """Writes down where the originals of approved applications lie, before the applications leave the desk."""
    for application in applications:
        step = step_of(application)
        kept = {original.key for original in step.originals if original.kept} if step is not None else set()
        numbers = {archive_form(one.archive_number) for one in seen_in(detail) if one.key in kept}
        for number in sorted(numbers):
            ArchiveNumber.objects.get_or_create(
                office=application.holder_office, number=number, application=application
            )
