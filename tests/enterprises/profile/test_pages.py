"""Home page and 企业基本信息 of the enterprise."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.http import HttpRequest
from django.test import Client
from django.utils import timezone

from administration.models import AuditEntry
from common.findings import Finding
from common.home_page import Box
from enterprises.models import CaKey, Enterprise, EnterpriseName
from enterprises.profile.home_boxes import ENTERPRISE_HOME
from tests.factories import make_employment, make_enterprise, make_operator, make_person
from tests.worlds.extension import ExtensionWorld

pytestmark = pytest.mark.django_db
PROFILE = "/enterprise/profile/"
KEYS = "/enterprise/keys/"


@pytest.fixture
def enterprise() -> Enterprise:
    return make_enterprise("江西赣江路桥建设有限公司", address="红谷滩区1号", phone="0791-86000001")


@pytest.fixture
def own(enterprise: Enterprise) -> CaKey:
    return make_operator(enterprise, "李会计").ca_key


@pytest.fixture
def door(client: Client, own: CaKey) -> Client:
    client.force_login(own.user)
    return client


def body(response: Any) -> str:
    return str(response.content.decode())


# --- home ---


def test_the_home_page_leads_to_what_the_manual_names(door: Client, enterprise: Enterprise) -> None:
    page = body(door.get("/enterprise/"))
    assert enterprise.uscc in page
    for words in ("应用", "人员聘用管理", "聘用关系建立", "三类证书业务确认", "办事", "企业基本信息"):
        assert words in page
    assert "没有等待企业处理的事项" in page


def test_a_key_that_ends_soon_is_announced(door: Client, own: CaKey) -> None:
    CaKey.objects.filter(pk=own.pk).update(valid_to=timezone.now() + timedelta(days=20))
    assert "CA 锁将于" in body(door.get("/enterprise/"))


def test_apps_put_tasks_and_boxes_on_the_home_page(
    door: Client, enterprise: Enterprise, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ENTERPRISE_HOME.tasks, "_items", {})
    monkeypatch.setattr(ENTERPRISE_HOME.boxes, "_items", {})

    def task(asked: Enterprise) -> Finding:
        return Finding("test.task", f"{asked.uscc}有一件事")

    def box(request: HttpRequest, asked: Enterprise) -> Box:
        numbers = {"staff": 71, "waiting": 2, "soon": 3, "over": 0}
        return Box("试验板块", "employment/enterprise_box.html", numbers)

    for _ in range(2):
        ENTERPRISE_HOME.task()(task)
        ENTERPRISE_HOME.box()(box)
    page = body(door.get("/enterprise/"))
    assert page.count(f"{enterprise.uscc}有一件事") == 1
    assert page.count("试验板块") == 1
    assert "71 人" in page


def test_the_home_page_counts_what_waits(client: Client) -> None:
    world = ExtensionWorld()
    world.file()
    client.force_login(world.operator)
    page = body(client.get("/enterprise/"))
    assert "有 1 件申请等待本企业确认" in page
    assert "/enterprise/confirmations/" in page


def test_the_home_page_takes_the_same_queries_for_one_and_three(
    door: Client, enterprise: Enterprise, count_queries: Callable[[Callable[[], object]], int]
) -> None:
    make_employment(make_person(photo=False), enterprise)
    door.get("/enterprise/")
    one = count_queries(lambda: door.get("/enterprise/"))
    for _ in range(2):
        make_employment(make_person(photo=False), enterprise)
    assert count_queries(lambda: door.get("/enterprise/")) == one


# --- 企业基本信息 ---


def test_the_profile_shows_names_and_contact_and_leads_to_the_keys(door: Client, enterprise: Enterprise) -> None:
    EnterpriseName.objects.create(
        enterprise=enterprise, name="江西旧名建设有限公司", used_from=date(2012, 5, 1), used_to=date(2024, 3, 1)
    )
    make_operator(enterprise, "周安全")
    make_operator(make_enterprise(), "外企业的人")
    page = body(door.get(PROFILE))
    for words in (enterprise.name, enterprise.uscc, "江西旧名建设有限公司", "红谷滩区1号", KEYS):
        assert words in page
    page = body(door.get(KEYS))
    assert "李会计" in page
    assert "周安全" in page
    assert "外企业的人" not in page
    assert page.count("正在使用") == 1


def test_contact_data_can_be_changed(door: Client, enterprise: Enterprise) -> None:
    reply = door.post(PROFILE, {"address": "青山湖区2号", "phone": "0791-86000002"}, follow=True)
    assert "联系方式已保存" in body(reply)
    enterprise.refresh_from_db()
    assert (enterprise.address, enterprise.phone) == ("青山湖区2号", "0791-86000002")
    assert AuditEntry.objects.get(action="enterprise.contact").detail == {"changed": ["address", "phone"]}


def test_a_telephone_number_that_is_none_is_told_at_its_field(door: Client, enterprise: Enterprise) -> None:
    reply = door.post(PROFILE, {"address": "青山湖区2号", "phone": "打总机"})
    assert reply.status_code == 400
    assert "请填写电话号码" in body(reply)
    assert "青山湖区2号" in body(reply)
    enterprise.refresh_from_db()
    assert enterprise.phone == "0791-86000001"


def test_the_name_cannot_be_changed_here(door: Client, enterprise: Enterprise) -> None:
    door.post(PROFILE, {"address": "", "phone": "0791-86000002", "name": "冒名有限公司", "uscc": "0" * 18})
    enterprise.refresh_from_db()
    assert enterprise.name == "江西赣江路桥建设有限公司"


# --- keys ---


def test_a_lost_key_is_blocked_by_a_colleague(door: Client, enterprise: Enterprise) -> None:
    lost = make_operator(enterprise, "周安全").ca_key
    address = f"{KEYS}{lost.pk}/block/"
    assert address in body(door.get(KEYS))
    assert "停用后不能恢复" in body(door.get(address))
    assert door.post(address, {"reason": ""}).status_code == 400
    assert "CA 锁已停用" in body(door.post(address, {"reason": "遗失"}, follow=True))
    lost.refresh_from_db()
    assert (lost.blocked_reason, lost.blocked_at is not None) == ("遗失", True)
    assert AuditEntry.objects.filter(action="key.blocked", object_id=str(lost.pk)).exists()
    assert address not in body(door.get(KEYS))


def test_a_blocked_key_keeps_its_first_reason(door: Client, enterprise: Enterprise) -> None:
    lost = make_operator(enterprise, "周安全").ca_key
    CaKey.objects.filter(pk=lost.pk).update(blocked_at=datetime(2026, 1, 1, tzinfo=UTC), blocked_reason="离职")
    door.post(f"{KEYS}{lost.pk}/block/", {"reason": "别的"})
    lost.refresh_from_db()
    assert lost.blocked_reason == "离职"


def test_the_key_in_use_is_not_blocked(door: Client, own: CaKey) -> None:
    reply = door.post(f"{KEYS}{own.pk}/block/", {"reason": "试试"})
    assert reply.status_code == 409
    assert "不能停用正在使用的 CA 锁" in body(reply)


def test_a_key_of_another_enterprise_is_not_found(door: Client) -> None:
    foreign = make_operator(make_enterprise()).ca_key
    address = f"{KEYS}{foreign.pk}/block/"
    assert door.get(address).status_code == 404
    assert door.post(address, {"reason": "不是我的"}).status_code == 404
    foreign.refresh_from_db()
    assert foreign.blocked_at is None
