from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from common import jobs, tasks
from common.jobs import ATTEMPTS, daily, enqueue, enqueue_many, task

pytestmark = pytest.mark.django_db


@pytest.fixture
def note() -> Iterator[Any]:
    @task(name="tests.note", queue="notes")
    def note(*, number: int) -> int:
        return number

    yield note
    del app.tasks["tests.note"]


def waiting() -> list[ProcrastinateJob]:
    return list(ProcrastinateJob.objects.filter(status="todo").order_by("id"))


def test_a_job_carries_its_arguments_and_options(note: Any):
    job_id = enqueue("tests.note", number=7, lock="person:1", schedule_in=timedelta(hours=1))
    (job,) = waiting()
    assert (job.id, job.task_name, job.args, job.lock) == (job_id, "tests.note", {"number": 7}, "person:1")
    assert job.queue_name == "notes"
    assert timedelta(minutes=59) < job.scheduled_at - timezone.now() <= timedelta(hours=1)
    enqueue("tests.note", number=8, queue="other")
    assert waiting()[1].queue_name == "other"


def test_a_rolled_back_transaction_leaves_no_job(note: Any):
    with transaction.atomic():
        enqueue("tests.note", number=7)
        enqueue_many("tests.note", [{"number": 8}])
        assert len(waiting()) == 2
        transaction.set_rollback(True)
    assert waiting() == []


def test_jobs_join_the_transaction_inside_a_worker_too(note: Any):
    with app.replace_connector(app.connector.get_worker_connector()), transaction.atomic():
        enqueue("tests.note", number=7)
        transaction.set_rollback(True)
    assert waiting() == []


def test_a_queueing_lock_that_is_taken_leaves_the_transaction_alive(note: Any):
    with transaction.atomic():
        assert enqueue("tests.note", number=1, queueing_lock="only one") is not None
        assert enqueue("tests.note", number=2, queueing_lock="only one") is None
        assert enqueue("tests.note", number=3, queueing_lock="another") is not None
    assert [job.args["number"] for job in waiting()] == [1, 3]


def test_many_jobs_take_one_query(note: Any, django_assert_num_queries: Any):
    with django_assert_num_queries(1):
        ids = enqueue_many("tests.note", [{"number": number} for number in range(50)])
    assert [job.id for job in waiting()] == ids
    with django_assert_num_queries(0):
        assert enqueue_many("tests.note", []) == []


def test_a_failing_task_is_retried_a_finite_number_of_times(note: Any):
    enqueue("tests.note", number=1)
    job = waiting()[0].procrastinate_job
    waits = []
    while (retry := note.get_retry_exception(RuntimeError(), job)) is not None:
        waits.append(round((retry.retry_decision.retry_at - timezone.now()).total_seconds()))
        job = job.evolve(attempts=job.attempts + 1)
    assert waits == [3**attempt for attempt in range(1, ATTEMPTS + 1)]


def test_daily_times_are_those_of_shanghai():
    @task(name="tests.early")
    def early(timestamp: int) -> None:
        raise AssertionError

    try:
        daily(3, 30)(early)
        assert app.periodic_registry.periodic_tasks["tests.early", ""].cron == "30 19 * * *"
    finally:
        app.periodic_registry.periodic_tasks.pop(("tests.early", ""), None)
        del app.tasks["tests.early"]


def test_housekeeping_is_registered():
    registered = {name for name, _ in app.periodic_registry.periodic_tasks}
    assert {tasks.retry_stalled_jobs.name, tasks.delete_finished_jobs.name} <= registered


def start(job_id: int | None, *, worker_silent_for: timedelta | None, attempts: int = 0) -> None:
    """As a worker takes it; `None`: the worker's row was already removed."""
    with connection.cursor() as cursor:
        worker_id = None
        if worker_silent_for is not None:
            cursor.execute(
                "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (%s) RETURNING id",
                [timezone.now() - worker_silent_for],
            )
            (worker_id,) = cursor.fetchone()
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s, attempts = %s WHERE id = %s",
            [worker_id, attempts, job_id],
        )


def statuses() -> dict[int, str]:
    return dict(ProcrastinateJob.objects.values_list("args__number", "status"))


def test_jobs_of_killed_workers_are_put_back(note: Any):
    for number, silent_for in ((1, timedelta(minutes=5)), (2, None), (3, timedelta(seconds=5))):
        start(enqueue("tests.note", number=number), worker_silent_for=silent_for)
    tasks.retry_stalled_jobs(0)
    assert statuses() == {1: "todo", 2: "todo", 3: "doing"}
    assert {job.attempts for job in waiting()} == {1}


def test_a_job_that_keeps_killing_its_worker_is_failed(note: Any, caplog: pytest.LogCaptureFixture):
    start(enqueue("tests.note", number=1), worker_silent_for=None, attempts=ATTEMPTS)
    start(enqueue("tests.note", number=2), worker_silent_for=None, attempts=ATTEMPTS - 1)
    tasks.retry_stalled_jobs(0)
    assert statuses() == {1: "failed", 2: "todo"}
    assert "stalled" in caplog.text


def test_a_stalled_job_whose_successor_waits_is_not_put_back(note: Any):
    start(enqueue("tests.note", number=1, queueing_lock="only one"), worker_silent_for=None)
    assert enqueue("tests.note", number=2, queueing_lock="only one") is not None
    start(enqueue("tests.note", number=3), worker_silent_for=None)
    tasks.retry_stalled_jobs(0)
    assert statuses() == {1: "failed", 2: "todo", 3: "todo"}


def test_finished_jobs_are_deleted_and_failed_ones_stay_longer(note: Any):
    ages = {1: ("succeeded", 80), 2: ("succeeded", 10), 3: ("failed", 80), 4: ("failed", 91 * 24)}
    for number, (status, hours) in ages.items():
        job_id = enqueue("tests.note", number=number)
        with connection.cursor() as cursor:
            cursor.execute("UPDATE procrastinate_jobs SET status = %s WHERE id = %s", [status, job_id])
            cursor.execute(
                "UPDATE procrastinate_events SET at = now() - make_interval(hours => %s) WHERE job_id = %s",
                [hours, job_id],
            )
    enqueue("tests.note", number=5)
    tasks.delete_finished_jobs(0)
    assert set(statuses()) == {2, 3, 5}


def test_tasks_can_be_called_like_functions(note: Any):
    assert note(number=3) == 3
    assert jobs.enqueue("tests.note", number=3)
