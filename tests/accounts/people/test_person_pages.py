from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.http import HttpRequest
from django.test import Client

from accounts.models import Person
from accounts.people.home_boxes import PERSON_HOME, Box
from administration.enums import OfficeKind
from common.findings import Finding
from enterprises.enums import QualificationKind
from enterprises.models import Qualification
from tests.factories import make_enterprise, make_office, make_person

pytestmark = pytest.mark.django_db


def as_person(person: Person) -> Client:
    client = Client()
    assert person.user is not None
    client.force_login(person.user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_home_says_what_to_do_first(client: Client) -> None:
    page = as_person(make_person(photo=False)).get("/person/").text
    assert "未上传个人证件照" in page
    assert 'href="/person/photo/"' in page
    assert "请补充手机号码、学历" in page


def test_home_of_a_complete_person_asks_for_nothing() -> None:
    """What may be done stands on the line of each certificate, and no praise beside it."""
    page = as_person(make_person(phone="13800000000", education="bachelor")).get("/person/").text
    assert "您好" in page
    for asked in ("请先完成", "等您处理", "可以办理业务"):
        assert asked not in page


def test_home_shows_why_a_person_is_held_up() -> None:
    page = as_person(make_person(quarantined_reason="身份证姓名由“甲”变为“乙”，待核实")).get("/person/").text
    assert "身份信息待核实" in page
    assert "户口簿" in page
    page = as_person(make_person(registered=False)).get("/person/").text
    assert "未完成实名制登记" in page


def test_other_apps_add_tasks_and_boxes_in_their_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PERSON_HOME.tasks, "_items", dict(PERSON_HOME.tasks._items))
    monkeypatch.setattr(PERSON_HOME.boxes, "_items", {})

    def task(person: Person) -> Finding | None:
        return Finding("x", f"{person.name}还没有登记聘用关系")

    def last(request: HttpRequest, person: Person) -> Box | None:
        return Box("我的办件", "ui/facts.html", order=20)

    def first(request: HttpRequest, person: Person) -> Box | None:
        return Box("我的证书", "ui/facts.html", order=10)

    def nothing(request: HttpRequest, person: Person) -> Box | None:
        return None

    PERSON_HOME.task()(task)
    for box in (last, first, nothing, first):
        PERSON_HOME.box()(box)
    page = as_person(make_person("张小明")).get("/person/").text
    assert "张小明还没有登记聘用关系" in page
    assert page.index("<h2>我的证书</h2>") < page.index("<h2>我的办件</h2>")
    assert page.count("<h2>我的证书</h2>") == 1


def test_home_takes_a_fixed_number_of_queries(django_assert_max_num_queries: Any) -> None:
    client = as_person(make_person())
    with django_assert_max_num_queries(20):  # boxes of all apps: certificates, cases, employment, training
        client.get("/person/")


def test_profile_is_saved_and_masked_data_stay_masked() -> None:
    person = make_person()
    client = as_person(person)
    page = client.get("/person/profile/").text
    assert person.id_number not in page
    data = {"phone": "＋86 138-0000 0000", "education": "bachelor", "professional_title": ""}
    response = client.post("/person/profile/", data)
    assert response.url == "/person/profile/"
    person.refresh_from_db()
    assert (person.phone, person.education) == ("13800000000", "bachelor")


@pytest.mark.parametrize("phone", ["12345", "12800000000", "1380000000a", ""])
def test_wrong_phone_is_told_at_its_field(phone: str) -> None:
    person = make_person(phone="13911111111")
    response = as_person(person).post("/person/profile/", {"phone": phone, "education": "bachelor"})
    assert response.status_code == 400
    assert "手机号码" in response.text.split('class="summary"')[1]
    person.refresh_from_db()
    assert person.phone == "13911111111"


def test_unknown_choice_is_refused() -> None:
    response = as_person(make_person()).post("/person/profile/", {"phone": "13800000000", "education": "guru"})
    assert response.status_code == 400


def test_registration_points_are_public_and_grouped_by_city(client: Client) -> None:
    make_office("南昌市登记点", kind=OfficeKind.REGISTRATION, region="360100")
    make_office("东湖区住建局", kind=OfficeKind.COUNTY, region="360102")
    make_office("赣州市住建局", kind=OfficeKind.MUNICIPAL, region="360700")
    make_office("省厅", kind=OfficeKind.PROVINCIAL, region="360000")
    closed = make_office("已撤销登记点", kind=OfficeKind.REGISTRATION)
    closed.is_active = False
    closed.save()
    page = client.get("/person/registration-points/").text
    assert page.index("南昌市</caption>") < page.index("东湖区住建局") < page.index("赣州市</caption>")
    assert "已撤销登记点" not in page
    assert ">省厅<" not in page


def test_registration_points_without_any_office_say_whom_to_ask(client: Client) -> None:
    assert "登记地点还没有公布" in client.get("/person/registration-points/").text


def test_registration_points_take_the_same_queries_for_one_and_many(
    client: Client, django_assert_num_queries: Any
) -> None:
    make_office(kind=OfficeKind.COUNTY, region="360102")
    with django_assert_num_queries(2):
        client.get("/person/registration-points/")
    for region in ("360103", "360104", "360702"):
        make_office(kind=OfficeKind.COUNTY, region=region)
    with django_assert_num_queries(2):
        client.get("/person/registration-points/")


def test_profile_shows_what_the_registry_knows_of_constructors() -> None:
    person = make_person()
    assert "没有查到您的注册建造师" in as_person(person).get("/person/profile/").text
    enterprise = make_enterprise("江西样例建设有限公司")
    Qualification.objects.create(
        kind=QualificationKind.CONSTRUCTOR,
        number="赣1362020202100001",
        name=person.name,
        id_number_index=person.id_number_index,
        specialty="建筑工程",
        enterprise=enterprise,
        valid_to=date(2027, 5, 31),
    )
    page = as_person(person).get("/person/profile/").text
    for word in ("赣1362020202100001（建筑工程）", "江西样例建设有限公司", "2027年5月31日"):
        assert word in page
    assert "赣1362020202100001" not in as_person(make_person()).get("/person/profile/").text
