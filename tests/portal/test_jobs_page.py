"""定时任务 in the back office."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.test import Client

from accounts.enums import Duty, Sphere
from accounts.models import User
from administration.enums import RunState
from administration.models import AuditEntry, JobRun
from administration.nightly import NIGHTLY_JOBS
from tests.factories import Province, make_office, make_staff

pytestmark = pytest.mark.django_db
LIST = "/office/jobs/"


@pytest.fixture
def door(client: Client) -> Client:
    client.force_login(Province().decider)
    return client


def body(response: Any) -> str:
    return str(response.content.decode())


def test_every_job_is_listed_with_its_last_run(door: Client) -> None:
    JobRun.objects.create(name="silence", state=RunState.DONE, counts={"lapsed": 7})
    JobRun.objects.create(name="silence", state=RunState.DONE, counts={"lapsed": 3, "escalated": 1200})
    JobRun.objects.create(name="contracts", state=RunState.FAILED, error="OperationalError: 连接中断")
    JobRun.objects.create(name="certificate_snapshots", state=RunState.DONE, counts={"people": 5, "after": 99})
    page = body(door.get(LIST))
    assert all(job.title in page for job in NIGHTLY_JOBS)
    assert "逾期终止 <span" in page
    assert "1200" in page
    assert ">7<" not in page, "the last run only"
    assert "OperationalError: 连接中断" in page
    assert "after" not in page
    assert page.count("还没有运行过") == len(NIGHTLY_JOBS) - 3


def test_running_now_queues_the_job_once(door: Client, run_jobs: Callable[..., list[str]]) -> None:
    for _ in range(2):
        assert door.post(f"{LIST}silence/run/").status_code == 302
    assert "已在排队" in body(door.get(LIST))
    assert run_jobs() == ["administration.run_nightly_job"]
    assert JobRun.objects.get().state == RunState.DONE
    assert AuditEntry.objects.get(action="job.started").detail == {"name": "silence"}


def test_an_unknown_job_is_not_found(door: Client) -> None:
    assert door.post(f"{LIST}nobody/run/").status_code == 404
    assert door.get(f"{LIST}silence/run/").status_code == 405


def test_the_history_of_a_job_shows_every_run_the_latest_first_with_its_error(door: Client) -> None:
    JobRun.objects.create(name="silence", state=RunState.FAILED, error="OperationalError: 连接中断")
    JobRun.objects.create(name="contracts", state=RunState.DONE, counts={"reminded": 4711})
    for count in range(1, 31):
        JobRun.objects.create(name="silence", state=RunState.DONE, counts={"lapsed": 7000 + count})
    assert f'href="{LIST}silence/"' in body(door.get(LIST))
    first = door.get(f"{LIST}silence/")
    page = body(first)
    assert page.index("7030") < page.index("7029")
    assert "4711" not in page
    assert "连接中断" not in page
    link = re.search(r'href="(\?[^"]*cursor=[^"]+)"', page)
    assert link is not None
    second = body(door.get(f"{LIST}silence/{unescape(link[1])}"))
    assert "OperationalError: 连接中断" in second
    assert "失败" in second
    assert f'action="{LIST}silence/run/"' in second
    assert door.get(f"{LIST}nobody/").status_code == 404


def test_who_sees_them() -> None:
    office = make_office()
    admin = User.objects.create(login="admin", sphere=Sphere.SYSTEM_ADMIN, name="系统管理员")
    auditor = User.objects.create(login="auditor", sphere=Sphere.AUDIT_ADMIN, name="审计管理员")
    expected = {
        make_staff(office, Duty.REGISTRY): 200,
        make_staff(office, Duty.REVIEW): 403,
        admin: 200,
        auditor: 403,
    }
    for user, status in expected.items():
        client = Client()
        client.force_login(user)
        assert client.get(LIST).status_code == status
        assert client.get(f"{LIST}silence/").status_code == status
        assert client.post(f"{LIST}silence/run/").status_code == (302 if status == 200 else 403)


def test_the_list_asks_the_same_queries_however_many_runs_there_are(
    door: Client, count_queries: Callable[..., int]
) -> None:
    door.get(LIST)
    door.get(f"{LIST}silence/")
    of_one = [count_queries(lambda: door.get(f"{LIST}silence/"))]
    asked = [count_queries(lambda: door.get(LIST))]
    for job in NIGHTLY_JOBS:
        JobRun.objects.create(name=job.name, state=RunState.DONE)
    asked.append(count_queries(lambda: door.get(LIST)))
    assert asked[0] == asked[1]
    of_one.append(count_queries(lambda: door.get(f"{LIST}silence/")))
    assert of_one[0] == of_one[1]
