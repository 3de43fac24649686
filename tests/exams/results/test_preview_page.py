"""The preview of a file of results: who lacks, who differs, who was at the door, who is barred, and what follows."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from administration.models import AuditEntry, ImportRun
from exams.checkin.links import make_link
from exams.enums import CheckInKind, EntryState
from exams.models import CheckInLink, ExamCheckIn, ExamEntry, ExamSeat
from exams.results.services import Result, record_results
from tests.clock import Clock
from tests.exams.exam_world import AFTER, ExamWorld, make_candidate, make_entry, make_seat, text
from tests.exams.results.test_preview import WHY, confirm, content, page_of, preview, states
from tests.factories import actor
from tests.workflow.browsing import words as words_of

pytestmark = pytest.mark.django_db
NAMES = ("赵一", "钱二", "孙三", "李四", "周五", "吴六")
NINE = datetime.fromisoformat("2026-12-12T09:02:00+08:00")


@pytest.fixture(autouse=True)
def today(clock: Clock) -> None:
    clock.stop_at(AFTER)


@pytest.fixture
def entries(world: ExamWorld) -> list[ExamEntry]:
    people = [make_candidate(world.enterprise, name) for name in NAMES]
    return [make_entry(one, world.enterprise, world.batch, office=world.province.municipal) for one in people]


@pytest.fixture
def hall(client: Client, world: ExamWorld) -> Client:
    client.force_login(world.organiser)
    return client


def words(answer: Any) -> str:
    return words_of(answer).replace(" ", "")


def said_at_the_door(
    world: ExamWorld, entry: ExamEntry, kind: CheckInKind, undoes: uuid.UUID | None = None
) -> uuid.UUID:
    seat = ExamSeat.objects.filter(entry=entry).first() or make_seat(entry, world.organiser_office)
    link = CheckInLink.objects.filter(session_room=seat.session_room).first() or make_link(
        seat.session_room_id, by=actor(world.organiser), now=NINE
    )
    key = uuid.uuid4()
    ExamCheckIn.objects.create(
        key=key,
        seat=seat,
        link=link,
        kind=kind,
        undoes=undoes,
        device=uuid.uuid4(),
        by_name="王老师",
        at=NINE,
        device_at=NINE,
        received_at=NINE + timedelta(minutes=1),
    )
    return key


def test_the_page_says_all_that_follows(
    hall: Client, world: ExamWorld, entries: list[ExamEntry], run_jobs: Callable[[], list[str]]
) -> None:
    first, second, third, fourth, fifth, _ = entries
    make_seat(first, world.organiser_office, number=9)
    record_results([Result(second.pk, EntryState.FAILED, Decimal(58))], by=actor(world.organiser), now=AFTER)
    rows = (first, "88,,"), (second, f"85,,,{WHY}"), (third, ",是,"), (fourth, ",,替考")
    run = preview(hall, content(*rows) + f"\n错名,{fifth.person.id_number},60,,".encode(), run_jobs)
    page = words(hall.get(f"/office/imports/{run.pk}/"))
    for said in (
        "成绩预览：还没有录入任何成绩",
        "第1考场 09号 赵一",
        "58 → 85",
        "不合格 → 合格",
        "姓名不一致 1",
        "表里是“错名”，报名的是“周五”",
        "表里没有的 1 人",
        "吴六",
        "不会当作缺考",
        "合格 2 人：系统自动提交首次发证申请",
        "违纪 1 人：在一段时间内不能再报名",
        "缺考 1 人：在一段时间内不能再报名",
        "2 人会被限制报名",
        "4 人各收到一条消息；1 家企业",
        "15 日内可以申请复核",
        "有 1 行不能录入，所以现在不能确认",
    ):
        assert said.replace(" ", "") in page, said
    # What is wrong stands before what is corrected, and that before what is new.
    assert page.index("第6行") < page.index("58→85") < page.index("第1考场09号赵一")
    assert "确认录入4人" not in page
    assert states()[0] == "approved"


def test_whoever_was_checked_in_and_is_absent_is_looked_at_before_the_confirmation(
    hall: Client, world: ExamWorld, entries: list[ExamEntry], run_jobs: Callable[[], list[str]]
) -> None:
    present, marked, stranger, taken_back, *_ = entries
    said_at_the_door(world, present, CheckInKind.PRESENT)
    said_at_the_door(world, marked, CheckInKind.PRESENT)
    said_at_the_door(world, stranger, CheckInKind.STRANGER)
    said_at_the_door(world, taken_back, CheckInKind.UNDONE, said_at_the_door(world, taken_back, CheckInKind.PRESENT))
    rows = (present, ",是,"), (marked, "70,,"), (stranger, "90,,"), (taken_back, ",是,")
    run = preview(hall, content(*rows), run_jobs)
    assert run.rows_new == 4
    page = words(hall.get(f"/office/imports/{run.pk}/"))
    assert "请核对：和签到记录不一致" in page
    assert "第2行赵一：09:02在" in page
    assert "签到（王老师），表里却是无故缺考" in page
    assert "第4行孙三：签到时记为“不是本人”（王老师），表里却有成绩" in page
    assert "钱二：" not in page
    assert "李四：" not in page.split("逐行看")[0]
    unseen = hall.post(f"/office/imports/{run.pk}/confirm/", {"plan": run.plan})
    assert unseen.status_code == 400
    assert "请逐行看过后勾选" in words(unseen)
    assert set(states()) == {"approved"}
    assert confirm(hall, run, looked="on") == 302
    run_jobs()
    assert states()[:4] == ["absent", "passed", "passed", "absent"]
    assert AuditEntry.objects.get(action="import.confirmed").detail["looked_at"] == 2


def test_a_check_in_that_arrives_after_the_preview_shows_it_again(
    hall: Client, world: ExamWorld, entries: list[ExamEntry], run_jobs: Callable[[], list[str]]
) -> None:
    run = preview(hall, content((entries[0], ",是,")), run_jobs)
    assert confirm(hall, run) == 302
    said_at_the_door(world, entries[0], CheckInKind.PRESENT)
    run_jobs()
    run.refresh_from_db()
    assert (run.state, run.has_changed_since_preview) == ("previewed", True)
    assert set(states()) == {"approved"}
    assert "请核对：和签到记录不一致" in page_of(hall, run)


def test_each_figure_leads_to_its_rows(
    hall: Client, entries: list[ExamEntry], run_jobs: Callable[[], list[str]]
) -> None:
    first, second, *_ = entries
    run = preview(hall, content((first, "88,,"), (second, "101,,")), run_jobs)
    for show, named, absent in (("new", "赵一", "钱二"), ("missing", "孙三", "赵一"), ("problems", "第3行", "孙三")):
        shown = words(hall.get(f"/office/imports/{run.pk}/?show={show}"))
        assert named in shown, show
        assert absent not in shown, show
        assert "回到概览" in shown


def test_the_page_of_many_takes_the_statements_of_few(
    hall: Client,
    world: ExamWorld,
    entries: list[ExamEntry],
    run_jobs: Callable[[], list[str]],
    count_queries: Callable[..., int],
) -> None:
    few = preview(hall, content(*((entry, ",是,") for entry in entries[:3])), run_jobs)
    rows = world.approved(30)
    many = preview(hall, content(*((entry, ",是,") for entry in rows[:-1])), run_jobs)
    ImportRun.objects.filter(pk__in=[few.pk, many.pk]).update(questions=[])

    def seen(run: ImportRun) -> int:
        return count_queries(lambda: text(hall, f"/office/imports/{run.pk}/"))

    assert seen(few) == seen(many)
