"""Reads the runs of nightly jobs, and names jobs that failed."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet
from procrastinate.contrib.django.models import ProcrastinateJob

from administration.models import JobRun
from administration.nightly import NIGHTLY_JOBS
from common.jobs import failed_jobs

TITLES = {
    "certificates.make_documents": "签发电子证书",
    "certificates.make_transfer_proofs": "签发调出证明",
    "certificates.make_late_documents": "补签发文件",
    "certificates.order_late_documents": "查找未签发的文件",
    "administration.run_nightly_job": "手工运行的定时任务",
}
OTHER = "其他后台任务"


def titled(jobs: Iterable[ProcrastinateJob]) -> list[tuple[ProcrastinateJob, str]]:
    """Names each job in words; those without a name of their own are told apart by their number."""
    return [(job, _title(job.task_name)) for job in jobs]


def _title(task: str) -> str:
    nightly = NIGHTLY_JOBS.get(task.removeprefix("nightly."))
    return nightly.title if nightly is not None else TITLES.get(task, OTHER)


def failed_ids(most: int) -> list[int]:
    return list(failed_jobs().values_list("pk", flat=True)[:most])


def runs_of(name: str) -> QuerySet[JobRun]:
    """Answers every run of a nightly job, for a page that puts the latest first."""
    return JobRun.objects.filter(name=name)
