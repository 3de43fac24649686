"""工商信息数据同步 against a real server on loopback: shown first, applied when accepted, refused where it is not ours."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.enums import Duty
from administration.models import AuditEntry
from certificates.models import Certificate
from common.findings import Refused
from devtools.demo_servers.business_registry import KEY, demo_registry_server
from employment.models import Employment
from enterprises.business_registry.client import (
    BusinessRegistry,
    RegistrySilent,
    RegistryUnclear,
    RegistryUnknown,
    parse,
)
from enterprises.business_registry.services import ask_registry
from enterprises.enums import EnterpriseStatus
from enterprises.models import CaKey, CodeChange, Enterprise, EnterpriseName, RegistrySync
from tests.factories import (
    make_certificate,
    make_employment,
    make_enterprise,
    make_office,
    make_operator,
    make_person,
    make_staff,
    make_uscc,
)
from tests.ports import closed_port
from tests.workflow.browsing import words

SYNC, PROFILE = "/enterprise/profile/sync/", "/enterprise/profile/"
OLD, NEW = "江西旧章建设有限公司", "江西新章建设集团有限公司"


class Registry:
    def __init__(self, enterprise: Enterprise) -> None:
        self.enterprise = enterprise
        self.record: dict[str, Any] = {
            "uscc": enterprise.uscc,
            "name": enterprise.name,
            "region": enterprise.region_id,
            "legal_representative": "程立",
            "status": "existing",
        }


@pytest.fixture
def enterprise(db: None) -> Enterprise:
    return make_enterprise(OLD, legal_representative="程立")


@pytest.fixture
def registry(enterprise: Enterprise, settings: Any) -> Iterator[Registry]:
    answering = Registry(enterprise)
    with demo_registry_server(lambda: {enterprise.uscc: answering.record}) as url:
        settings.REGISTRY_URL, settings.REGISTRY_KEY, settings.REGISTRY_TIMEOUT_SECONDS = url, KEY, 60.0
        yield answering


@pytest.fixture
def door(client: Client, enterprise: Enterprise) -> Client:
    client.force_login(make_operator(enterprise), backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_the_difference_is_shown_and_applied_only_when_accepted(
    door: Client, enterprise: Enterprise, registry: Registry
) -> None:
    certificate = make_certificate(make_person(), enterprise)
    registry.record |= {"name": NEW, "legal_representative": "雷鸣", "region": "360111"}
    assert "工商信息数据同步" in words(door.get(PROFILE))
    answer = door.post(SYNC, follow=True)
    page = words(answer)
    for expected in (OLD, NEW, "程立", "雷鸣", "南昌市东湖区", "南昌市青山湖区", "确认更新"):
        assert expected in page, expected
    assert "登记状态" not in page, "what is the same is not listed"
    enterprise.refresh_from_db()
    assert (enterprise.name, enterprise.synced_at) == (OLD, None)
    done = door.post(answer.request["PATH_INFO"], follow=True)
    assert "已更新：企业名称、法定代表人、注册地" in words(done)
    enterprise.refresh_from_db()
    assert (enterprise.name, enterprise.legal_representative, enterprise.region_id) == (NEW, "雷鸣", "360111")
    assert enterprise.synced_at is not None
    assert list(EnterpriseName.objects.values_list("name", flat=True)) == [OLD]
    assert "enterprise.renamed" in Certificate.objects.get(pk=certificate.pk).display_codes
    assert AuditEntry.objects.get(action="enterprise.sync_accepted").detail["name"] == NEW
    assert "办理企业名称变更" in words(door.get(PROFILE))


def test_an_answer_that_differs_in_nothing_only_sets_the_time(
    door: Client, enterprise: Enterprise, registry: Registry
) -> None:
    assert "登记信息与工商登记一致" in words(door.post(SYNC, follow=True))
    enterprise.refresh_from_db()
    assert enterprise.synced_at is not None
    assert not EnterpriseName.objects.exists()


def test_an_enterprise_that_the_registry_knows_as_dissolved_loses_its_employments(
    door: Client, enterprise: Enterprise, registry: Registry
) -> None:
    employment = make_employment(make_person(), enterprise)
    registry.record |= {"status": "dissolved", "dissolved_on": "2026-11-01"}
    answer = door.post(SYNC, follow=True)
    assert "聘用关系随即全部终止" in words(answer)
    assert Employment.objects.active().exists()
    door.post(answer.request["PATH_INFO"])
    enterprise.refresh_from_db()
    assert (enterprise.status, enterprise.dissolved_on) == (EnterpriseStatus.DISSOLVED, date(2026, 11, 1))
    assert Employment.objects.get(pk=employment.pk).ended_at is not None


def test_enterprise_m13_accepting_the_end_of_an_enterprise_says_what_has_changed(
    door: Client, enterprise: Enterprise, registry: Registry
) -> None:
    """The operator is logged out by it, and reads it on the page where he arrives."""
    registry.record |= {"status": "dissolved", "dissolved_on": "2026-11-01"}
    question = door.post(SYNC, follow=True)
    page = words(door.post(question.request["PATH_INFO"], follow=True))
    assert "已更新：" in page
    assert "登记状态" in page.partition("已更新：")[2][:40]
    assert "没有变化" not in page


def test_edge_10_a_rename_with_a_changed_uscc_is_not_a_rename(
    door: Client, enterprise: Enterprise, registry: Registry
) -> None:
    other = make_uscc()
    registry.record |= {"name": NEW, "uscc": other}
    answer = door.post(SYNC)
    page = words(answer)
    assert answer.status_code == 409
    assert "不是名称变更，而是另一家企业" in page
    assert other in page
    assert "/guides/employer_change/" in answer.text, "the cure of its people"
    enterprise.refresh_from_db()
    assert (enterprise.name, enterprise.synced_at) == (OLD, None)
    assert not RegistrySync.objects.exists()
    start = words(door.get("/applications/new/enterprise_rename/"))
    assert "尚未同步工商信息" in start
    assert "企业名称没有变化" in start


def test_a_registry_that_does_not_answer_is_said_so(door: Client, enterprise: Enterprise, settings: Any) -> None:
    assert "尚未接入工商登记系统" in words(door.post(SYNC))
    with closed_port() as port:
        settings.REGISTRY_URL, settings.REGISTRY_KEY = f"http://127.0.0.1:{port}", KEY
        answer = door.post(SYNC)
    assert answer.status_code == 409
    assert "工商登记系统没有应答" in words(answer)
    assert "其他业务照常办理" in words(answer)
    enterprise.refresh_from_db()
    assert enterprise.synced_at is None


def test_an_unknown_code_and_a_senseless_answer_are_told_apart(door: Client, registry: Registry) -> None:
    registry.record |= {"status": "thriving"}
    assert "答复无法识别" in words(door.post(SYNC))
    registry.record["status"] = "existing"
    registry.enterprise.uscc = make_uscc()
    assert "工商登记中没有本企业的信用代码" in words(door.post(SYNC))


@pytest.mark.usefixtures("fresh_windows")
def test_somebody_who_asks_without_pause_is_asked_to_wait(door: Client, registry: Registry) -> None:
    answers = [door.post(SYNC).status_code for _ in range(11)]
    assert answers == [302] * 10 + [429]


def test_only_the_last_answer_of_ones_own_may_be_accepted_and_only_once(door: Client, registry: Registry) -> None:
    registry.record["name"] = NEW
    first, second = (door.post(SYNC, follow=True).request["PATH_INFO"] for _ in range(2))
    answer = door.post(first)
    assert answer.status_code == 409
    assert "已经过时" in words(answer)
    assert door.post(second).status_code == 302
    assert "已经确认过" in words(door.post(second))
    assert door.get(second).url == PROFILE
    stranger = make_operator(make_enterprise())
    door.force_login(stranger, backend="django.contrib.auth.backends.ModelBackend")
    assert door.post(second).status_code == 404


def test_an_answer_of_yesterday_is_asked_for_again(door: Client, registry: Registry) -> None:
    registry.record["name"] = NEW
    page = door.post(SYNC, follow=True).request["PATH_INFO"]
    RegistrySync.objects.update(asked_at=timezone.now() - timedelta(days=2))
    assert "已经过时" in words(door.post(page))
    assert Enterprise.objects.filter(name=OLD).exists()


def change_code_of(enterprise: Enterprise) -> CodeChange:
    before, code = enterprise.uscc, make_uscc()
    Enterprise.objects.filter(pk=enterprise.pk).update(uscc=code)
    return CodeChange.objects.create(
        enterprise=enterprise,
        former_code=before,
        code=code,
        document="变更通知书",
        document_on=date(2026, 1, 5),
        reason="三证合一",
        changed_by=make_staff(make_office(), Duty.REGISTRY),
    )


def test_an_answer_about_a_former_code_is_asked_for_again(
    door: Client, enterprise: Enterprise, registry: Registry
) -> None:
    registry.record |= {"status": "dissolved", "dissolved_on": "2026-11-01"}
    page = door.post(SYNC, follow=True).request["PATH_INFO"]
    change_code_of(enterprise)
    answer = door.post(page)
    assert answer.status_code == 409
    assert "已经过时" in words(answer)
    enterprise.refresh_from_db()
    assert not enterprise.is_gone


def test_a_code_that_changes_while_the_registry_answers_is_asked_for_again(
    enterprise: Enterprise, registry: Registry
) -> None:
    make_operator(enterprise)
    change_code_of(enterprise)
    # The caller has read the enterprise before.
    with pytest.raises(Refused) as refused:
        ask_registry(enterprise, by=CaKey.objects.get().user, now=timezone.now())
    assert [finding.code for finding in refused.value.findings] == ["registry.outdated"]
    assert Enterprise.objects.count() == 1
    assert not RegistrySync.objects.exists()


# --- the client ---


@contextmanager
def raw_server(*pieces: bytes, pause: float = 0.0) -> Iterator[str]:
    """Answers every connection with these bytes."""
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return  # closed by the test
            with connection:
                try:
                    connection.recv(65536)
                    for piece in pieces:
                        connection.sendall(piece)
                        time.sleep(pause)
                except OSError:
                    continue  # the client has had enough

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join()


HEAD = b"HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n"


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"[]", b"\xff\xfe", b'{"uscc": 1}', b"[" * 60_000, b'{"a": "' + b"x" * 70_000 + b'"}']
)
def test_a_body_that_is_no_answer_is_refused(body: bytes) -> None:
    with raw_server(HEAD + body) as url, pytest.raises(RegistryUnclear):
        BusinessRegistry(url, KEY, timeout=60).ask(make_uscc())


@pytest.mark.parametrize(
    "head",
    [b"HTTP/1.0 500 No\r\n\r\n", b"nonsense\r\n\r\n", b"HTTP/1.0 302 Go\r\nLocation: http://127.0.0.1:9/\r\n\r\n"],
)
def test_a_server_in_trouble_or_one_that_sends_elsewhere_is_silent(head: bytes) -> None:
    with raw_server(head) as url, pytest.raises(RegistrySilent):
        BusinessRegistry(url, KEY, timeout=60).ask(make_uscc())


def test_a_server_that_drips_holds_nobody_up() -> None:
    began = time.monotonic()
    with raw_server(HEAD, *[b" "] * 600, pause=0.1) as url, pytest.raises(RegistrySilent):
        BusinessRegistry(url, KEY, timeout=0.5).ask(make_uscc())
    assert time.monotonic() - began < 30


def test_another_key_is_refused_and_an_unknown_code_is_said() -> None:
    with demo_registry_server(dict) as url:
        with pytest.raises(RegistrySilent):
            BusinessRegistry(url, "wrong", timeout=60).ask(make_uscc())
        with pytest.raises(RegistryUnknown):
            BusinessRegistry(url, KEY, timeout=60).ask(make_uscc())


@pytest.mark.parametrize(
    "change",
    [
        {"name": ""},
        {"name": "名" * 201},
        {"name": "坏\x01名"},
        {"status": "dissolved"},
        {"dissolved_on": "2026-11-01"},
        {"status": "dissolved", "dissolved_on": "2026-13-01"},
        {"uscc": "123"},
        {"legal_representative_id": "36010219850615001"},
        {"legal_representative": ["程立"]},
    ],
)
def test_each_field_is_looked_at(change: dict[str, Any]) -> None:
    good = {"uscc": make_uscc(), "name": "江西(演示)公司", "status": "existing"}
    assert parse(json.loads(json.dumps(good))).name == "江西（演示）公司"
    with pytest.raises(RegistryUnclear):
        parse(good | change)
