"""Makes one good row of the file into one line for COPY, with every judgement that the row alone allows."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from accounts.enums import Sex
from accounts.people.identity import id_number_index
from certificates.models import LegacyCertificate
from certificates.plausibility import Days, Limits, implausible
from common.encryption import encrypt_text
from common.tabular.cells import without_id_numbers
from common.tabular.column import REASON_TITLE
from common.tabular.row import Problem, Row
from common.text.certificate_number import CertificateNumber
from common.text.id_number import read_id_number

from .columns import UNDIVIDED, UNKNOWN_SEX

USCC_AS_IT_CAME = "统一社会信用代码（原样）"
UNDIVIDED_NOTE = "未分类C证"

STAGED = (
    "row_number",
    "id_number",
    "id_number_index",
    "name",
    "sex",
    "number",
    "number_year",
    "number_serial",
    "category",
    "enterprise_name",
    "uscc",
    "post",
    "first_issued_on",
    "issued_on",
    "valid_from",
    "valid_to",
    "source_state",
    "quarantine_reason",
    "fingerprint",
    "extra",
)
"""These are the columns of a line, in order; all but the first are columns of the table too."""

_SPECIAL = re.compile(r"[\\\t\n\r]")
_ESCAPES = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}
NULL = "\\N"


@dataclass(frozen=True, slots=True)
class Line:
    text: str
    problems: tuple[Problem, ...] = ()
    notes: tuple[Problem, ...] = ()
    is_undivided: bool = False


def line_of(row: Row, unknown_titles: frozenset[str], limits: Limits) -> Line:
    values: dict[str, Any] = row.values
    problems = row.problems + _contradictions(row)
    if problems:
        return Line("", tuple(problems))
    number: CertificateNumber = values["number"]
    category = divided(values["category"], number.category) or number.category
    uscc, odd_uscc = values["uscc"] or ("", "")
    extra = _extra(row, unknown_titles) if unknown_titles else {}
    notes: tuple[Problem, ...] = ()
    if odd_uscc:
        extra[USCC_AS_IT_CAME] = odd_uscc
        sentence = "不是有效的统一社会信用代码；本行已导入，企业按名称匹配。"
        notes = (Problem(row.number, "统一社会信用代码", odd_uscc[:40], sentence),)
    facts = read_id_number(values["id_number"])
    notes += _sex_notes(row, facts.sex)
    if category == UNDIVIDED:
        extra[UNDIVIDED_NOTE] = "匹配时按政策参数归入具体类别"
    doubts = _doubts(values, number, facts.birth_date, limits)
    return Line(_text(row.number, values, number, category, uscc, extra, doubts), (), notes, category == UNDIVIDED)


def _doubts(values: dict[str, Any], number: CertificateNumber, birth_date: date, limits: Limits) -> str:
    """Answers why the row waits for a clerk, or a blank."""
    elsewhere = "" if number.is_local else f"外省证书编号（{number.province}），请持证人办理进赣换证。"
    days = Days(
        valid_to=values["valid_to"],
        valid_from=values["valid_from"],
        issued_on=values["issued_on"],
        first_issued_on=values["first_issued_on"],
        birth_date=birth_date,
        number_year=number.year,
    )
    return "".join([elsewhere, *implausible(days, limits)])


def _sex_notes(row: Row, numbered: str | None) -> tuple[Problem, ...]:
    """Takes the sex from the ID number where the file does not know it, and tells where the two differ."""
    said = row.values["sex"]
    if not said or numbered is None or said == numbered:
        return ()
    word = str(Sex(numbered).label)
    if said == UNKNOWN_SEX:
        row.values["sex"] = numbered
        return (Problem(row.number, "性别", "未知", f"按身份证号码填为“{word}”，本行已导入。"),)
    shown = str(Sex(str(said)).label)
    return (Problem(row.number, "性别", shown, f"身份证号码表示“{word}”，两者不符，请核对；本行已导入。"),)


def divided(said: str | None, numbered: str) -> str | None:
    """Answers the category in which column and number agree, the more exact of the two; None where they contradict."""
    if said is None or said == numbered:
        return numbered
    if UNDIVIDED in (said, numbered) and said[0] == numbered[0]:
        return max(said, numbered, key=len)
    return None


def _contradictions(row: Row) -> list[Problem]:
    values: dict[str, Any] = row.values
    found = []
    starts, ends = values["valid_from"], values["valid_to"]
    if starts and ends and starts > ends:
        found.append(Problem(row.number, "有效期起", starts.isoformat(), "有效期起晚于有效期止，请核对。"))
    said, number = values["category"], values["number"]
    if said and number and divided(said, number.category) is None:
        sentence = f"类别列为{said}，证书编号中为{number.category}，两者矛盾，请核对。"
        found.append(Problem(row.number, "类别", said, sentence))
    return found


def _extra(row: Row, unknown_titles: frozenset[str]) -> dict[str, str]:
    """Leaves out values that hold an ID number: those are stored encrypted or not at all."""
    kept = {title: value for title, value in row.raw.items() if title in unknown_titles and value}
    return {
        title: value for title, value in kept.items() if title != REASON_TITLE and without_id_numbers(value) == value
    }


def _text(
    row_number: int,
    values: dict[str, Any],
    number: CertificateNumber,
    category: str,
    uscc: str,
    extra: dict[str, str],
    reason: str,
) -> str:
    id_number: str = values["id_number"]
    index = id_number_index(id_number)
    # The order is that of STAGED, from `name` to `source_state`.
    known = (
        values["name"],
        "" if values["sex"] in (None, UNKNOWN_SEX) else values["sex"],
        str(number),
        str(number.year) if number.is_local else NULL,
        str(number.serial) if number.is_local else NULL,
        category,
        values["enterprise_name"] or "",
        uscc,
        values["post"] or "",
        _day(values["first_issued_on"]),
        _day(values["issued_on"]),
        _day(values["valid_from"]),
        _day(values["valid_to"]),
        values["source_state"] or "",
    )
    content = "\t".join(known)
    fingerprint = fingerprint_of(index, content)
    if _SPECIAL.search("".join((values["name"], known[6], known[8], known[13]))):
        content = "\t".join(field if field == NULL else escaped(field) for field in known)
    kept = escaped(json.dumps(extra, ensure_ascii=False)) if extra else "{}"
    return f"{row_number}\t{encrypt_text(id_number)}\t{index}\t{content}\t{reason}\t{fingerprint}\t{kept}\n"


def fingerprint_of(index: str, content: str) -> str:
    """Takes the index and not the number, because an ID number is soon guessed from a hash without a key."""
    return hashlib.sha256(f"{index}\t{content}".encode()).hexdigest()


def fingerprint_of_record(record: LegacyCertificate) -> str:
    """Answers the fingerprint that the same row of a file has, with the number that the file gives.

    The index of a record follows its person when the number is corrected; the number itself stays as it was read.
    """
    index = id_number_index(record.id_number) if record.id_number else record.id_number_index
    return fingerprint_of(index, _content_of(record))


def _content_of(record: LegacyCertificate) -> str:
    """Has the order of `_text`."""
    return "\t".join(
        (
            record.name,
            record.sex,
            record.number,
            NULL if record.number_year is None else str(record.number_year),
            NULL if record.number_serial is None else str(record.number_serial),
            record.category,
            record.enterprise_name,
            record.uscc,
            record.post,
            _day(record.first_issued_on),
            _day(record.issued_on),
            _day(record.valid_from),
            _day(record.valid_to),
            record.source_state,
        )
    )


def escaped(field: str) -> str:
    return _SPECIAL.sub(lambda match: _ESCAPES[match[0]], field)


@lru_cache(maxsize=16_384)
def _day(day: date | None) -> str:
    return day.isoformat() if day is not None else NULL
