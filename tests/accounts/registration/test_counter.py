from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.enums import Duty
from accounts.models import Person, User
from accounts.registration import one_time_password_receipt
from administration.enums import OfficeKind
from administration.models import AuditEntry
from tests.accounts.cards import BIRTH, PORTRAIT, card_input, make_card, picture
from tests.factories import PASSWORD, make_id_number, make_office, make_person, make_staff

COUNTER = "/office/counter/"
PASSWORD_ON_PAPER = re.compile(r"<b[^>]*>([a-z2-9]{12})</b>")


@pytest.fixture
def clerk(db: None) -> User:
    return make_staff(make_office("东湖区实名制登记点", kind=OfficeKind.REGISTRATION), Duty.REGISTER)


@pytest.fixture
def client(clerk: User) -> Client:
    client = Client()
    client.force_login(clerk, backend="django.contrib.auth.backends.ModelBackend")
    return client


def register(client: Client, **changes: Any) -> Any:
    return client.post(f"{COUNTER}register/", card_input(make_card(**changes), portrait=PORTRAIT))


@pytest.mark.parametrize("duty", [Duty.REVIEW, Duty.DECIDE, Duty.TRAINING])
def test_other_duties_do_not_open_the_counter(db: None, duty: Duty) -> None:
    client = Client()
    client.force_login(make_staff(make_office(), duty), backend="django.contrib.auth.backends.ModelBackend")
    response = client.get(COUNTER)
    assert response.status_code == 403
    assert "实名制登记" in response.text


def test_unknown_number_leads_to_the_registration_form(client: Client) -> None:
    number = make_id_number(birth=BIRTH)
    response = client.post(COUNTER, {"id_number": number})
    assert response.status_code == 200
    assert "登记新人员" in response.text
    assert f'value="{number}"' in response.text


def test_known_number_leads_to_the_persons_page(client: Client) -> None:
    person = make_person("欧阳䶮")
    response = client.post(COUNTER, {"id_number": person.id_number})
    assert response.url == f"{COUNTER}{person.pk}/"
    page = client.get(response.url).text
    assert "欧阳䶮" in page
    assert person.id_number not in page
    assert AuditEntry.objects.filter(action="find_person", object_id=str(person.pk)).exists()


def test_nobody_leafs_through_the_register_by_address(client: Client) -> None:
    person = make_person()
    for page in ("", "update/", "password/", "receipt/", "name/", "portrait/"):
        assert client.get(f"{COUNTER}{person.pk}/{page}").status_code == 404


def test_wrong_number_is_told_at_its_field(client: Client) -> None:
    response = client.post(COUNTER, {"id_number": "360102199003070000"})
    assert response.status_code == 400
    assert "校验位不符" in response.text


def test_registration_prints_a_receipt_with_the_password_once(client: Client, clerk: User) -> None:
    response = register(client, name="艾合买提·热合曼")
    person = Person.objects.get()
    assert response.url == f"{COUNTER}{person.pk}/receipt/"
    first = client.get(response.url).text
    printed = PASSWORD_ON_PAPER.search(first)
    assert printed is not None
    assert person.user is not None
    assert person.user.check_password(printed[1])
    assert "艾合买提·热合曼" in first
    assert "东湖区实名制登记点" in first
    assert person.id_number not in first
    again = client.get(response.url).text
    assert PASSWORD_ON_PAPER.search(again) is None
    assert "重新生成" in again


