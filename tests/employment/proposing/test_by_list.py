"""Employment proposed to a list of people: read, checked row by row, and sent at once."""

from __future__ import annotations

import io
import logging
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from accounts.models import Person
from administration.models import AuditEntry, LookupAlarm, LookupCount, Message
from common.tabular.given_lists import MOST_LINES
from common.tabular.text_workbook import write_text_workbook
from employment.models import ProposalList
from employment.proposing.by_list.forms import ProposalListForm
from employment.proposing.by_list.reading import OPEN_END, GivenLine, lines_of_file, lines_of_text
from employment.proposing.by_list.services import forget_lists, send_list
from enterprises.models import Enterprise
from tests.clock import Clock
from tests.concurrency import at_once
from tests.employment.story import NOW
from tests.factories import (
    actor,
    make_employment,
    make_enterprise,
    make_id_number,
    make_operator,
    make_person,
)
from tests.workflow.browsing import browser, words
from workflow.enums import Party, Status
from workflow.models import Application, Event

PAGE = "/enterprise/employment/list/"
SEND = f"{PAGE}send/"
TERMS = "项目负责人\t2026-11-01\t2029-10-31"


@pytest.fixture(autouse=True)
def today(clock: Clock) -> None:
    clock.stop_at(NOW)


@pytest.fixture
def clerk(enterprise: Enterprise) -> Client:
    return browser(make_operator(enterprise, "李会计"))


def row(person: Person, terms: str = TERMS) -> str:
    return f"{person.name}\t{person.id_number}\t{terms}"


def check(client: Client, rows: str, **fields: Any) -> Any:
    return client.post(PAGE, {"rows": rows, **fields}, follow=True)


def send(client: Client) -> Any:
    mark = str(ProposalList.objects.get().mark)
    return client.post(SEND, {"mark": mark, "promise": "on"}, follow=True)


# --- reading ---


def test_rows_are_read_in_any_order_of_their_cells() -> None:
    one, two, three = (make_id_number() for _ in range(3))
    lines = lines_of_text(
        f"敖江䶮\t{one}\t项目经理、安全员\t2026年1月1日\t无固定期限\n"
        f"1 {two} 买买提·𬭎 专职安全生产管理人员 2026.1.1至2028.12.31\n"
        "\n"
        f"{three}，𠮷高山，总经理，2026/1/1，2027/1/1，13800000000"
    )
    assert [(line.place, line.name, line.number, line.posts, line.starts, line.ends) for line in lines] == [
        (1, "敖江䶮", one, ("07", "08"), "2026-01-01", OPEN_END),
        (2, "买买提·𬭎", two, ("08",), "2026-01-01", "2028-12-31"),
        (4, "𠮷高山", three, ("02",), "2026-01-01", "2027-01-01"),
    ]
    assert all(line.problems == () for line in lines)


@pytest.mark.parametrize("form", ["xlsx", "csv", "gb18030", "pasted", "no titles"])
def test_tables_are_read_whatever_their_form(form: str) -> None:
    number = make_id_number()
    rows = [
        ["序号", "职务", "身份证号码", "姓名", "合同开始日期", "合同期止"],
        ["1", "安全总监", number, "敖江䶮", "2026-01-01", "2028-12-31"],
        ["2", "园丁", "123", "车文武", "2026-13-01", ""],
    ]
    as_csv = "\r\n".join(",".join(line) for line in rows)
    if form == "pasted":
        first, second = lines_of_text("\n".join("\t".join(line) for line in rows))
    else:
        content = {
            "xlsx": write_text_workbook(rows, name="名单"),
            "csv": as_csv.encode("utf-8-sig"),
            "gb18030": as_csv.encode("gb18030"),
            "no titles": f"敖江䶮 {number} 安全总监 2026-01-01 2028-12-31\n车文武 园丁".encode("gb18030"),
        }[form]
        first, second = lines_of_file(content, "名单")
    assert (first.name, first.number, first.posts, first.starts, first.ends) == (
        "敖江䶮", number, ("06",), "2026-01-01", "2028-12-31",
    )  # fmt: skip
    assert first.problems == ()
    said = "".join(second.problems)
    assert "园丁" in said
    assert "身份证号" in said


