"""All lists of a batch are made by one job, with progress, and are deleted after the exam."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest

from administration.models import AuditEntry, Message
from exams.models import ExamSeat, PaperOrder
from exams.papers.orders import delete_old_papers, make_papers, order_papers
from exams.seating.services import assign_seats
from tests.clock import Clock
from tests.exams.exam_world import AFTER, NOW, ExamWorld, make_batch, text
from tests.exams.seating.seat_world import add_session, admit
from tests.factories import actor
from tests.workflow.browsing import browser

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(clock: Clock) -> None:
    clock.stop_at(NOW)


@pytest.fixture
def seated(world: ExamWorld) -> ExamWorld:
    add_session(world, 4, 4)
    admit(world, 6, enterprises=2)
    assign_seats(world.batch.pk, by=actor(world.organiser), now=NOW)
    return world


def test_one_job_makes_three_papers_of_all_rooms(seated: ExamWorld, run_jobs: Callable[[], object]) -> None:
    client, address = browser(seated.organiser), f"/office/exams/{seated.batch.pk}/papers/"
    assert "生成全部材料" in text(client, address)
    assert client.get(f"{address}file/").status_code == 404
    page = client.post(address, follow=True).content.decode()
    assert "处理中" in page
    assert "0 / 18" in page
    run_jobs()
    order = PaperOrder.objects.get()
    assert (order.done, order.total) == (18, 18)
    page = text(client, address)
    assert "已完成" in page
    assert f"{address}file/" in page
    answer = client.get(f"{address}file/")
    assert answer["Content-Type"] == "application/zip"
    with ZipFile(BytesIO(answer.content)) as archive:
        assert archive.namelist() == ["门贴.pdf", "考场名册.pdf", "签到表.pdf"]
        assert archive.read("签到表.pdf").count(b"/DCTDecode") == 6
        assert archive.read("门贴.pdf").count(b"/Type /Page ") == 2
    assert AuditEntry.objects.filter(action="exam_seat.papers").count() == 1
    assert Message.objects.filter(mailbox=seated.organiser_office.mailbox, title__startswith="考场材料").count() == 1


def test_a_changed_seat_asks_for_new_papers_and_a_second_run_changes_nothing(seated: ExamWorld, clock: Clock) -> None:
    order = order_papers(seated.batch.pk, by=actor(seated.organiser))
    assert make_papers(order.pk)
    assert not make_papers(order.pk)
    client, address = browser(seated.organiser), f"/office/exams/{seated.batch.pk}/papers/"
    assert "有座位变动" not in text(client, address)
    clock.stop_at(NOW + timedelta(minutes=5))
    ExamSeat.objects.filter(number=1).update(released_at=NOW + timedelta(minutes=5))
    assert "有座位变动" in text(client, address)
    again = order_papers(seated.batch.pk, by=actor(seated.organiser))
    assert (again.pk, again.total, again.done, bool(again.file)) == (order.pk, 12, 0, False)


def test_papers_without_a_job_say_that_they_failed(seated: ExamWorld) -> None:
    PaperOrder.objects.create(batch=seated.batch, total=18)
    page = text(browser(seated.organiser), f"/office/exams/{seated.batch.pk}/papers/")
    assert "失败" in page
    assert "重新生成" in page


def test_nobody_orders_papers_of_others_or_of_nobody(seated: ExamWorld) -> None:
    client = browser(seated.organiser)
    elsewhere = make_batch()
    assert client.post(f"/office/exams/{elsewhere.pk}/papers/").status_code == 404
    own = make_batch(organiser=seated.organiser_office)
    answer = client.post(f"/office/exams/{own.pk}/papers/")
    assert answer.status_code == 409
    assert "还没有人有座位" in answer.content.decode()


def test_names_and_photos_are_deleted_a_month_after_the_exam(
    seated: ExamWorld, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    order = order_papers(seated.batch.pk, by=actor(seated.organiser))
    make_papers(order.pk)
    order.refresh_from_db()
    storage, name = order.file.storage, order.file.name
    assert delete_old_papers(now=AFTER) == 0
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        assert delete_old_papers(now=AFTER + timedelta(days=30)) == 1
    assert not storage.exists(name)
    order.refresh_from_db()
    assert not order.file
