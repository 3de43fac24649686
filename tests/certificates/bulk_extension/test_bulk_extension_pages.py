"""政策延续 by its pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from certificates.enums import PolicyState
from certificates.models import Certificate, PolicyBatch
from tests.factories import Province, make_certificate, make_employment, make_enterprise, make_person

pytestmark = pytest.mark.django_db
LIST, NEW = "/office/policy/", "/office/policy/new/"
FORM = {
    "document_number": "赣建建〔2026〕8号",
    "reason": "符合相关政策要求的，系统自动延续",
    "window_from": "2018-07-01",
    "window_to": "2019-04-30",
    "new_end": "2099-12-31",
    "months": "",
}


@pytest.fixture
def province() -> Province:
    return Province()


@pytest.fixture
def door(client: Client, province: Province) -> Client:
    client.force_login(province.decider)
    return client


def body(response: Any) -> str:
    return str(response.content.decode())


def old(state: str = "05") -> Certificate:
    person, enterprise = make_person("欧阳·䶮"), make_enterprise()
    make_employment(person, enterprise, "08")
    return make_certificate(person, enterprise, "C3", ends_on=date(2018, 8, 31), year=2015, legal_state=state)


def drafted(door: Client) -> PolicyBatch:
    answer = door.post(NEW, FORM)
    assert answer.status_code == 302, body(answer)
    return PolicyBatch.objects.get()


def test_the_first_batch_is_offered_with_the_manuals_window(door: Client) -> None:
    assert "还没有政策延续批次" in body(door.get(LIST))
    page = body(door.get(NEW))
    assert 'value="2018-07-01"' in page
    assert 'value="2019-04-30"' in page


def test_preview_start_progress_and_reversal(door: Client, run_jobs: Callable[..., list[str]]) -> None:
    certificate, suspended = old(), old("02")
    batch = drafted(door)
    page = body(door.get(f"{LIST}{batch.pk}/"))
    assert "2 本（C3证 2）" in page
    assert certificate.number in page
    assert Certificate.objects.get(pk=certificate.pk).ends_on == date(2018, 8, 31), "nothing happens before the start"
    assert door.post(f"{LIST}{batch.pk}/start/").status_code == 302
    running = body(door.get(f"{LIST}{batch.pk}/"))
    assert "执行进度" in running
    assert "0 / 2" in running
    run_jobs()
    done = body(door.get(f"{LIST}{batch.pk}/"))
    assert Certificate.objects.get(pk=certificate.pk).ends_on == date(2099, 12, 31)
    assert suspended.number in done
    assert "证书被暂扣" in done
    refused = door.post(f"{LIST}{batch.pk}/reverse/", {"document_number": "撤1号"})
    assert refused.status_code == 400
    assert "请勾选确认" in body(refused)
    assert door.post(f"{LIST}{batch.pk}/reverse/", {"document_number": "撤1号", "confirmed": "on"}).status_code == 302
    run_jobs()
    assert Certificate.objects.get(pk=certificate.pk).ends_on == date(2018, 8, 31)
    assert "撤1号" in body(door.get(f"{LIST}{batch.pk}/"))
    assert "已撤回" in body(door.get(LIST))


def test_a_draft_is_deleted_and_a_started_one_is_not(door: Client) -> None:
    batch = drafted(door)
    assert door.post(f"{LIST}{batch.pk}/discard/").status_code == 302
    assert not PolicyBatch.objects.exists()
    batch = drafted(door)
    door.post(f"{LIST}{batch.pk}/start/")
    answer = door.post(f"{LIST}{batch.pk}/discard/")
    assert answer.status_code == 409
    assert "不能删除" in body(answer)
    again = door.post(f"{LIST}{batch.pk}/start/")
    assert again.status_code == 409
    assert "不能再次执行" in body(again)
    early = door.post(f"{LIST}{batch.pk}/reverse/", {"document_number": "撤1号", "confirmed": "on"})
    assert early.status_code == 409
    batch.refresh_from_db()
    assert batch.state == PolicyState.RUNNING


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"document_number": ""}, "请填写文号。"),
        ({"window_to": "2018-01-01"}, "结束日期不能早于开始日期。"),
        ({"new_end": ""}, "须填写且只填写一项"),
        ({"months": "6"}, "须填写且只填写一项"),
        ({"new_end": "2018-01-01"}, "新的有效期止应晚于原有效期止。"),
        ({"new_end": "", "months": "0"}, "不能小于 1。"),
        ({"window_from": "明天"}, "无法识别的日期"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(door: Client, changed: dict[str, str], words: str) -> None:
    answer = door.post(NEW, FORM | changed)
    assert answer.status_code == 400
    assert words in body(answer)
    assert not PolicyBatch.objects.exists()


def test_months_and_categories(door: Client) -> None:
    answer = door.post(NEW, FORM | {"new_end": "", "months": "6", "categories": ["A", "C3"]})
    assert answer.status_code == 302
    batch = PolicyBatch.objects.get()
    assert (batch.new_end, batch.months, batch.categories) == (None, 6, ["A", "C3"])
    assert "各 6 个月" in body(door.get(LIST))


def test_only_deciders_enter(client: Client, province: Province) -> None:
    client.force_login(province.reviewer)
    for address in (LIST, NEW, f"{LIST}1/"):
        assert client.get(address).status_code == 403
    assert client.post(f"{LIST}1/start/").status_code == 403