def test_all_problems_of_a_row_are_told_at_once_and_without_a_number() -> None:
    number = make_id_number()
    wrong = number[:17] + ("1" if number[17] != "1" else "2")
    (line,) = lines_of_text(f"{wrong}\t园丁主任9\t2026-12-01")
    said = "".join(line.problems)
    assert all(word in said for word in ("校验位", "认不出“园丁主任9”", "没有写姓名"))
    assert number[:17] not in said


def test_what_a_row_lacks_comes_from_beside_the_list() -> None:
    number = make_id_number()
    values = {"rows": f"敖江 {number}", "post": "08", "contract_from": "2026-01-01", "contract_to": ""}
    form = ProposalListForm(values, {})
    assert form.is_valid(), form.errors
    (line,) = form.lines
    assert line.payload == {"posts": ["08"], "contract_from": "2026-01-01", "contract_to": None}
    bare = ProposalListForm({"rows": f"敖江 {number}"}, {})
    assert bare.is_valid()
    assert [("职务" in said, "合同开始日期" in said) for said in bare.lines[0].problems] == [
        (True, False),
        (False, True),
    ]
    reversed_days = ProposalListForm({"rows": f"敖江 {number} 安全员 2026-02-01 2026-01-01"}, {})
    assert reversed_days.is_valid()
    assert "早于开始日期" in "".join(reversed_days.lines[0].problems)


def test_what_is_no_list_is_refused() -> None:
    for content in (b"%PDF-1.4", b"\x89PNG\r\n\x1a\n" + bytes(99), b""):
        with pytest.raises(ValidationError):
            lines_of_file(content, "x")
    with pytest.raises(ValidationError, match="请粘贴"):
        lines_of_text("\n  \n")
    with pytest.raises(ValidationError, match=str(MOST_LINES)):
        lines_of_text("\n".join(["敖江 360102199001010011"] * (MOST_LINES + 1)))


def test_a_kept_line_comes_back_as_it_was() -> None:
    (line,) = lines_of_text(f"敖江 {make_id_number()} 安全员 2026-02-01 长期")
    assert GivenLine.from_json(line.as_json()) == line


# --- the page ---


@pytest.mark.django_db
def test_the_whole_way_from_the_list_to_the_proposals(clerk: Client, enterprise: Enterprise) -> None:
    new, other = make_person("欧阳·䶮"), make_person("敖江")
    here, waiting = make_person("鲍春来"), make_person("陈桂花")
    unknown, unregistered = (
        make_id_number(birth=date(1991, 2, 3)),
        make_person("胡杨", registered=False),
    )
    make_employment(here, enterprise)
    check(clerk, row(waiting))
    send(clerk)
    before = Application.objects.count()
    rows = [
        row(new), row(other, "园丁\t2026-11-01"), row(here), row(waiting), f"方圆\t{unknown}\t{TERMS}", row(unregistered),
        row(new), f"别人\t{other.id_number}\t{TERMS}",
    ]  # fmt: skip
    page = check(clerk, "\n".join(rows))
    said = words(page)
    assert "核对结果：8行里1人可以发起" in said
    assert all(
        word in said
        for word in ("已在本企业", "等本人确认", "认不出“园丁”", "未完成实名制登记", "姓名与身份证号不是同一个人")
    )
    assert "与第1行是同一个人" in said
    text = page.content.decode()
    assert text.index("不能发起") < text.index("已在本企业") < text.index("与第")
    assert not any(person.id_number in text for person in (new, other, here, waiting))
    assert Application.objects.count() == before
    answer = send(clerk)
    assert "已向1人发起聘用" in words(answer)
    assert "发起结果：8行里已发起1人" in words(answer)
    application = Application.objects.get(person=new)
    assert (application.status, application.desk, application.filed_by) == (
        Status.IN_REVIEW,
        "person",
        Party.ENTERPRISE,
    )
    assert application.payload == {"posts": ["07"], "contract_from": "2026-11-01", "contract_to": "2029-10-31"}
    assert application.due_on is not None
    assert application.holder_person == new
    assert Event.objects.get(application=application).acting_for == enterprise.name
    assert Message.objects.filter(mailbox=new.mailbox, link=f"/applications/{application.number}/").count() == 1
    assert AuditEntry.objects.filter(action="employment.propose_list").count() == 2
    assert f"/applications/{application.number}/" in answer.content.decode()
    assert "欧*·䶮" in words(clerk.get("/enterprise/employment/?tab=proposals"))


