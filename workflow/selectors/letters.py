"""Writes the words of letters, and finds letters. The words are the same in the preview and on paper."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet

from administration.models import Office
from administration.parameters.book import ParameterBook
from common.dates import chinese_date

from ..business import business_of
from ..enums import Action, LetterKind, Party
from ..models import Application, Letter
from ..originals import bring_sentence

LAW = "《中华人民共和国行政许可法》"
BASIS = {
    LetterKind.SUPPLEMENT: f"{LAW}第三十二条",
    LetterKind.NOT_ACCEPTED: f"{LAW}第三十二条",
    LetterKind.REFUSED: f"{LAW}第三十八条",
}


@dataclass(frozen=True)
class LetterText:
    title: str
    addressee: str
    paragraphs: tuple[str, ...]

    def as_content(self) -> dict[str, Any]:
        return asdict(self)


def letter_kind(action: str, application: Application) -> LetterKind | None:
    """Answers None for what is told without a letter. Before the acceptance there is nothing to refuse."""
    if not business_of(application.kind).has_letters:
        return None
    if action == Action.RETURN:
        return LetterKind.SUPPLEMENT
    if action != Action.REJECT:
        return None
    return LetterKind.REFUSED if application.accepted_at is not None else LetterKind.NOT_ACCEPTED


def letter_text(
    kind: LetterKind, application: Application, *, reasons: str, office: Office, due_on: date | None
) -> LetterText:
    """`reasons` has a line for each; `due_on` is the last day of a supplement."""
    whose = "您" if application.filed_by == Party.PERSON else "你单位"
    subject = f"{whose}提出的{business_of(application.kind).title}申请（办件编号 {application.number}）"
    lines = tuple(line for line in (line.strip() for line in reasons.splitlines()) if line)
    if kind == LetterKind.SUPPLEMENT:
        until = f"请于{chinese_date(due_on)}前补正后重新提交" if due_on else "请补正后重新提交"
        opening = f"{subject}需要补正，请一次补齐下列内容："
        closing = (f"{until}。补正期间不计入办理期限；逾期没有补正的，本次申请终止，可以重新申请。",)
    else:
        decided = "决定不予受理" if kind == LetterKind.NOT_ACCEPTED else "决定不予许可"
        opening = f"{subject}，经审查，依据{BASIS[kind]}，{decided}。事实和理由如下："
        closing = (remedies(office),)
    basis = (f"依据：{BASIS[kind]}。",) if kind == LetterKind.SUPPLEMENT else ()
    return LetterText(kind.label, addressee(application), (opening, *lines, *closing, *basis))


def remedies(office: Office) -> str:
    return (
        f"如不服本决定，可以自收到本决定书之日起六十日内向{office.region.name}人民政府申请行政复议，"
        "或者自收到本决定书之日起六个月内依法向人民法院提起行政诉讼。"
    )


def addressee(application: Application) -> str:
    party = application.person if application.filed_by == Party.PERSON else application.enterprise
    party = party or application.person or application.enterprise
    return party.name if party else ""


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
    kind, office = letter_kind(action, application), application.holder_office
    if kind is None or office is None:
        return None
    days = ParameterBook.load().integer("supplement_days", today)
    said = all_reasons(reasons, detail)
    return letter_text(kind, application, reasons=said, office=office, due_on=today + timedelta(days=days))


def all_reasons(comment: str, detail: Mapping[str, Any]) -> str:
    """Joins what was said and the originals that were not in order, a line for each."""
    return "\n".join(filter(None, [comment, bring_sentence(detail)]))
