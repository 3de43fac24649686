from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils.timezone import localdate

from accounts.people.identity import id_number_index
from administration.enums import OfficeKind, RowOutcome
from administration.imports.services import Book, execute, run_import
from administration.models import ImportRun, Office
from common.findings import Refused
from tests.factories import make_id_number, make_office, make_person, make_training
from training.models import TrainingRecord
from training.selectors import records_of
from training.services import NewRecord, add_record, correct_record, withdraw_record
from training.signals import training_changed

pytestmark = pytest.mark.django_db


def new_record(**changed: Any) -> NewRecord:
    values: dict[str, Any] = {
        "id_number_index": id_number_index(make_id_number(1)),
        "name": "张三",
        "institution_name": "江西建设培训中心",
        "course": "安全生产继续教育",
        "hours": Decimal(24),
        "starts_on": date(2026, 1, 5),
        "ends_on": date(2026, 1, 7),
    }
    return NewRecord(**values | changed)


def training_row(**changed: str) -> dict[str, str]:
    return {
        "姓名": "张三",
        "身份证号": make_id_number(1),
        "培训机构": "江西建设培训中心",
        "课程": "安全生产继续教育",
        "学时": "24",
        "开始日期": "2026-01-05",
        "结束日期": "2026-01-07",
        "证书类别": "",
    } | changed


def content(*rows: dict[str, str]) -> bytes:
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue().encode("gb18030")


def load(*rows: dict[str, str], office: Office | None = None) -> Book:
    if office is None:
        return run_import("training", content(*rows), "培训.csv")
    run = ImportRun.objects.create(kind="training", file_name="培训.csv", office=office)
    return execute(run, content(*rows))


# --- services ---


def test_a_record_is_added_once() -> None:
    record = add_record(new_record(), by=None)
    assert records_of([record.id_number_index]) == {record.id_number_index: [record]}
    with pytest.raises(Refused, match="已存在"):
        add_record(new_record(), by=None)


def test_a_correction_keeps_its_history() -> None:
    wrong = add_record(new_record(), by=None)
    right = correct_record(record_id=wrong.pk, right=new_record(hours=Decimal(16)), reason="学时有误", by=None)
    wrong.refresh_from_db()
    assert (wrong.replaced_by, wrong.withdrawn_reason, right.hours) == (right, "学时有误", 16)
    assert records_of([wrong.id_number_index]) == {wrong.id_number_index: [right]}
    with pytest.raises(Refused, match="已经更正过"):
        withdraw_record(record_id=wrong.pk, reason="再次", by=None)


def test_withdrawing_asks_for_a_reason_and_is_heard() -> None:
    heard: list[set[str]] = []

    def listen(sender: Any, *, id_number_indexes: set[str], **_: Any) -> None:
        heard.append(id_number_indexes)

    record = add_record(new_record(), by=None)
    training_changed.connect(listen)
    try:
        with pytest.raises(Refused, match="原因"):
            withdraw_record(record_id=record.pk, reason="  ", by=None)
        withdraw_record(record_id=record.pk, reason="重复上传", by=None)
    finally:
        training_changed.disconnect(listen)
    assert heard == [{record.id_number_index}]
    assert records_of([record.id_number_index]) == {}


# --- import ---


def test_records_arrive_before_people_register() -> None:
    book = load(training_row(证书类别="C2证"))
    record = TrainingRecord.objects.get()
    assert (book.new, record.category, record.hours, record.import_run) == (1, "C2", 24, book.run)
    assert record.id_number_index == id_number_index(make_id_number(1))
    assert load(training_row(证书类别="C2")).known == 1


@pytest.mark.parametrize(
    ("changed", "column"),
    [
        ({"学时": "0"}, "学时"),
        ({"学时": "很多"}, "学时"),
        ({"学时": "24.25"}, "学时"),
        ({"学时": "1000"}, "学时"),
        ({"开始日期": "2026-01-08"}, "结束日期"),
        ({"结束日期": "2026-02-30"}, "结束日期"),
        ({"结束日期": (localdate() + timedelta(1)).isoformat()}, "结束日期"),
        ({"证书类别": "C"}, "证书类别"),
        ({"培训机构": ""}, "培训机构"),
        ({"身份证号": "360102198001010000"}, "身份证号"),
        ({"课程": ""}, "课程"),
    ],
)
def test_bad_rows_are_told_and_hold_nothing_up(changed: dict[str, str], column: str) -> None:
    book = load(training_row(**changed), training_row(课程="应急处置"))
    assert (book.new, book.bad) == (1, 1)
    assert [(problem.row_number, problem.column_title) for problem in book.problems] == [(2, column)]


