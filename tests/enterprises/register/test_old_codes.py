"""Enterprises whose licence has no valid credit code: registry clerks have a way in, strangers and files have none."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.test import Client
from django.utils import timezone

from accounts.enums import Duty
from accounts.models import User
from administration.models import AuditEntry
from common.findings import Refused
from common.text.old_codes import normalise_old_code, organisation_check_character
from enterprises.business_registry.services import ask_registry
from enterprises.enums import CodeKind
from enterprises.models import Enterprise
from enterprises.register.old_codes import known_code
from tests.enterprises.register.test_imports import enterprise_row, load
from tests.factories import make_office, make_staff, make_uscc

pytestmark = pytest.mark.django_db
PAGE = "/office/enterprises/old-code/"
IRREGULAR = "91360102MA7000431Z"
ORGANISATION = "12345678" + organisation_check_character("12345678")
GIVEN = {
    "code": "360100210012345",
    "name": "江西演示（集团） 有限公司",
    "region": "360102",
    "legal_representative": "王⼩明",
    "reason": "旧营业执照正本，2009年核发，未换照",
    "seen": "on",
}


@pytest.fixture
def clerk() -> User:
    return make_staff(make_office(), Duty.REGISTRY)


@pytest.fixture
def door(clerk: User) -> Client:
    client = Client()
    client.force_login(clerk, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.mark.parametrize(
    ("code", "stored", "kind"),
    [
        ("360100210012345", "360100210012345", CodeKind.REGISTRATION),
        (" ３６０１００２１００１２３４５\u200b", "360100210012345", CodeKind.REGISTRATION),
        (f"{ORGANISATION[:8]}-{ORGANISATION[8]}", ORGANISATION, CodeKind.ORGANISATION),
        (IRREGULAR.lower(), IRREGULAR, CodeKind.IRREGULAR),
    ],
)
def test_reading_m8_a_registry_clerk_registers_an_old_licence(
    door: Client, clerk: User, code: str, stored: str, kind: str
) -> None:
    assert door.post(PAGE, GIVEN | {"code": code}).status_code == 302
    enterprise = Enterprise.objects.get()
    assert (enterprise.uscc, enterprise.code_kind, enterprise.name) == (stored, kind, "江西演示（集团）有限公司")
    assert (enterprise.code_reason, enterprise.legal_representative) == (GIVEN["reason"], "王小明")
    assert enterprise.mailbox is not None
    entry = AuditEntry.objects.get(action="enterprise.old_code")
    assert (entry.actor_id, entry.object_id, entry.detail["reason"]) == (clerk.pk, str(enterprise.pk), GIVEN["reason"])
    assert stored in door.get(PAGE).text


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"code": make_uscc()}, "有效的统一社会信用代码"),
        ({"code": "123"}, "现为3位"),
        ({"code": "36O100210012345"}, "第3位是字母“O”，应为数字 0"),
        ({"code": f"12345678{(int(ORGANISATION[8], 36) + 1) % 10}"}, "校验位不符"),
        ({"name": "（）"}, "没有文字"),
        ({"reason": ""}, "请填写登记理由"),
        ({"seen": ""}, "核对证照原件后才能登记"),
        ({"region": ""}, "请选择注册地"),
        ({"region": "xx"}, "注册地"),
        ({"legal_representative": "王3"}, "不应有数字"),
    ],
)  # fmt: skip
def test_reading_m8_what_is_missing_is_told(door: Client, change: dict[str, Any], word: str) -> None:
    answer = door.post(PAGE, GIVEN | change)
    assert (answer.status_code, word in answer.text) == (400, True)
    assert "旧营业执照正本" in answer.text or "reason" in change
    assert not Enterprise.objects.exists()


def test_reading_m8_a_code_is_registered_once(door: Client) -> None:
    door.post(PAGE, GIVEN)
    answer = door.post(PAGE, GIVEN | {"name": "江西另一家有限公司"})
    assert (answer.status_code, "已经登记" in answer.text) == (400, True)
    assert Enterprise.objects.count() == 1


@pytest.mark.parametrize("duty", [Duty.REVIEW, Duty.DECIDE, Duty.REGISTER, Duty.TRAINING])
def test_reading_m8_no_other_duty_and_no_stranger_has_the_page(duty: Duty) -> None:
    stranger, client = Client(), Client()
    assert stranger.post(PAGE, GIVEN).status_code == 302
    client.force_login(make_staff(make_office(), duty), backend="django.contrib.auth.backends.ModelBackend")
    assert client.post(PAGE, GIVEN).status_code == 403
    assert not Enterprise.objects.exists()


def test_reading_m8_files_know_a_registered_old_code_and_no_other(door: Client) -> None:
    row = enterprise_row("360100210012345", "江西演示（集团）有限公司", 住所="新址")
    assert load("enterprises", row).bad == 1
    with pytest.raises(ValidationError):
        known_code("360100210012345")
    door.post(PAGE, GIVEN)
    assert load("enterprises", row).changed == 1
    assert known_code(" 360100210012345") == "360100210012345"
    assert (Enterprise.objects.get().address, Enterprise.objects.get().region_id) == ("新址", "360102")
    load("enterprises", row | {"注册地": ""})
    assert Enterprise.objects.get().region_id == "360100", "an old registration number begins with the region"


@pytest.mark.parametrize("code", ["360100210012345", ORGANISATION])
def test_a_row_of_a_file_with_an_old_licence_says_what_to_do(code: str) -> None:
    """The present code, or a registration at the counter of the authority."""
    book = load("enterprises", enterprise_row(code, "江西演示（集团）有限公司"))
    (problem,) = book.problems
    assert "请填写换照后的统一社会信用代码；没有换照的，请联系主管部门登记" in problem.sentence
    assert not Enterprise.objects.exists()


def test_reading_m8_the_business_registry_is_not_asked_for_an_old_code(door: Client) -> None:
    door.post(PAGE, GIVEN)
    with pytest.raises(Refused) as refused:
        ask_registry(Enterprise.objects.get(), by=None, now=timezone.now())  # type: ignore[arg-type]
    assert refused.value.findings[0].code == "registry.old_code"


def test_reading_m8_the_database_wants_a_reason_and_the_form_of_the_kind() -> None:
    fields: dict[str, Any] = {"uscc": "360100210012345", "name": "甲", "region_id": "360102"}
    with pytest.raises(IntegrityError):
        Enterprise.objects.create(**fields)


@pytest.mark.parametrize("text", ["", "36010021001234", "３６０1002100123456", "旧执照", "1234567890123456789"])
def test_reading_m8_what_is_no_number_of_a_licence_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        normalise_old_code(text)
