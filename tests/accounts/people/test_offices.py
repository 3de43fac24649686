"""咨询和办理地点: authorities, registration points, training institutions and exam offices, by city, open to everybody."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from accounts.enums import Sphere
from accounts.models import User
from administration.enums import OfficeKind
from administration.models import Office
from tests.factories import make_office, make_person

pytestmark = pytest.mark.django_db
PAGE = "/offices/"


@pytest.fixture(autouse=True)
def offices() -> None:
    Office.objects.update(is_active=False)
    make_office("省厅", kind=OfficeKind.PROVINCIAL, region="360000")
    make_office("南昌市住建局", region="360100")
    make_office("东湖区住建局", kind=OfficeKind.COUNTY, region="360102")
    make_office("南昌市登记点", kind=OfficeKind.REGISTRATION, region="360100")
    make_office("赣州培训学校", kind=OfficeKind.TRAINING, region="360700")
    make_office("建设考试中心", kind=OfficeKind.ORGANISER, region="360000")
    Office.objects.filter(name="南昌市住建局").update(
        address="市民中心3楼", phone="0791-88000100", directions="地铁样例站2号口", described_on=date(2026, 11, 3)
    )
    closed = make_office("已撤销培训学校", kind=OfficeKind.TRAINING, region="360700")
    Office.objects.filter(pk=closed.pk).update(is_active=False)


def shown(client: Client, query: str) -> set[str]:
    page = client.get(f"{PAGE}{query}").text
    return {office.name for office in Office.objects.order_by("pk") if office.name in page}


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", {"省厅", "南昌市住建局", "东湖区住建局", "南昌市登记点", "赣州培训学校", "建设考试中心"}),
        ("?city=360100", {"南昌市住建局", "东湖区住建局", "南昌市登记点"}),
        ("?city=360000", {"省厅", "建设考试中心"}),
        ("?kind=authority", {"省厅", "南昌市住建局", "东湖区住建局"}),
        ("?kind=training", {"赣州培训学校"}),
        ("?city=360700&kind=organiser", set()),
    ],
)
def test_it_is_narrowed_by_city_and_kind(client: Client, query: str, names: set[str]) -> None:
    assert shown(client, query) == names


def test_each_says_where_when_and_how_to_get_there(client: Client) -> None:
    page = client.get(f"{PAGE}?city=360100").text
    for words in ("市民中心3楼", "0791-88000100", "地铁样例站2号口", "2026年11月3日核对"):
        assert words in page
    assert page.index("南昌市</caption>") < page.index("东湖区住建局")
    assert "没有登记的单位" in client.get(f"{PAGE}?city=360700&kind=organiser").text


@pytest.mark.parametrize("query", ["?city=999999", "?kind=provincial", "?city=%00", "?city=3601&kind=x"])
def test_what_is_no_city_or_kind_is_told(client: Client, query: str) -> None:
    answer = client.get(f"{PAGE}{query}")
    assert answer.status_code == 400
    assert "咨询和办理地点" in answer.text


def test_every_page_leads_there_and_names_the_hotline(client: Client) -> None:
    for address in ("/", "/guides/", "/login/", PAGE):
        page = client.get(address).text
        assert f'href="{PAGE}"' in page, address
        assert 'href="tel:12345"' in page, address


def test_continuing_education_leads_to_the_institutions(client: Client) -> None:
    user = make_person().user
    assert isinstance(user, User)
    client.force_login(user)
    assert f'href="{PAGE}?kind=training"' in client.get("/person/training/").text
    assert f'href="{PAGE}"' in client.get("/person/registration-points/").text


def test_it_takes_the_same_queries_for_few_and_many(
    client: Client, count_queries: Callable[[Callable[[], object]], int]
) -> None:
    before = count_queries(lambda: client.get(PAGE))
    for region in ("360103", "360104", "360702", "360703"):
        make_office(kind=OfficeKind.COUNTY, region=region)
    assert count_queries(lambda: client.get(PAGE)) == before <= 2


def test_whoever_changes_the_address_has_looked_at_all_of_it(client: Client) -> None:
    user = User(login="sys", sphere=Sphere.SYSTEM_ADMIN, name="系统管理员")
    user.set_unusable_password()
    user.save()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    office = Office.objects.get(name="赣州培训学校")
    address = reverse("admin:administration_office_change", args=[office.pk])
    data = {
        "name": office.name, "kind": office.kind, "region": office.region_id, "address": "新址", "phone": "",
        "opening_hours": "", "directions": "", "described_on": "", "is_active": "on",
    }  # fmt: skip
    assert client.post(address, data).status_code == 302
    office.refresh_from_db()
    assert office.address == "新址"
    assert office.described_on is not None
