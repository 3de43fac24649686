"""A list of ID numbers, pasted or uploaded: each row is ticked or told why not, and nobody is entered by it."""

from __future__ import annotations

import io
import logging
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook, load_workbook

from accounts.models import Person
from common.tabular.given_lists import MOST_LINES
from common.tabular.text_workbook import write_text_workbook
from exams.models import CandidateList, ExamEntry
from exams.sign_up.forms import ListForm
from exams.sign_up.pasted import lines_of_file, lines_of_text
from tests.clock import Clock
from tests.exams.exam_world import NOW, ExamWorld, make_candidate, make_entry, text
from tests.factories import make_enterprise, make_id_number, make_person
from tests.workflow.browsing import browser, words
from workflow.models import Bar

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(clock: Clock) -> None:
    clock.stop_at(NOW)


def full_width(number: str) -> str:
    return "".join(chr(ord(sign) + 0xFEE0) for sign in number)


# --- reading ---


def test_numbers_are_read_with_any_separator_and_names_beside() -> None:
    one, two, three = (make_id_number() for _ in range(3))
    ending = next(number for number in iter(make_id_number, "") if number.endswith("X"))
    pasted = (
        "姓名\t身份证号\n"
        f"敖江 {one}\n"
        f"2、车文武，{full_width(two)}；13800000000\n"
        f"{ending.lower()} 买买提·𬭎\n"
        f"狄娜{three}\n"
        "\n"
        f"身份证号：{one[:6]}-{one[6:14]}-{one[14:]}\n"
        f"{two},{three}"
    )
    lines = lines_of_text(pasted)
    assert [(line.place, line.name, line.number) for line in lines if line.number] == [
        (2, "敖江", one),
        (3, "车文武", two),
        (4, "买买提·𬭎", ending),
        (5, "狄娜", three),
        (7, "", one),
        (8, "", two),
        (8, "", three),
    ]
    assert [line.place for line in lines if line.problem] == []


@pytest.mark.parametrize("between", [" ", "-", "\u3000"])
def test_a_number_in_groups_is_one_number(between: str) -> None:
    one, two = make_id_number(), make_id_number()
    grouped = [between.join((number[:6], number[6:14], number[14:])) for number in (one, two)]
    lines = lines_of_text(f"敖江 {grouped[0]} 车文武 {grouped[1]}\n{grouped[1]}")
    assert [(line.place, line.name, line.number, line.problem) for line in lines] == [
        (1, "敖江", one, ""),
        (1, "车文武", two, ""),
        (2, "", two, ""),
    ]


def test_what_two_cells_of_a_row_lack_alike_is_said_once() -> None:
    number = make_id_number()
    (line,) = lines_of_file(f'姓名,身份证号\n"=A1","=B1"\n方圆,{number}'.encode(), "名单.csv")[:1]
    assert line.problem.count("单元格是公式") == 1


def test_a_text_and_a_file_at_once_are_not_guessed_between() -> None:
    content = f"身份证号\n{make_id_number()}".encode()
    form = ListForm({"numbers": make_id_number()}, {"table": SimpleUploadedFile("名单.csv", content)})
    assert not form.is_valid()
    assert "一次只核对一份名单" in form.errors["table"][0]
    assert ListForm({"numbers": " \n"}, {"table": SimpleUploadedFile("名单.csv", content)}).is_valid()


def test_what_is_no_number_is_told_with_its_line() -> None:
    lines = lines_of_text(f"方圆\n36010219900230\n{make_id_number()[:17]}7x\n高山 360102199002300011")
    assert [line.place for line in lines] == [1, 2, 3, 4]
    assert all(line.problem and not line.number for line in lines)
    assert "没有身份证号码" in lines[0].problem
    assert "现为14位" in lines[1].problem


