"""Old certificates as offices send them: made-up people, in every kind of file."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path

from django.utils import timezone

from accounts.models import Person
from accounts.people.identity import id_number_index
from common.text.id_number import id_check_character, read_id_number

HEADER = [
    "姓名",
    "身份证号",
    "证书编号",
    "类别",
    "企业名称",
    "统一社会信用代码",
    "职务",
    "有效期起",
    "有效期止",
    "状态",
]


def id_number(sequence: int, birth: str = "19800101", region: str = "360102") -> str:
    first17 = f"{region}{birth}{sequence:03d}"
    return first17 + id_check_character(first17)


def old_id_number(sequence: int) -> str:
    """15 digits, of the person with the same sequence."""
    number = id_number(sequence)
    return number[:6] + number[8:17]


def person(name: str, sequence: int, *, aliases: tuple[str, ...] = (), registered: bool = True) -> Person:
    number = id_number(sequence)
    facts = read_id_number(number)
    return Person.objects.create(
        name=name,
        alias_names=list(aliases),
        id_number=number,
        id_number_index=id_number_index(number),
        sex=facts.sex,
        birth_date=facts.birth_date,
        registered_at=timezone.now() if registered else None,
    )


def row(
    name: str = "张三",
    sequence: int = 1,
    serial: int = 1,
    *,
    category: str = "A",
    year: int = 2024,
    number: str | None = None,
    **changed: str,
) -> list[str]:
    values = {
        "姓名": name,
        "身份证号": id_number(sequence),
        "证书编号": number if number is not None else f"赣建安{category}（{year}）{serial:07d}",
        "类别": category,
        "企业名称": "江西甲建筑有限公司",
        "统一社会信用代码": "",
        "职务": "总经理",
        "有效期起": "2024-03-01",
        "有效期止": "2027-02-28",
        "状态": "有效",
    }
    values |= changed
    return [values[title] for title in HEADER]


def csv_bytes(
    *rows: list[str], encoding: str = "utf-8", delimiter: str = ",", header: list[str] | None = None
) -> bytes:
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=delimiter)
    writer.writerows([header or HEADER, *rows])
    return stream.getvalue().encode(encoding)


def csv_file(folder: Path, *rows: list[str]) -> Path:
    file = folder / "legacy.csv"
    file.write_bytes(csv_bytes(*rows))
    return file


TODAY = date(2026, 1, 15)