@pytest.mark.django_db
def test_the_rows_to_mend_come_back_as_they_were_given_and_can_be_mended(clerk: Client) -> None:
    person, other = make_person("敖江"), make_person("胡杨")
    check(clerk, f"{row(person, '=园丁' + chr(9) + '2026-11-01')}\n{row(other)}")
    content = clerk.get(f"{PAGE}report/").content
    sheet = load_workbook(io.BytesIO(content)).active
    assert sheet is not None
    titles, bad = list(sheet.iter_rows(values_only=True))
    assert titles == ("姓名", "身份证号", "职务", "合同期起", "合同期止", "错误原因")
    assert bad[:2] == ("敖江", person.id_number)
    assert "认不出" in str(bad[5])
    (line,) = lines_of_file(content, "没有发起的人员.xlsx")
    assert (line.name, line.number) == ("敖江", person.id_number)
    assert clerk.get(f"{PAGE}template/").status_code == 200


@pytest.mark.django_db
def test_a_second_press_and_an_old_page_send_nothing_again(clerk: Client) -> None:
    check(clerk, row(make_person("敖江")))
    old = str(ProposalList.objects.get().mark)
    assert clerk.post(SEND, {"mark": old, "promise": "on"}).status_code == 302
    assert clerk.post(SEND, {"mark": old, "promise": "on"}).status_code == 302
    assert Application.objects.count() == 1
    check(clerk, row(make_person("胡杨")))
    answer = clerk.post(SEND, {"mark": old, "promise": "on"})
    assert answer.status_code == 409
    assert "已经换成另一份" in words(answer)
    assert Application.objects.count() == 1
    assert "请阅读并勾选承诺" in words(clerk.post(SEND, {"mark": old}))
    assert clerk.post(SEND, {"mark": "x" * 5000, "promise": "on"}).status_code == 400


@pytest.mark.django_db(transaction=True)
def test_two_windows_at_once_file_once() -> None:
    enterprise = make_enterprise()
    operator = make_operator(enterprise)
    people = [make_person(f"人员{letter}") for letter in "甲乙丙"]
    check(browser(operator), "\n".join(map(row, people)))
    mark, me = str(ProposalList.objects.get().mark), actor(operator)
    results = at_once([lambda: send_list(mark, enterprise=enterprise, actor=me)] * 2)
    assert all(isinstance(result, ProposalList) for result in results), results
    assert Application.objects.count() == 3


@pytest.mark.django_db
def test_who_came_into_the_way_meanwhile_is_told_and_the_others_are_proposed_to(
    clerk: Client, enterprise: Enterprise
) -> None:
    one, two = make_person("敖江"), make_person("胡杨")
    check(clerk, f"{row(one)}\n{row(two)}")
    make_employment(one, enterprise)
    answer = send(clerk)
    assert "已发起1人" in words(answer)
    assert "已在本企业" in words(answer)
    assert Application.objects.get().person == two


@pytest.mark.django_db
def test_nobody_left_to_propose_to_is_refused(clerk: Client, enterprise: Enterprise) -> None:
    person = make_person("敖江")
    check(clerk, row(person))
    make_employment(person, enterprise)
    answer = send(clerk)
    assert answer.status_code == 409
    assert "没有可以发起聘用的人" in words(answer)


@pytest.mark.django_db
def test_lookups_are_limited_and_own_people_are_not_counted(clerk: Client, enterprise: Enterprise) -> None:
    own = [make_person(f"本企业{letter}") for letter in "甲乙丙丁戊"]
    for person in own:
        make_employment(person, enterprise)
    strangers = [make_person(f"外来{letter}{more}") for letter in "甲乙丙丁戊己庚辛" for more in "一二三四"]
    page = check(clerk, "\n".join(map(row, [*own, *strangers])))
    assert "核对结果：37行里30人可以发起" in words(page)
    assert "还没有核对" in words(page)
    assert LookupCount.objects.get().asked == 30
    assert not LookupAlarm.objects.filter(reasons__contains=["refused"]).exists()
    content = clerk.get(f"{PAGE}report/").content
    rest = lines_of_file(content, "余下.xlsx")
    assert [line.name for line in rest] == [person.name for person in strangers[30:]]
    assert "核对结果：2行里0人可以发起" in words(check(clerk, "\n".join(map(row, strangers[30:]))))
    assert LookupCount.objects.get().asked == 30
    assert LookupAlarm.objects.filter(reasons__contains=["refused"]).exists()


