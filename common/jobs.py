"""Declares and enqueues background jobs, so that no app imports procrastinate (`django.tasks` may replace it one
day).

Rules for tasks:
- Every task is idempotent: a killed worker leaves its job half done and it is run again; a retry does the same.
- Arguments are ids and other small JSON values; never an ID number, a phone or a name.
- A job enqueued in a transaction exists when that commits and never if it rolls back.
- Bulk work goes in groups (about 100 ids per job).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, ParamSpec, TypeVar

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from procrastinate import RetryStrategy, sql
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import AlreadyEnqueued, UniqueViolation
from procrastinate.jobs import JobDeferrer
from procrastinate.manager import JobManager
from procrastinate.tasks import Task, configure_task

from .dates import SHANGHAI, now

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")
AnyTask = Task[Any, Any, Any]

ATTEMPTS = 8
"""These are runs after the first: 3, 9, 27 … 6561 seconds apart, nearly three hours in all. Then the job has failed
and is shown.
"""


def task(
    name: str,
    *,
    formerly: Sequence[str] = (),
    queue: str = "default",
    lock: str | None = None,
    queueing_lock: str | None = None,
) -> Callable[[Callable[Parameters, Result]], Task[Parameters, Result, Parameters]]:
    """Declares a task in a module named `tasks`; a failure is retried, at most `ATTEMPTS` times.

    Queued jobs carry the name, so it stays when the function moves; `formerly` lists names that older jobs may carry.
    """
    return app.task(
        name=name,
        aliases=list(formerly),
        queue=queue,
        lock=lock,
        queueing_lock=queueing_lock,
        retry=RetryStrategy(max_attempts=ATTEMPTS, exponential_wait=3),
    )


def periodic(cron: str) -> Callable[[AnyTask], AnyTask]:
    """Stands above `@task()` of a task that takes `timestamp: int`. Cron times are UTC; `daily` takes local ones."""
    return app.periodic(cron=cron)


def daily(hour: int, minute: int = 0) -> Callable[[AnyTask], AnyTask]:
    """Runs the task every day at that time of Asia/Shanghai."""
    offset = now().astimezone(SHANGHAI).utcoffset() or timedelta()
    utc_hour = (hour - int(offset.total_seconds()) // 3600) % 24
    return periodic(f"{minute} {utc_hour} * * *")


def enqueue(
    task: str,
    /,
    *,
    queue: str | None = None,
    lock: str | None = None,
    queueing_lock: str | None = None,
    schedule_in: timedelta | None = None,
    **kwargs: Any,
) -> int | None:
    """Answers the job's id, or None if a job with that `queueing_lock` is waiting already.

    The task is named and not imported, since services do not import the tasks that call them. Jobs of one `lock` run
    one after the other.
    """
    job = _configured(task, queue=queue, lock=lock, queueing_lock=queueing_lock, schedule_in=schedule_in)
    try:
        # A clash would otherwise abort the surrounding transaction.
        with transaction.atomic():
            return job.defer(**kwargs)
    except AlreadyEnqueued:
        return None


def enqueue_many(
    task: str, kwargs_list: Sequence[dict[str, Any]], *, queue: str | None = None, lock: str | None = None
) -> list[int]:
    """Enqueues one job for each set of arguments, in one query."""
    if not kwargs_list:
        return []
    return _configured(task, queue=queue, lock=lock).batch_defer(*kwargs_list)


def enqueue_in_groups(task: str, name: str, ids: Sequence[int], *, size: int) -> None:
    """Enqueues jobs that take `size` ids each, by the argument of this name."""
    enqueue_many(task, [{name: list(ids[start : start + size])} for start in range(0, len(ids), size)])


def is_queued(queueing_lock: str) -> bool:
    """Tells whether a job with this lock waits or is at work."""
    return ProcrastinateJob.objects.filter(queueing_lock=queueing_lock, status__in=["todo", "doing"]).exists()


def failed_jobs() -> QuerySet[ProcrastinateJob]:
    """Answers the jobs that were given up after all their attempts, the latest first."""
    return ProcrastinateJob.objects.filter(status="failed").order_by("-id")


def run_again(job_id: int) -> bool:
    """Queues a failed job. Answers False if it is none, or if another with its queueing lock waits and does its work."""
    with transaction.atomic():
        # The lock stays until it is queued: a second press at the same moment would queue it while it runs.
        return failed_jobs().select_for_update(no_key=True).filter(pk=job_id).exists() and put_back(job_id)


def put_back(job_id: int) -> bool:
    """Queues a stalled or failed job. Answers False if another with its queueing lock waits and does its work."""
    try:
        with transaction.atomic():
            DjangoConnector().execute_query(
                sql.queries["retry_job"],
                job_id=job_id,
                retry_at=timezone.now(),
                new_priority=None,
                new_queue_name=None,
                new_lock=None,
            )
    except UniqueViolation:
        return False
    return True


def _configured(
    name: str,
    *,
    queue: str | None,
    lock: str | None,
    queueing_lock: str | None = None,
    schedule_in: timedelta | None = None,
) -> JobDeferrer:
    task = app.tasks[name]
    return configure_task(
        name=task.name,
        # The app's own connector is not used: inside a worker it has a connection of its own, outside our transaction.
        job_manager=JobManager(DjangoConnector()),
        queue=queue or task.queue,
        priority=task.priority,
        lock=lock or task.lock,
        queueing_lock=queueing_lock or task.queueing_lock,
        schedule_at=timezone.now() + schedule_in if schedule_in is not None else None,
    )