@pytest.mark.parametrize("make", ["xlsx", "csv", "gb18030", "no titles"])
def test_files_are_read_whatever_their_form(make: str) -> None:
    number = make_id_number()
    rows = [["序号", "姓名", "身份证号码"], ["1", "敖江䶮", number], ["2", "车文武", "123"]]
    as_csv = "\r\n".join(",".join(row) for row in rows)
    content = {
        "xlsx": write_text_workbook(rows, name="名单"),
        "csv": as_csv.encode("utf-8-sig"),
        "gb18030": as_csv.encode("gb18030"),
        "no titles": f"敖江䶮 {number}\n车文武 123\n".encode("gb18030"),
    }[make]
    first, second = lines_of_file(content, "名单")
    assert (first.name, first.number) == ("敖江䶮", number)
    assert second.problem


def test_what_is_no_list_is_refused() -> None:
    for content in (b"%PDF-1.4", b"\x89PNG\r\n\x1a\n" + bytes(99), "姓名,电话\n敖江,1".encode(), b""):
        with pytest.raises(ValidationError):
            lines_of_file(content, "x")
    with pytest.raises(ValidationError, match="请粘贴"):
        lines_of_text("\n  \n")
    with pytest.raises(ValidationError, match=str(MOST_LINES)):
        lines_of_text("\n".join(["360102199001010011"] * (MOST_LINES + 1)))
    book = Workbook()
    book.active.append(["身份证号"])
    for number in range(MOST_LINES + 1):
        book.active.append([f"{number}"])
    stream = io.BytesIO()
    book.save(stream)
    with pytest.raises(ValidationError, match=str(MOST_LINES)):
        lines_of_file(stream.getvalue(), "x")


# --- the page ---


def send(client: Client, world: ExamWorld, **fields: Any) -> Any:
    return client.post(f"/enterprise/exams/{world.batch.pk}/list/", {"category": "C2", **fields}, follow=True)


def mixed(world: ExamWorld) -> tuple[list[str], list[Person]]:
    firm = world.enterprise
    good, better = make_candidate(firm, "鲍春来"), make_candidate(firm, "陈桂花")
    bare = make_candidate(firm, "敖江", photo=False)
    entered = make_candidate(firm, "高山")
    make_entry(entered, firm, world.batch, state="entered")
    barred = make_candidate(firm, "胡杨")
    Bar.objects.create(
        person=barred, scope="exam", source="缺考", starts_on=NOW.date(), ends_on=NOW.date().replace(year=2027)
    )
    other = make_candidate(make_enterprise("别家建筑有限公司"), "方圆")
    wrong = make_candidate(firm, "真名")
    lines = [f"{one.name} {one.id_number}" for one in (good, bare, entered, barred, other)]
    lines += [f"鲍春来 {good.id_number}", f"路人 {make_id_number()}", "狄娜 36010219900230", f"假名 {wrong.id_number}"]
    return [*lines, str(better.id_number)], [good, better]


def test_every_row_is_reported_and_only_the_eligible_are_ticked(world: ExamWorld) -> None:
    lines, fit = mixed(world)
    client = browser(world.operator)
    page = send(client, world, numbers="\n".join(lines))
    said = words(page)
    for expected in (
        "核对结果：10行里2人可以报名", "缺证件照", "已报名", "2027年11月23日（含）前", "没有与本企业登记聘用关系", "与第1行是同一个号码",
        "现为14位", "姓名与号码不是同一个人", "本页已选2人",
    ):  # fmt: skip
        assert expected in said, expected
    assert "别家" not in said
    body = page.content.decode()
    assert body.index('mark warn">缺证件照') < body.index('mark good">符合条件')
    assert ExamEntry.objects.count() == 1
    answer = client.post(
        f"/enterprise/exams/{world.batch.pk}/?category=C2&list=1",
        {
            "shown": [one.pk for one in fit],
            "picked": [one.pk for one in fit],
            **{f"post_{one.pk}": "08" for one in fit},
            "commitment": "on",
        },
        follow=True,
    )
    assert "2 人已报名" in answer.content.decode()
    assert set(ExamEntry.objects.values_list("person__name", flat=True)) == {"高山", "鲍春来", "陈桂花"}


