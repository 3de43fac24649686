"""Makes an old file as offices have it: GB 18030, titles above the header, 15-digit numbers, double and broken rows."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from pathlib import Path

from django.conf import settings

from accounts.models import Person
from administration.imports.services import run_import
from common.dates import add_months
from common.text.certificate_number import format_number
from enterprises.models import Enterprise

from .builders import demo_builder
from .context import DemoContext, fifteen_digits

HEADER = (
    "姓名", "身份证号码", "性别", "证书编号", "证书类别", "单位名称", "统一社会信用代码", "职务",
    "初次发证日期", "发证日期", "有效期开始", "有效期至", "状态", "备注",
)  # fmt: skip
STRANGERS = 12
YEAR = 2018


def build(context: DemoContext, people: list[Person], enterprises: list[Enterprise], folder: Path) -> list[str]:
    """Imports the file; answers ID numbers of people who are not registered yet."""
    rows = [
        _row(context, person.name, _as_old(person.id_number), enterprises[n % 30], n) for n, person in enumerate(people)
    ]
    strangers = [context.id_number("360102", birth=date(1975, 3, 1) + timedelta(days=40 * n)) for n in range(STRANGERS)]
    rows += [
        _row(context, context.person_name(), _as_old(number), enterprises[n % 30], len(people) + n)
        for n, number in enumerate(strangers)
    ]
    rows.append(rows[0])  # the same row twice
    rows.append([*rows[1][:5], "另一家演示建筑有限公司", *rows[1][6:]])  # one number, two contents: for a clerk
    rows += _set_aside(context, len(rows))
    broken = list(rows[2])
    broken[1], broken[3] = broken[1][:-1] + ("0" if broken[1][-1] != "0" else "1"), format_number("B", YEAR, 900)
    rows.append(broken)
    content = _as_file(rows)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "legacy.csv").write_bytes(content)
    run_import("legacy", content, "历史证书数据（演示）.csv", by="演示数据")
    return strangers


def _set_aside(context: DemoContext, n: int) -> list[list[str]]:
    """Makes rows that wait for a clerk: an end 68 years later, an issue after the end, and one ID number with two names."""
    numbers = [context.id_number("360102", birth=date(1979, 5, 4) + timedelta(days=90 * k)) for k in range(3)]
    rows = []
    for k, number in enumerate((*numbers, numbers[2])):
        row = _row(context, context.person_name(), number, context.enterprises[k], k)
        row[3] = format_number(row[4], YEAR, n + k + 1)
        rows.append(row)
    rows[0][11] = "2092/02/28"
    rows[1][9] = f"{context.today + timedelta(days=4000):%Y-%m-%d}"
    return rows


def _as_old(id_number: str) -> str:
    return fifteen_digits(id_number) if id_number[6:8] == "19" and int(id_number[-2]) % 2 else id_number


def _row(context: DemoContext, name: str, number: str, enterprise: Enterprise, n: int) -> list[str]:
    ends = context.today + timedelta(days=60 + n * 30)
    starts = add_months(ends + timedelta(days=1), -36)
    category = ("B", "C2", "C3", "A")[n % 4]
    first = starts.replace(year=YEAR, day=min(starts.day, 28))
    return [
        name, number, "", format_number(category, YEAR, n + 1), category, enterprise.name,
        enterprise.uscc if n % 3 else "",
        {"A": "总经理", "B": "项目负责人"}.get(category, "专职安全员"),
        f"{first:%Y.%m.%d}", f"{starts:%Y-%m-%d}", f"{starts:%Y年%m月%d日}", f"{ends:%Y/%m/%d}", "有效", "",
    ]  # fmt: skip


def _as_file(rows: list[list[str]]) -> bytes:
    text = io.StringIO()
    text.write("江西省建筑施工企业安管人员证书信息表（演示）\r\n")
    csv.writer(text).writerows([HEADER, *rows])
    return text.getvalue().encode("gb18030")


@demo_builder("old records", order=50)
def build_old_records(context: DemoContext) -> None:
    context.strangers = build(context, context.newcomers, context.enterprises, settings.VAR / "demo")