def test_password_waits_ten_minutes_for_its_receipt(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    response = register(client)
    assert str(client.session.items()).count("receipt_") == 1
    monkeypatch.setattr(one_time_password_receipt, "KEPT_FOR", timedelta(seconds=-1))
    assert PASSWORD_ON_PAPER.search(client.get(response.url).text) is None


def test_double_submit_makes_one_person_and_keeps_the_password(client: Client) -> None:
    card = make_card()
    first = client.post(f"{COUNTER}register/", card_input(card, portrait=PORTRAIT))
    second = client.post(f"{COUNTER}register/", card_input(card, portrait=PORTRAIT))
    person = Person.objects.get()
    assert second.url == f"{COUNTER}{person.pk}/"
    assert "此前已登记" in client.get(second.url).text
    assert PASSWORD_ON_PAPER.search(client.get(first.url).text) is not None


def test_portrait_survives_a_failed_submit(client: Client) -> None:
    card = make_card()
    wrong = card_input(card, portrait=PORTRAIT) | {"valid_to": ""}
    response = client.post(f"{COUNTER}register/", wrong)
    assert response.status_code == 400
    assert "请填写有效期止" in response.text
    assert "已保存：人像" in response.text
    assert card.address in response.text
    assert client.post(f"{COUNTER}register/", card_input(card)).status_code == 302
    assert Person.objects.get().portrait


def test_kept_portrait_belongs_to_its_number(client: Client) -> None:
    client.post(f"{COUNTER}register/", card_input(make_card(), portrait=PORTRAIT) | {"address": ""})
    other = client.post(f"{COUNTER}register/", card_input(make_card()))
    assert other.status_code == 400
    assert "请选择人像文件" in other.text


@pytest.mark.parametrize("portrait", [b"%PDF-1.7", PORTRAIT[:2000], picture(60, 80), picture(5000, 10000, mode="L")])
def test_unusable_portrait_is_told_at_its_field_and_not_kept(client: Client, portrait: bytes) -> None:
    response = client.post(f"{COUNTER}register/", card_input(make_card(), portrait=portrait))
    assert response.status_code == 400
    assert "人像：" in response.text
    assert "已保存" not in response.text


def test_all_problems_of_the_card_are_shown_together(client: Client) -> None:
    card = make_card()
    data = card_input(card, portrait=PORTRAIT) | {"birth_date": "1991-03-07", "valid_to": "2021-01-01"}
    page = client.post(f"{COUNTER}register/", data).text
    assert "出生日期与身份证号码不符" in page
    assert "身份证已过期" in page
    assert not Person.objects.exists()


def test_empty_form_names_every_field(client: Client) -> None:
    page = client.post(f"{COUNTER}register/", {}).text
    for sentence in ("请填写身份证号码", "请填写姓名", "请选择性别", "请填写出生日期", "请填写住址", "请选择人像文件"):
        assert sentence in page


def test_permanent_card(client: Client) -> None:
    assert register(client, valid_to=None).status_code == 302
    assert Person.objects.get().card_valid_to is None
    card = make_card()
    both = client.post(f"{COUNTER}register/", card_input(card, portrait=PORTRAIT) | {"is_permanent": "on"})
    assert "就不要再填截止日期" in both.text


def test_dates_may_be_typed_as_offices_write_them(client: Client) -> None:
    data = card_input(make_card(), portrait=PORTRAIT) | {"birth_date": "1990.3.7", "valid_from": "２０２０年１月１日"}
    assert client.post(f"{COUNTER}register/", data).status_code == 302


def test_update_needs_the_number_from_the_card(client: Client) -> None:
    person = Person.objects.get(pk=_registered(client))
    page = client.get(f"{COUNTER}{person.pk}/update/").text
    assert person.id_number not in page
    assert person.address in page
    other = client.post(f"{COUNTER}{person.pk}/update/", card_input(make_card()))
    assert "身份证号码不是此人的号码" in other.text
    card = make_card(id_number=person.id_number, address="江西省吉安市吉州区演示路5号")
    assert client.post(f"{COUNTER}{person.pk}/update/", card_input(card)).url == f"{COUNTER}{person.pk}/"
    person.refresh_from_db()
    assert person.address == "江西省吉安市吉州区演示路5号"


def test_changed_name_is_shown_and_settled_by_the_clerk(client: Client) -> None:
    pk = _registered(client)
    person = Person.objects.get(pk=pk)
    register(client, id_number=person.id_number, name="张大明")
    page = client.get(f"{COUNTER}{pk}/").text
    assert "待核实" in page
    assert "核实姓名" in page
    assert "已转人工核实" in page
    missing = client.post(f"{COUNTER}{pk}/name/", {"name": "张大明", "reason": ""})
    assert "请填写核实依据" in missing.text
    assert client.post(f"{COUNTER}{pk}/name/", {"name": "张大明", "reason": "户口簿变更页"}).url == f"{COUNTER}{pk}/"
    assert "待核实" not in client.get(f"{COUNTER}{pk}/").text.split("姓名已核实")[1].split("</div>", 1)[1]
    late = client.post(f"{COUNTER}{pk}/name/", {"name": "张大明", "reason": "再来一次"})
    assert late.status_code == 400
    assert "没有待核实的事项" in late.text


def test_reset_asks_first_and_prints_a_receipt(client: Client) -> None:
    person = make_person()
    client.post(COUNTER, {"id_number": person.id_number})
    question = client.get(f"{COUNTER}{person.pk}/password/").text
    assert "核对身份证原件" in question
    assert client.head(f"{COUNTER}{person.pk}/password/").status_code == 200
    assert Client().post("/login/", {"id_number": person.id_number, "password": PASSWORD}).status_code == 302
    response = client.post(f"{COUNTER}{person.pk}/password/")
    printed = PASSWORD_ON_PAPER.search(client.get(response.url).text)
    assert printed is not None
    answer = Client().post("/login/", {"id_number": person.id_number, "password": printed[1]})
    assert answer.url == "/password/"


def test_reset_of_a_person_without_login_is_refused_with_the_way_out(client: Client) -> None:
    person = make_person(user=False)
    client.post(COUNTER, {"id_number": person.id_number})
    response = client.post(f"{COUNTER}{person.pk}/password/")
    assert response.status_code == 409
    assert "此人还没有登录账号" in response.text


def test_portrait_at_the_counter_is_audited(client: Client) -> None:
    pk = _registered(client)
    response = client.get(f"{COUNTER}{pk}/portrait/")
    assert response["Content-Type"] == "image/jpeg"
    assert "no-store" in response["Cache-Control"]
    assert AuditEntry.objects.filter(action="view_portrait").count() == 1


def test_reloaded_registration_form_goes_back_to_the_search(client: Client) -> None:
    assert client.get(f"{COUNTER}register/").url == COUNTER


def test_registration_takes_a_fixed_number_of_queries(client: Client, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(30):
        register(client)


def _registered(client: Client) -> int:
    register(client)
    return Person.objects.get().pk
