"""失败的文件和任务: one page, with a retry, told on the dashboard of the province and by /readyz."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.enums import Duty, Sphere
from accounts.models import User
from administration.models import AuditEntry
from certificates.documents.tasks import make_late_documents
from certificates.issuing.versions import issue_electronic
from certificates.models import DocumentOrder
from common.jobs import enqueue
from tests.factories import Province, make_certificate, make_enterprise, make_office, make_person, make_staff
from workflow.actors import SYSTEM

pytestmark = pytest.mark.django_db
PAGE = "/office/jobs/failures/"


@pytest.fixture
def door(client: Client) -> Client:
    client.force_login(Province().decider)
    return client


@pytest.fixture
def order() -> DocumentOrder:
    certificate = make_certificate(make_person(), make_enterprise(), "B")
    issue_electronic(certificate_id=certificate.pk, by=SYSTEM, now=timezone.now())
    now = timezone.now()
    DocumentOrder.objects.update(attempts=9, last_error="磁盘已满，文件不能保存", ordered_at=now, tried_at=now)
    return DocumentOrder.objects.get()


@pytest.fixture
def job() -> ProcrastinateJob:
    pk = enqueue("administration.run_nightly_job", queueing_lock="nightly silence", name="silence")
    ProcrastinateJob.objects.filter(pk=pk).update(status="failed", attempts=9)
    return ProcrastinateJob.objects.get(pk=pk)


@pytest.mark.parametrize("named", ["", "0", "-1", "9" * 5000, "9" * 19, "全部", "1 OR 1=1"])
def test_what_names_no_job_runs_none(door: Client, job: ProcrastinateJob, named: str) -> None:
    answer = door.post(f"{PAGE}jobs/", {"job": named}, follow=True)
    assert "没有重新排队" in answer.text
    job.refresh_from_db()
    assert job.status == "failed"


def test_operations_5_a_failed_document_is_seen_and_tried_again(door: Client, order: DocumentOrder) -> None:
    assert "签发失败的文件" in door.get("/office/").text
    assert "1 ordered documents cannot be made" in str(door.get("/readyz").json()["warnings"])
    page = door.get(PAGE).text
    assert "磁盘已满，文件不能保存" in page
    assert order.version.certificate.number in page
    ProcrastinateJob.objects.all().delete()
    assert "1 份文件已重新排队签发" in door.post(f"{PAGE}documents/", follow=True).text
    assert ProcrastinateJob.objects.filter(task_name="certificates.make_late_documents", status="todo").count() == 1
    assert AuditEntry.objects.get(action="documents.tried_again").detail == {"count": 1}
    make_late_documents()
    assert "没有签发失败的文件" in door.get(PAGE).text
    assert "签发失败的文件" not in door.get("/office/").text


def test_operations_10_a_failed_job_is_seen_and_run_again(door: Client, job: ProcrastinateJob) -> None:
    assert "失败的后台任务" in door.get("/office/").text
    assert "1 jobs have failed" in str(door.get("/readyz").json()["warnings"])
    page = door.get(PAGE).text
    assert "手工运行的定时任务" in page
    assert "administration." not in page
    assert "1 个任务已重新排队" in door.post(f"{PAGE}jobs/", {"job": job.pk}, follow=True).text
    job.refresh_from_db()
    assert job.status == "todo"
    assert AuditEntry.objects.get(action="job.run_again").detail == {"jobs": [job.pk]}
    assert "没有重新排队" in door.post(f"{PAGE}jobs/", {"job": job.pk}, follow=True).text
    assert "warnings" not in door.get("/readyz").json()


def test_a_failed_job_whose_work_already_waits_stays(door: Client, job: ProcrastinateJob) -> None:
    enqueue("administration.run_nightly_job", queueing_lock="nightly silence", name="silence")
    assert "没有重新排队" in door.post(f"{PAGE}jobs/", follow=True).text
    job.refresh_from_db()
    assert job.status == "failed"


def test_only_the_province_and_the_system_administrator_see_it(client: Client) -> None:
    client.force_login(make_staff(make_office(), Duty.REVIEW))
    assert client.get(PAGE).status_code == 403
    assert client.post(f"{PAGE}documents/").status_code == 403
    client.force_login(User.objects.create(login="admin", sphere=Sphere.SYSTEM_ADMIN, name="系统管理员"))
    assert client.get(PAGE).status_code == 200
