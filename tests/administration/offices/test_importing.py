"""The first offices of an installation come from a file; what is wrong in it is said row by row."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from administration.enums import OfficeKind, RouteDesk
from administration.imports.services import Book, run_import
from administration.models import AuditEntry, Office, OfficeRoute
from administration.offices.selectors import Routing

pytestmark = pytest.mark.django_db
HEADER = "名称,类别,区划代码,地址,原件核验区划,地市受理区划,省厅审核区划"
EXAMPLE = Path(settings.ROOT) / "deploy" / "offices.example.csv"


def run(*rows: str) -> Book:
    return run_import("offices", "\n".join([HEADER, *rows]).encode(), "部门.csv", by="命令行")


def sentences(book: Book) -> list[str]:
    return [problem.sentence for problem in book.problems]


def test_the_example_makes_offices_that_answer_for_their_regions() -> None:
    out = StringIO()
    call_command("import_offices", str(EXAMPLE), stdout=out, stderr=StringIO())
    assert "新增 6" in out.getvalue()
    assert "没有部门负责的设区市：" in out.getvalue()
    routing = Routing()
    county = routing.office("360121", RouteDesk.COUNTER)
    assert county is not None
    assert (county.name, county.kind) == ("南昌县住房和城乡建设局", OfficeKind.COUNTY)
    assert county.mailbox is not None
    for region, desk, name in (
        ("360102", RouteDesk.COUNTER, "南昌市住房和城乡建设局"),
        ("360121", RouteDesk.MUNICIPAL, "南昌市住房和城乡建设局"),
        ("360481", RouteDesk.COUNTER, "九江市住房和城乡建设局"),
        ("360481", RouteDesk.PROVINCIAL, "某省住房和城乡建设厅"),
    ):
        office = routing.office(region, desk)
        assert office is not None
        assert office.name == name
    assert AuditEntry.objects.filter(action="save_office").count() == 6


def test_the_same_file_again_changes_nothing_and_a_new_address_only_that() -> None:
    row = "南昌市住建局,地市,360100,市民中心,360100,360100,"
    assert run(row).new == 1
    again = run(row)
    assert (again.new, again.changed, again.known) == (0, 0, 1)
    assert run(row.replace("市民中心", "新大楼").replace("360100,360100,", "360100、360102,360100,")).changed == 1
    assert Office.objects.get(name="南昌市住建局").address == "新大楼"
    assert OfficeRoute.objects.count() == 3


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("甲局,衙门,360100,,,,", "无法识别的类别：衙门"),
        ("甲局,地市,三六,,,,", "区划代码应为 6 位数字"),
        ("甲局,地市,369900,,,,", "没有这个区划，请核对代码。"),
        ("甲局,地市,360100,,369900,,", "没有这个区划，请核对代码。"),
        ("甲局,地市,360121,,,,", "类别“设区市主管部门”与区划代码 360121 的级别不符。"),
        ("甲厅,省厅,360100,,,,", "类别“省厅”与区划代码 360100 的级别不符。"),
        ("甲中心,考试机构,360000,,,,360000", "考试机构不受理业务，受理区划应留空。"),
        ("乙局,地市,360100,,360100,,", "360100 的“原件核验”已由南昌市住建局负责"),
        (",地市,360100,,,,", "此列为必填，不能为空。"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_written(row: str, sentence: str) -> None:
    run("南昌市住建局,地市,360100,,360100,,")
    book = run(row)
    assert (book.new, book.changed, book.bad) == (0, 0, 1)
    assert any(one.startswith(sentence) for one in sentences(book)), sentences(book)
    assert Office.objects.count() == 1


def test_one_name_twice_with_different_contents_is_for_somebody_to_settle() -> None:
    book = run("甲局,地市,360100,一楼,,,", "甲局,地市,360100,二楼,,,", "甲局,地市,360100,一楼,,,")
    assert (book.new, book.known, book.bad) == (1, 1, 1)
    assert Office.objects.get().address == "一楼"
