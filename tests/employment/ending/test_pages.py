"""聘用解除 by its pages: of the person, of the municipal office; other qualifications registered elsewhere."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from accounts.enums import Duty
from administration.models import AuditEntry
from employment.models import Employment
from tests.employment.pages import body
from tests.factories import (
    Province,
    make_operator,
    make_person,
    make_staff,
)
from workflow.models import Application

pytestmark = pytest.mark.django_db
SEARCH = "/office/employment/"
FORM = {"document_number": "洪劳人仲案〔2026〕第12号", "reason": "裁决解除劳动合同", "originals": "on"}


def as_(client: Client, user: Any) -> Client:
    client.force_login(user)
    return client


def test_the_person_asks_from_the_page_of_the_employment(client: Client, employment: Employment) -> None:
    door = as_(client, employment.person.user)
    assert 'href="/applications/new/employment_end/"' in body(door.get("/person/employment/"))
    conditions = body(door.get("/applications/new/employment_end/"))
    assert "江西赣江路桥建设有限公司" in conditions
    assert "证书状态变为“异常状态”" in conditions
    answer = door.post("/applications/new/employment_end/")
    assert answer.status_code == 302
    form = {"reason": "resigned", "left_on": "2026-11-20", "note": "", "commitment": "on"}
    assert door.post(answer["Location"], form).status_code == 302
    application = Application.objects.get()
    assert (application.kind, application.desk, application.holder_enterprise) == (
        "employment_end",
        "employer",
        employment.enterprise,
    )
    again = body(door.get("/person/employment/"))
    assert f"/applications/{application.number}/" in again
    assert "/applications/new/employment_end/" not in again


def test_the_page_of_the_employment_takes_no_post(client: Client, employment: Employment) -> None:
    assert as_(client, employment.person.user).post("/person/employment/").status_code == 405


def test_the_employer_confirms_in_its_queue(client: Client, employment: Employment) -> None:
    test_the_person_asks_from_the_page_of_the_employment(client, employment)
    application = Application.objects.get()
    door = as_(Client(), make_operator(employment.enterprise))
    page = body(door.get("/enterprise/confirmations/"))
    assert application.number in page
    # Whoever refuses knows before what follows, for the enterprise and for the person.
    asked = body(door.get(f"/enterprise/confirmations/{application.number}/"))
    assert "拒绝后这件申请就办结，不再继续" in asked
    assert "申请仲裁或者提起诉讼" in asked
    answer = door.post(f"/enterprise/confirmations/{application.number}/", {"action": "approve", "comment": "同意"})
    assert answer.status_code == 302, body(answer)
    employment.refresh_from_db()
    assert employment.end_reason == "by_person"


def test_without_an_employment_the_start_page_says_so(client: Client, province: Province) -> None:
    page = body(as_(client, make_person().user).get("/applications/new/employment_end/"))
    assert "现在没有登记聘用关系" in page


def test_the_office_finds_by_id_number_and_ends_on_evidence(
    client: Client, province: Province, employment: Employment
) -> None:
    door = as_(client, province.reviewer)
    page = body(door.post(SEARCH, {"id_number": employment.person.id_number}))
    assert employment.person.id_number not in page.replace(f'value="{employment.person.id_number}"', "")
    address = f"/office/employment/{employment.pk}/end/"
    assert address in page
    assert AuditEntry.objects.filter(action="find_person").exists()
    assert "裁决书" in body(door.get(address))
    answer = door.post(address, FORM)
    assert (answer.status_code, answer["Location"]) == (302, SEARCH)
    employment.refresh_from_db()
    assert (employment.end_reason, employment.end_document) == ("by_office", FORM["document_number"])
    history = body(door.post(SEARCH, {"id_number": employment.person.id_number}))
    assert FORM["document_number"] in history
    assert "现在没有登记聘用关系" in history
    assert door.get(address).status_code == 302, "ended: nothing to do"


def test_every_field_of_the_office_is_needed(client: Client, province: Province, employment: Employment) -> None:
    answer = as_(client, province.reviewer).post(f"/office/employment/{employment.pk}/end/", {})
    assert answer.status_code == 400
    for words in ("请填写证明材料的文号。", "请填写解除理由。", "请核对原件后勾选。"):
        assert words in body(answer)
    employment.refresh_from_db()
    assert employment.is_active


def test_another_office_reads_whose_turn_it_is(client: Client, province: Province, employment: Employment) -> None:
    door = as_(client, province.stranger)
    page = body(door.post(SEARCH, {"id_number": employment.person.id_number}))
    assert "注册在其他地区" in page
    assert "由南昌市住房和城乡建设局办理" in page
    answer = door.post(f"/office/employment/{employment.pk}/end/", FORM)
    assert answer.status_code == 403
    employment.refresh_from_db()
    assert employment.is_active


def test_an_unknown_number_is_told_at_the_field(client: Client, province: Province) -> None:
    answer = as_(client, province.reviewer).post(SEARCH, {"id_number": "11010519491231002X"})
    assert answer.status_code == 400
    assert "没有查到这个身份证号码的登记信息" in body(answer)


def test_only_reviewers_enter(client: Client, province: Province, employment: Employment) -> None:
    clerk = make_staff(province.municipal, Duty.COUNTER)
    assert as_(client, clerk).get(SEARCH).status_code == 403
    assert client.get(f"/office/employment/{employment.pk}/end/").status_code == 403
