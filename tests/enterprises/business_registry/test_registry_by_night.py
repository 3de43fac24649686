"""The business registry is asked without an enterprise's operator: by night, at a login that was refused, by a clerk."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.enums import Duty
from administration.models import AuditEntry, JobRun, Message
from administration.nightly import run_nightly
from common.web.http import Partner
from devtools.demo_servers.business_registry import KEY, demo_registry_server
from employment.models import Employment
from enterprises.business_registry.checks import due_codes
from enterprises.enums import EnterpriseStatus, RegistryOutcome
from enterprises.models import Enterprise, RegistryCheck, RegistrySync
from tests.enterprises.ca_login.keys import LOGIN, answer, issue
from tests.factories import make_employment, make_enterprise, make_office, make_person, make_staff, make_uscc
from tests.workflow.browsing import words

pytestmark = pytest.mark.django_db
Records = dict[str, dict[str, Any]]
ASK = "/enterprise/login/registry/"
PAGE = "/office/enterprises/registry/"


def record_of(enterprise: Enterprise, **more: Any) -> dict[str, Any]:
    known = {"uscc": enterprise.uscc, "name": enterprise.name, "region": enterprise.region_id, "status": "existing"}
    return known | more


@pytest.fixture
def records(settings: Any) -> Iterator[Records]:
    known: Records = {}
    with demo_registry_server(lambda: known) as url:
        settings.REGISTRY_URL, settings.REGISTRY_KEY, settings.REGISTRY_TIMEOUT_SECONDS = url, KEY, 60.0
        yield known


@pytest.fixture
def clerk(client: Client) -> Client:
    client.force_login(make_staff(make_office(), Duty.REGISTRY))
    return client


def night() -> dict[str, int]:
    run = run_nightly("registry_sync")
    assert isinstance(run, JobRun)
    return {name: count for name, count in run.counts.items() if name != "after"}


def gone(name: str, **more: Any) -> Enterprise:
    return make_enterprise(name, status=EnterpriseStatus.DISSOLVED, dissolved_on=date(2026, 1, 5), **more)


def test_each_enterprise_stands_on_its_own_in_the_night(records: Records) -> None:
    same, renamed = make_enterprise("江西甲建设有限公司"), make_enterprise("江西乙建设有限公司")
    broken, unknown = make_enterprise("江西丙建设有限公司"), make_enterprise("江西丁建设有限公司")
    back = gone("江西戊建设有限公司")
    records[broken.uscc] = {"uscc": broken.uscc, "status": "no such status"}
    records[same.uscc] = record_of(same)
    records[renamed.uscc] = record_of(renamed, name="江西乙建设集团有限公司")
    records[back.uscc] = record_of(back)
    assert night() == {"same": 1, "differs": 1, "failed": 1, "unknown": 1, "exists_again": 1}
    back.refresh_from_db()
    same.refresh_from_db()
    renamed.refresh_from_db()
    assert (back.status, back.dissolved_on) == (EnterpriseStatus.EXISTING, None)
    assert AuditEntry.objects.get(action="enterprise.exists_again").actor_name == "系统"
    assert same.synced_at is not None
    assert renamed.name == "江西乙建设有限公司", "a name waits for somebody's decision"
    sync = RegistrySync.objects.get()
    assert (sync.enterprise, sync.asked_by, sync.accepted_at) == (renamed, None, None)
    assert "企业名称" in Message.objects.get(mailbox=renamed.mailbox_id).body
    outcomes = dict(RegistryCheck.objects.values_list("code", "outcome"))
    assert (outcomes[broken.uscc], outcomes[unknown.uscc]) == (RegistryOutcome.UNCLEAR, RegistryOutcome.UNKNOWN)
    assert night() == {}, "a second run of the night goes on where the first one stopped"


def test_the_same_difference_is_told_once_and_stays_one_answer(records: Records) -> None:
    enterprise = make_enterprise("江西甲建设有限公司")
    records[enterprise.uscc] = record_of(enterprise, name="江西甲建设集团有限公司")
    night()
    RegistryCheck.objects.update(asked_at=timezone.now() - timedelta(days=31))
    assert night() == {"differs": 1}
    assert (RegistrySync.objects.count(), Message.objects.filter(mailbox=enterprise.mailbox_id).count()) == (1, 1)


def test_the_order_of_a_night(records: Records) -> None:
    now = timezone.now()
    old, never, fresh = (make_enterprise(f"江西{word}建设有限公司") for word in "甲乙丙")
    dissolved = gone("江西丁建设有限公司")
    failed = make_enterprise("江西戊建设有限公司")
    waiting = make_uscc(9_200_001)
    for one, days, outcome in ((old, 40, "found"), (fresh, 3, "found"), (failed, 1, "silent")):
        RegistryCheck.objects.create(code=one.uscc, asked_at=now - timedelta(days=days), outcome=outcome)
    RegistryCheck.objects.create(code=waiting, requested_at=now)
    due = due_codes(now=now, most=10)
    assert due == [waiting, dissolved.uscc, never.uscc, old.uscc, failed.uscc]
    assert due_codes(now=now, most=2) == due[:2]


def test_a_registry_that_is_away_ends_the_night_and_nothing_is_lost(settings: Any) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        settings.REGISTRY_URL = f"http://127.0.0.1:{closed.getsockname()[1]}"
        settings.REGISTRY_TIMEOUT_SECONDS = 2.0
        for number in range(5):
            make_enterprise(f"江西{number}建设有限公司")
        assert night() == {"silent": 3, "left": 2}
    assert not RegistrySync.objects.exists()


def test_without_a_registry_the_night_asks_nobody(settings: Any) -> None:
    settings.REGISTRY_URL = ""
    make_enterprise()
    assert night() == {}
    assert not RegistryCheck.objects.exists()


# --- at the login ---


def refused(client: Client, uscc: str) -> str:
    reply = answer(client, issue(uscc))
    assert reply.status_code == 403
    return words(reply)


def test_the_advice_at_the_login_of_a_dissolved_enterprise_can_be_followed(client: Client, records: Records) -> None:
    enterprise = gone("江西甲建设有限公司", uscc=make_uscc(9_200_002))
    records[enterprise.uscc] = record_of(enterprise, status="dissolved", dissolved_on="2026-01-05")
    assert "点下面的“查询工商登记”" in refused(client, enterprise.uscc)
    reply = client.post(ASK)
    assert reply.status_code == 409
    assert "工商登记中是注销" in words(reply)
    assert Enterprise.objects.get().is_gone
    records[enterprise.uscc] = record_of(enterprise)
    assert "请再用CA锁登录一次" in words(client.post(ASK, follow=True))
    assert not Enterprise.objects.get().is_gone
    assert answer(client, issue(enterprise.uscc)).status_code == 302


def test_the_advice_at_the_login_of_an_unknown_enterprise_can_be_followed(client: Client, records: Records) -> None:
    code = make_uscc(9_200_003)
    assert "“工商登记查询”或“数据导入”中登记企业" in refused(client, code)
    assert "工商登记中查不到" in words(client.post(ASK))
    assert RegistryCheck.objects.get().requested_at is not None
    records[code] = {"uscc": code, "name": "江西新办建设有限公司", "region": "360102", "status": "existing"}
    RegistryCheck.objects.update(asked_at=timezone.now() - timedelta(days=1))
    assert night() == {"opened": 1}
    enterprise = Enterprise.objects.get()
    assert (enterprise.name, enterprise.region_id, enterprise.mailbox is None) == (
        "江西新办建设有限公司",
        "360102",
        False,
    )
    assert RegistryCheck.objects.get().requested_at is None
    assert answer(client, issue(code))["Location"] == "/enterprise/"


def test_nobody_asks_without_a_key_nor_with_a_wrong_one(client: Client, records: Records) -> None:
    code = make_uscc(9_200_004)
    records[code] = {"uscc": code, "name": "江西新办建设有限公司", "region": "360102", "status": "existing"}
    assert client.get(ASK).status_code == 405
    client.get(LOGIN)
    reply = client.post(ASK, {"code": code})
    assert reply.status_code == 403
    assert "没有收到CA锁的签名" in words(reply)
    expired = issue(code, not_before=timezone.now() - timedelta(days=9), not_after=timezone.now() - timedelta(days=1))
    assert "查询工商登记</button>" not in answer(client, expired).content.decode()
    assert client.post(ASK).status_code == 403
    assert not RegistryCheck.objects.exists()


@pytest.mark.usefixtures("fresh_windows")
def test_one_enterprise_asks_three_times_in_some_hours(client: Client, records: Records) -> None:
    code = make_uscc(9_200_005)
    refused(client, code)
    assert [client.post(ASK).status_code for _ in range(4)] == [409, 409, 409, 429]


def test_another_province_waits_for_a_clerk_who_chooses_the_region(
    client: Client, clerk: Client, records: Records
) -> None:
    code, visitor = make_uscc(9_200_006), Client()
    records[code] = {"uscc": code, "name": "外来建设有限公司", "region": "440300", "status": "existing"}
    refused(visitor, code)
    assert "登记人员看得到" in words(visitor.post(ASK))
    page = words(clerk.get(PAGE))
    assert "申请查询，还没有登记" in page
    assert code in page
    assert "没有写明" in words(clerk.post(PAGE, {"code": code}))
    assert "企业可以登录" in words(clerk.post(PAGE, {"code": code, "region": "360102"}, follow=True))
    entry = AuditEntry.objects.get(action="enterprise.opened")
    assert entry.detail == {"code": code, "name": "外来建设有限公司", "region": "360102"}
    assert "已经登记" in words(clerk.post(PAGE, {"code": code}))


def test_a_clerk_confirms_that_an_enterprise_is_gone(clerk: Client, records: Records) -> None:
    enterprise = make_enterprise("江西甲建设有限公司")
    employment = make_employment(make_person(), enterprise)
    records[enterprise.uscc] = record_of(enterprise, status="revoked", dissolved_on="2026-11-01")
    night()
    assert Employment.objects.active().exists(), "the night ends no employment"
    page = words(clerk.get(PAGE))
    assert "登记状态" in page
    answer_page = f"{PAGE}{RegistrySync.objects.get().pk}/"
    assert "全部聘用关系随即终止" in words(clerk.get(answer_page))
    assert "登记状态" in words(clerk.post(answer_page, follow=True))
    assert Employment.objects.get(pk=employment.pk).ended_at is not None
    assert Enterprise.objects.get(pk=enterprise.pk).status == EnterpriseStatus.REVOKED
    assert clerk.post(answer_page).status_code == 409
    assert enterprise.name not in words(clerk.get(PAGE))


def test_a_clerk_asks_about_any_enterprise_and_reads_why_there_is_no_answer(clerk: Client, records: Records) -> None:
    enterprise = make_enterprise("江西甲建设有限公司")
    ask = f"/office/enterprises/{enterprise.pk}/registry/"
    assert enterprise.name in words(clerk.get(PAGE, {"q": enterprise.name}))
    reply = clerk.post(ask)
    assert reply.status_code == 409
    assert "返回工商登记查询" in words(reply)
    assert enterprise.name in words(clerk.get(PAGE)), "what the registry does not know is listed"
    records[enterprise.uscc] = record_of(enterprise, name="江西甲建设集团有限公司")
    shown = clerk.post(ask, follow=True)
    assert "江西甲建设集团有限公司" in words(shown)
    RegistrySync.objects.update(asked_at=timezone.now() - timedelta(days=2))
    assert "已经过时" in words(clerk.post(shown.request["PATH_INFO"]))
    assert Enterprise.objects.get().name == "江西甲建设有限公司"


@pytest.fixture(autouse=True)
def no_breaker_is_open() -> None:
    for partner in Partner.known:
        partner.forget()