def test_strangers_are_answered_alike_registered_or_not(world: ExamWorld) -> None:
    client = browser(world.operator)
    known, unknown = make_person("路人"), make_id_number()
    pages = [words(send(client, world, numbers=f"某人 {number}")) for number in (known.id_number, unknown)]
    same = [page.split("核对结果")[1].split("版权")[0] for page in pages]
    for number in (str(known.id_number), unknown):
        same = [page.replace(number[:6], "").replace(number[-4:], "").replace(number[:3], "") for page in same]
    assert same[0] == same[1]


def test_the_report_is_a_workbook_in_the_order_of_the_list(world: ExamWorld) -> None:
    lines, _ = mixed(world)
    client = browser(world.operator)
    send(client, world, numbers="\n".join([*lines, "=公式 36010219900230"]))
    answer = client.get(f"/enterprise/exams/{world.batch.pk}/list/report/?category=C2")
    assert answer["Cache-Control"] == "private, no-store"
    rows = [list(row) for row in load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True)]
    assert [row[3] for row in rows[1:]] == [
        "符合条件", "缺证件照", "已报名", "不能报名", "不在本企业", "重复", "不在本企业", "号码不对", "姓名不符", "符合条件", "号码不对",
    ]  # fmt: skip
    assert rows[1][2] == lines[0].split()[1]
    assert rows[-1][1] == "'=公式"
    other = browser(world.operator)
    assert other.get(f"/enterprise/exams/{world.batch.pk}/list/report/?category=C1").status_code == 200


def test_a_bad_list_is_told_at_its_field_and_the_text_stays(world: ExamWorld) -> None:
    client = browser(world.operator)
    answer = client.post(f"/enterprise/exams/{world.batch.pk}/list/", {"category": "C2", "numbers": " "})
    assert (answer.status_code, "请粘贴身份证号" in answer.content.decode()) == (400, True)
    file = SimpleUploadedFile("a.pdf", b"%PDF-1.4 x")
    answer = client.post(
        f"/enterprise/exams/{world.batch.pk}/list/", {"category": "C2", "numbers": "敖江䶮", "table": file}
    )
    assert answer.status_code == 400
    assert all(said in answer.content.decode() for said in ("PDF 文件", "敖江䶮"))
    assert not CandidateList.objects.exists()
    assert client.get("/enterprise/exams/list/template/").status_code == 200
    book = client.get("/enterprise/exams/list/template/").content
    with pytest.raises(ValidationError):
        lines_of_file(book, "样表.xlsx")  # nothing below the titles


def test_no_number_gets_into_the_log_an_address_or_a_table_in_clear(
    world: ExamWorld, caplog: pytest.LogCaptureFixture
) -> None:
    person = make_candidate(world.enterprise, "鲍春来")
    client = browser(world.operator)
    with caplog.at_level(logging.DEBUG):
        answer = send(client, world, numbers=f"鲍春来 {person.id_number}")
    assert str(person.id_number) not in caplog.text
    assert str(person.id_number) not in str(answer.redirect_chain)
    stored = CandidateList.objects.extra(select={"raw": "checked"}).values_list("raw", flat=True)[0]
    assert str(person.id_number) not in str(stored)
    assert str(person.id_number) not in answer.content.decode()


def test_a_list_of_three_hundred_takes_the_queries_of_one(
    world: ExamWorld, count_queries: Callable[[Callable[[], object]], int]
) -> None:
    client = browser(world.operator)
    address = f"/enterprise/exams/{world.batch.pk}/?category=C2&list=1"
    counts = []
    for more in (1, 299):
        for number in range(more):
            make_candidate(world.enterprise, f"人{number}")
        numbers = "\n".join(str(one.id_number) for one in Person.objects.order_by("pk"))
        send(client, world, numbers=numbers)
        counts.append(count_queries(lambda: text(client, address)))
    assert len(set(counts)) == 1, counts