@pytest.mark.django_db
def test_misses_are_counted_and_finds_are_audited(clerk: Client) -> None:
    person, other = make_person("敖江"), make_person("胡杨")
    check(clerk, f"{row(person)}\n别人\t{other.id_number}\t{TERMS}\n方圆\t{make_id_number(881)}\t{TERMS}")
    counted = LookupCount.objects.get()
    assert (counted.asked, counted.missed) == (3, 2)
    finds = AuditEntry.objects.filter(action="find_person")
    assert [entry.object_id for entry in finds] == [str(person.pk)]


@pytest.mark.django_db
def test_a_bad_list_is_told_at_its_field_and_the_text_stays(clerk: Client) -> None:
    answer = clerk.post(PAGE, {"rows": " "})
    assert (answer.status_code, "请粘贴名单" in answer.content.decode()) == (400, True)
    file = SimpleUploadedFile("a.pdf", b"%PDF-1.4 x")
    answer = clerk.post(PAGE, {"rows": "敖江䶮", "table": file, "contract_from": "2026-11-01"})
    assert answer.status_code == 400
    assert all(said in answer.content.decode() for said in ("PDF 文件", "敖江䶮", "2026-11-01"))
    assert not ProposalList.objects.exists()


@pytest.mark.django_db
def test_no_number_gets_into_the_log_the_session_or_a_table_in_clear(
    clerk: Client, caplog: pytest.LogCaptureFixture
) -> None:
    person = make_person("敖江")
    with caplog.at_level(logging.DEBUG):
        check(clerk, row(person))
        send(clerk)
    assert person.id_number not in caplog.text
    tables = (
        "employment_proposallist",
        "django_session",
        "procrastinate_jobs",
        "workflow_application",
        "workflow_event",
    )
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT count(*) FROM {table} t WHERE t::text LIKE %s", [f"%{person.id_number}%"])  # noqa: S608
            assert cursor.fetchone() == (0,), table


@pytest.mark.django_db
def test_lists_of_others_stay_theirs_and_old_ones_are_forgotten(
    clerk: Client, enterprise: Enterprise, clock: Clock
) -> None:
    check(clerk, row(make_person("敖江")))
    for other in (make_operator(enterprise), make_operator(make_enterprise())):
        assert "敖江" not in browser(other).get(PAGE).content.decode()
        mark = str(ProposalList.objects.get().mark)
        assert browser(other).post(SEND, {"mark": mark, "promise": "on"}).status_code == 409
    assert forget_lists(now=timezone.now()) == 0
    assert forget_lists(now=timezone.now() + timedelta(days=4)) == 1


@pytest.mark.django_db
def test_checking_and_sending_take_the_same_queries_for_one_and_for_many(
    enterprise: Enterprise, count_queries: Callable[[Callable[[], object]], int]
) -> None:
    counts = []
    for size in (1, 3, 25):
        client = browser(make_operator(enterprise))
        rows = "\n".join(row(make_person(f"人员{size}之{number}".replace("0", "零"))) for number in range(size))
        LookupCount.objects.all().delete()
        LookupAlarm.objects.all().delete()
        checked = count_queries(lambda c=client, r=rows: c.post(PAGE, {"rows": r}))  # type: ignore[misc]
        shown = count_queries(lambda c=client: c.get(PAGE))  # type: ignore[misc]
        mark = str(ProposalList.objects.order_by("-pk")[0].mark)
        sent = count_queries(lambda c=client, m=mark: c.post(SEND, {"mark": m, "promise": "on"}))  # type: ignore[misc]
        counts.append((checked, shown, sent))
    assert counts[1] == counts[2]
    assert counts[0] == counts[2]