def test_other_hours_for_a_known_course_are_refused() -> None:
    load(training_row())
    book = load(training_row(学时="16"))
    assert (book.new, book.bad) == (0, 1)
    assert "撤回" in book.problems[0].sentence
    assert TrainingRecord.objects.get().hours == 24


def test_an_institution_uploads_its_own_records_only() -> None:
    own = make_office("江西建设培训中心", kind=OfficeKind.TRAINING)
    make_office("九江培训学校", kind=OfficeKind.TRAINING, region="360400")
    book = load(training_row(培训机构="九江培训学校"), training_row(培训机构="", 课程="应急处置"), office=own)
    assert (book.new, book.bad) == (1, 1)
    record = TrainingRecord.objects.get()
    assert (record.institution, record.institution_name) == (own, own.name)


def test_a_clerk_uploads_records_of_any_institution() -> None:
    known = make_office("九江培训学校", kind=OfficeKind.TRAINING, region="360400")
    load(
        training_row(培训机构="九江培训学校"),
        training_row(培训机构="外地学校", 开始日期="2026-02-02", 结束日期="2026-02-02"),
    )
    assert dict(TrainingRecord.objects.values_list("institution_name", "institution")) == {
        known.name: known.pk,
        "外地学校": None,
    }


def test_a_row_with_another_name_than_the_registered_person_s_is_refused() -> None:
    person = make_person("秦荣华")
    number = str(person.id_number)
    rows = [training_row(姓名="张三错", 身份证号=number), training_row(姓名="秦荣华", 身份证号=number, 课程="另一门")]
    book = load(*rows, training_row(姓名="还没登记", 身份证号=make_id_number()))
    assert (book.new, book.bad) == (2, 1)
    assert "姓名与这个身份证号的登记人不一致" in book.problems[0].sentence
    assert set(TrainingRecord.objects.values_list("name", flat=True)) == {"秦荣华", "还没登记"}


# --- page ---


def test_the_person_sees_own_records_and_what_became_of_them(client: Client) -> None:
    person, other = make_person("张三"), make_person("李四")
    wrong = make_training(person)
    withdraw_record(record_id=wrong.pk, reason="学时有误", by=None)
    make_training(person, hours=16, category="B")
    TrainingRecord.objects.filter(pk=make_training(other).pk).update(course="别人的课程")
    assert person.user is not None
    client.force_login(person.user)
    page = client.get("/person/training/").content.decode()
    assert "已撤回" in page
    assert "学时有误" in page
    assert "B证" in page
    assert "应满 24 学时" in page
    assert "别人的课程" not in page


def test_without_records_the_page_says_what_to_do(client: Client) -> None:
    user = make_person().user
    assert user is not None
    client.force_login(user)
    assert "培训机构" in client.get("/person/training/").content.decode()


def test_a_file_that_repeats_a_course_says_who_is_missing_from_it() -> None:
    first, second, third = (training_row(姓名=name, 身份证号=make_id_number()) for name in ("赵一", "钱二", "孙三"))
    load(first, second, third)
    load(training_row(姓名="李四", 身份证号=third["身份证号"], 课程="另一门课程"))
    assert load(training_row(姓名="周五", 身份证号=make_id_number())).missing == 0, "an addition, not the whole list"
    newcomer = training_row(姓名="吴六", 身份证号=make_id_number())
    book = load(first, newcomer, {**second, "学时": "没有"})
    assert (book.new, book.known, book.bad, book.missing) == (1, 1, 1, 2)
    missing = [line for line in book.plan.lines if line.outcome == RowOutcome.MISSING]
    assert {line.subject[:2] for line in missing} == {"周五", "孙三"}
    assert all("撤回" in line.effect for line in missing)
    assert TrainingRecord.objects.filter(name="孙三", withdrawn_at=None).count() == 1
