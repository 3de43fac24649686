"""Keeps the table of jobs in order."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from procrastinate import sql
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.contrib.django.models import ProcrastinateJob

from .database import replica
from .jobs import ATTEMPTS, daily, failed_jobs, periodic, put_back, task
from .operation.health import WAITING, WARNINGS, Waiting

logger = logging.getLogger(__name__)

SILENT_WORKER = timedelta(seconds=60)
"""Workers report every 10 seconds."""
KEEP_DONE_HOURS = 72
KEEP_FAILED_HOURS = 90 * 24


@periodic("* * * * *")
@task(
    "common.retry_stalled_jobs", queueing_lock="retry_stalled_jobs", formerly=["jxcloud.base.tasks.retry_stalled_jobs"]
)
def retry_stalled_jobs(timestamp: int) -> None:
    """Puts the jobs of killed workers back; a job that has ended its worker again and again is failed instead."""
    with transaction.atomic():
        stalled = (
            ProcrastinateJob.objects.select_for_update(skip_locked=True, of=("self",), no_key=True)
            .filter(status="doing")
            .filter(Q(worker=None) | Q(worker__last_heartbeat__lt=timezone.now() - SILENT_WORKER))
            .order_by("id")
        )
        for job in stalled:
            if job.attempts >= ATTEMPTS or not put_back(job.id):
                _give_up(job)


WARNINGS["replica"] = replica.warning
WAITING["failed_jobs"] = Waiting(
    lambda: [failed_jobs()], "jobs have failed after all their attempts: see /office/jobs/failures/."
)


def _give_up(job: ProcrastinateJob) -> None:
    logger.error("job %s (%s) stalled and was not put back after %s attempts", job.id, job.task_name, job.attempts)
    DjangoConnector().execute_query(sql.queries["finish_job"], job_id=job.id, status="failed", delete_job=False)


@daily(3, 30)
@task(
    "common.delete_finished_jobs",
    queueing_lock="delete_finished_jobs",
    formerly=["jxcloud.base.tasks.delete_finished_jobs"],
)
def delete_finished_jobs(timestamp: int) -> None:
    """Failed jobs stay longer, because somebody has to look at them."""
    for statuses, hours in ((["succeeded", "cancelled", "aborted"], KEEP_DONE_HOURS), (["failed"], KEEP_FAILED_HOURS)):
        DjangoConnector().execute_query(sql.queries["delete_old_jobs"], statuses=statuses, queue=None, nb_hours=hours)
