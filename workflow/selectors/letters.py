"""Writes the words of letters, and finds letters. The words are the same in the preview and on paper."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.timezone import localdate

from accounts.models import Person
from administration.models import Office
from administration.parameters.book import ParameterBook
from administration.parameters.declared import DECLARED
from administration.parameters.letters import ACCEPTED, BOTH, GRANTED, key_of
from common.dates import chinese_date
from enterprises.models import Enterprise

from ..business import business_of
from ..enums import Action, LetterKind, Party, Status
from ..models import Application, Event, Letter
from ..originals import bring_sentence

LAW = "《中华人民共和国行政许可法》"
BASIS = {
    LetterKind.ACCEPTED: f"{LAW}第三十二条",
    LetterKind.SUPPLEMENT: f"{LAW}第三十二条",
    LetterKind.NOT_ACCEPTED: f"{LAW}第三十二条",
    LetterKind.GRANTED: f"{LAW}第三十八条",
    LetterKind.REFUSED: f"{LAW}第三十八条",
}
DECIDED = {
    LetterKind.ACCEPTED: "申请材料齐全、符合法定形式",
    LetterKind.NOT_ACCEPTED: "决定不予受理",
    LetterKind.GRANTED: "符合法定条件、标准",
    LetterKind.REFUSED: "决定不予许可",
}
SWITCHED = {LetterKind.ACCEPTED: (ACCEPTED, BOTH), LetterKind.GRANTED: (GRANTED, BOTH)}
"""The parameter of the business must have one of these values for such a letter."""


@dataclass(frozen=True)
class LetterText:
    title: str
    addressee: str
    paragraphs: tuple[str, ...]

    def as_content(self) -> dict[str, Any]:
        return asdict(self)


def letter_kind(event: Event, parameters: ParameterBook) -> LetterKind | None:
    """Answers None for what is told without a letter."""
    is_last = event.status == Status.APPROVED
    kind = _kind(event.action, event.desk, event.application, is_last=is_last)
    return kind if kind and _is_wanted(kind, event.application, parameters, localdate(event.at)) else None


def _kind(action: str, desk: str, application: Application, *, is_last: bool) -> LetterKind | None:
    """Before the acceptance there is nothing to refuse; what is accepted and granted at once is granted."""
    business = business_of(application.kind)
    if not business.has_letters:
        return None
    if action == Action.RETURN:
        return LetterKind.SUPPLEMENT
    if action == Action.REJECT:
        return LetterKind.REFUSED if application.accepted_at is not None else LetterKind.NOT_ACCEPTED
    if action != Action.APPROVE:
        return None
    if is_last:
        return LetterKind.GRANTED
    step = business.step_at(desk)
    return LetterKind.ACCEPTED if step is not None and step.accepts else None


def _is_wanted(kind: LetterKind, application: Application, parameters: ParameterBook, day: date) -> bool:
    """The province chooses for each business whether what is granted to an applicant is told by letter, too."""
    if kind not in SWITCHED:
        return True
    key = key_of(application.kind)
    return key in DECLARED and parameters.text(key, day) in SWITCHED[kind]


def letter_text(
    kind: LetterKind,
    application: Application,
    *,
    reasons: str,
    office: Office,
    due_on: date | None,
    about: Iterable[tuple[str, str]] = (),
) -> LetterText:
    """`reasons` has a line for each; `due_on` is the last day of a supplement, or of the decision on what is accepted;
    `about` is label and value of what is granted.
    """
    whose = "您" if application.filed_by == Party.PERSON else "你单位"
    subject = f"{whose}提出的{business_of(application.kind).title}申请（办件编号 {application.number}）"
    lines = tuple(line for line in (line.strip() for line in reasons.splitlines()) if line)
    if kind == LetterKind.SUPPLEMENT:
        paragraphs = _supplement(subject, lines, due_on)
    elif kind in SWITCHED:
        paragraphs = _agreeing(kind, subject, due_on, about)
    else:
        opening = f"{subject}，经审查，依据{BASIS[kind]}，{DECIDED[kind]}。事实和理由如下："
        paragraphs = (opening, *lines, remedies(office))
    return LetterText(kind.label, addressee(application), paragraphs)


def _supplement(subject: str, lines: Sequence[str], due_on: date | None) -> tuple[str, ...]:
    until = f"请于{chinese_date(due_on)}前补正后重新提交" if due_on else "请补正后重新提交"
    closing = f"{until}。补正期间不计入办理期限；逾期没有补正的，本次申请终止，可以重新申请。"
    return (f"{subject}需要补正，请一次补齐下列内容：", *lines, closing, f"依据：{BASIS[LetterKind.SUPPLEMENT]}。")


def _agreeing(kind: LetterKind, subject: str, due_on: date | None, about: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """A remark that an office makes when it agrees stands in no letter."""
    opening = f"{subject}，经审查，{DECIDED[kind]}，依据{BASIS[kind]}，"
    if kind == LetterKind.ACCEPTED:
        until = f"我们将在{chinese_date(due_on)}（含）前作出决定" if due_on else "我们将在法定期限内作出决定"
        closing = f"{until}，依法需要补正的时间不计算在内。办理进度可以随时在办件页面查看。"
        return (f"{opening}决定予以受理。", closing)
    granted = tuple(f"{label}：{value}" for label, value in about if value)
    return (f"{opening}决定准予行政许可。", *granted, "办理结果可以在办件页面查看和下载。")


def remedies(office: Office) -> str:
    return (
        f"如不服本决定，可以自收到本决定书之日起六十日内向{office.region.name}人民政府申请行政复议，"
        "或者自收到本决定书之日起六个月内依法向人民法院提起行政诉讼。"
    )


def addressee(application: Application) -> str:
    party = filer_of(application) or application.person or application.enterprise
    return party.name if party else ""


def filer_of(application: Application) -> Person | Enterprise | None:
    return application.person if application.filed_by == Party.PERSON else application.enterprise


def letters_of(application: Application) -> list[Letter]:
    return list(Letter.objects.filter(application=application).order_by("pk"))


def find_letter(application: Application, pk: int) -> Letter | None:
    return Letter.objects.filter(application=application, pk=pk).first()


def letters_waiting() -> QuerySet[Letter]:
    return Letter.objects.filter(file="")


def preview_of(
    application: Application, *, action: str, reasons: str, detail: Mapping[str, Any], today: date
) -> LetterText | None:
    """Answers the letter that the decision would order now; the office is the one that holds the case."""
    parameters, desk, office = ParameterBook.load(), application.desk, application.holder_office
    ahead = business_of(application.kind).steps_ahead(application, desk)
    kind = _kind(action, desk, application, is_last=all(reason for _, reason in ahead))
    if kind is None or office is None or not _is_wanted(kind, application, parameters, today):
        return None
    due_on = today + timedelta(days=parameters.integer("supplement_days", today))
    return letter_text(
        kind,
        application,
        reasons=all_reasons(reasons, detail),
        office=office,
        due_on=due_on if kind == LetterKind.SUPPLEMENT else None,
        about=about_granted([application]).get(application.pk, ()) if kind == LetterKind.GRANTED else (),
    )


def about_granted(applications: Sequence[Application]) -> dict[int, list[tuple[str, str]]]:
    """Answers what each application is about, in the queries of one for each kind among them."""
    found: dict[int, list[tuple[str, str]]] = {}
    for kind in dict.fromkeys(one.kind for one in applications):
        found |= business_of(kind).describe([one for one in applications if one.kind == kind])
    return found


def all_reasons(comment: str, detail: Mapping[str, Any]) -> str:
    """Joins what was said and the originals that were not in order, a line for each."""
    return "\n".join(filter(None, [comment, bring_sentence(detail)]))
