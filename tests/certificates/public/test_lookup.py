"""Lookup and QR page: what strangers are told, and what they are never told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client

from administration.models import RequestCount
from administration.throttle import Limit, forget_counts, seconds_to_wait
from certificates.enums import LegalState
from certificates.issuing.versions import issue_electronic
from certificates.models import Certificate, CertificateVersion
from certificates.public import views
from employment.models import Employment
from tests.clock import Clock
from tests.factories import make_certificate, make_employment, make_enterprise, make_person
from workflow.actors import SYSTEM

pytestmark = pytest.mark.django_db
NOW = datetime.fromisoformat("2026-11-23T10:00:00+08:00")
NAMES = ["欧阳·䶮𬭎", "𠮷", "张小明"]
NOTHING = "没有查到可以正常使用的证书"


@pytest.fixture(autouse=True)
def today(clock: Clock) -> None:
    clock.stop_at(NOW)


def make_holder(name: str = "欧阳·䶮𬭎", category: str = "B") -> Certificate:
    person, enterprise = make_person(name), make_enterprise()
    make_employment(person, enterprise, "07", "08", "02")
    return make_certificate(person, enterprise, category)


def ask(client: Client, certificate: Certificate, **changed: str) -> str:
    data = {"number": certificate.number, "name": certificate.person.name} | changed
    answer = client.post("/lookup/", data)
    assert answer.status_code == 200
    return answer.text


def issued(certificate: Certificate) -> CertificateVersion:
    return issue_electronic(certificate_id=certificate.pk, by=SYSTEM, now=NOW)


# --- lookup ---


@pytest.mark.parametrize(
    ("name", "masked"), [("欧阳·䶮𬭎", "欧*·*𬭎"), ("𠮷", "*"), ("张小明", "张*明"), ("艾则孜·买买提", "艾**·**提")]
)
def test_a_certificate_in_use_is_found_and_masked(client: Client, name: str, masked: str) -> None:
    certificate = make_holder(name)
    page = ask(client, certificate)
    assert certificate.number in page
    assert f'<dd class="name">{masked}</dd>' in page
    assert "正常使用" in page
    assert certificate.enterprise_name in page
    person = certificate.person
    for secret in (person.id_number, person.id_number[-4:], f"{person.birth_date:%Y年}", "1985-06-15"):
        assert secret not in page.replace(certificate.number, "")


@pytest.mark.parametrize("name", NAMES)
def test_by_id_number_and_name(client: Client, name: str) -> None:
    certificate = make_holder(name)
    data = {"id_number": certificate.person.id_number.lower(), "name": f" {name} "}
    page = client.post("/lookup/", data).text
    assert certificate.number in page
    assert NOTHING not in page


@pytest.mark.parametrize("spelling", ["赣建安b(2019){}", " 赣建安 B（2019） {} "])
def test_half_width_signs_and_blanks_are_understood(client: Client, spelling: str) -> None:
    certificate = make_holder()
    assert NOTHING not in ask(client, certificate, number=spelling.format(f"{certificate.serial:07d}"))


def test_the_separator_may_be_typed_otherwise(client: Client) -> None:
    assert NOTHING not in ask(client, make_holder("欧阳·䶮𬭎"), name="欧阳•䶮𬭎")


def result_of(page: str) -> str:
    return page.split('<section id="result"')[1].split("</section>")[0]


def test_unknown_wrong_name_and_unusable_are_answered_alike(client: Client) -> None:
    good = make_holder()
    expired, suspended, unemployed, cancelled = (make_holder("赵四") for _ in range(4))
    Certificate.objects.filter(pk=suspended.pk).update(legal_state=LegalState.SUSPENDED)
    Certificate.objects.filter(pk=cancelled.pk).update(legal_state=LegalState.CANCELLED)
    Certificate.objects.filter(pk=expired.pk).update(ends_on="2026-01-31")
    Employment.objects.filter(person=unemployed.person).delete()
    answers = {
        result_of(ask(client, good, number="赣建安B（2019）9999999")),
        result_of(ask(client, good, name="张三")),
        *(result_of(ask(client, one)) for one in (expired, suspended, unemployed, cancelled)),
        result_of(client.post("/lookup/", {"id_number": good.person.id_number, "name": "张三"}).text),
        result_of(client.post("/lookup/", {"id_number": "11010519491231002X", "name": "张三"}).text),
        result_of(client.post("/lookup/", {"id_number": suspended.person.id_number, "name": "赵四"}).text),
    }
    assert len(answers) == 1
    assert NOTHING in answers.pop()


def test_a_transferred_certificate_is_answered_as_such(client: Client) -> None:
    certificate = make_holder()
    Certificate.objects.filter(pk=certificate.pk).update(legal_state=LegalState.TRANSFERRING)
    page = ask(client, certificate)
    assert certificate.number in page
    assert "跨省调出" in page
    assert "正常使用" not in result_of(page)


def test_every_answer_costs_the_same(client: Client, count_queries: Callable[[Callable[[], object]], int]) -> None:
    good, bad = make_holder(), make_holder("赵四")
    Certificate.objects.filter(pk=bad.pk).update(legal_state=LegalState.SUSPENDED)
    asked = [
        {"number": good.number, "name": good.person.name},
        {"number": good.number, "name": "张三"},
        {"number": "赣建安B（2018）0000001", "name": "张三"},
        {"number": "赣建安C3（2026）9999999", "name": "张三"},
        {"number": bad.number, "name": "赵四"},
    ]
    costs = [count_queries(lambda data=data: client.post("/lookup/", data)) for data in asked]  # type: ignore[misc]
    # Beyond the last number of all the search for a stand-in begins anew: one query more.
    assert {cost - costs[0] for cost in costs} <= {0, 1}
    people = [
        {"id_number": good.person.id_number, "name": good.person.name},
        {"id_number": good.person.id_number, "name": "张三"},
        {"id_number": "11010519491231002X", "name": "张三"},
    ]
    costs = [count_queries(lambda data=data: client.post("/lookup/", data)) for data in people]  # type: ignore[misc]
    assert max(costs) - min(costs) <= 1


def test_the_cost_does_not_grow_with_what_a_person_holds(
    client: Client, count_queries: Callable[[Callable[[], object]], int]
) -> None:
    certificate = make_holder()
    data = {"id_number": certificate.person.id_number, "name": certificate.person.name}
    one = count_queries(lambda: client.post("/lookup/", data))
    make_certificate(certificate.person, certificate.enterprise, "C1")
    make_certificate(certificate.person, certificate.enterprise, "A")
    three = count_queries(lambda: client.post("/lookup/", data))
    assert three - one <= 1  # the A certificate brings the question who else represents the enterprise


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"number": "abc", "name": "张三"}, "证书编号"),
        ({"number": "粤建安B（2019）0001234", "name": "张三"}, "外省"),
        ({"number": "", "name": ""}, "请填写证书编号。"),
        ({"id_number": "360102198506150012", "name": "张三"}, "校验位"),
        ({"id_number": "1", "name": "张三"}, "18位"),
    ],
)
def test_what_cannot_be_a_number_is_explained(client: Client, data: dict[str, str], sentence: str) -> None:
    answer = client.post("/lookup/", data)
    assert answer.status_code == 400
    assert sentence in answer.text


def test_a_get_only_ever_shows_the_form(client: Client) -> None:
    certificate = make_holder()
    page = client.get("/lookup/", {"number": certificate.number, "name": certificate.person.name}).text
    assert f'value="{certificate.number}"' in page
    assert 'id="result"' not in page
    assert 'name="id_number"' in client.get("/lookup/?by=id_number").text
    assert "11010519491231002X" not in client.get("/lookup/?id_number=11010519491231002X").text


def test_the_box_on_the_home_page_asks_the_lookup(client: Client) -> None:
    home = client.get("/").text
    assert 'action="/lookup/"' in home
    assert 'name="number"' in home


@pytest.mark.usefixtures("fresh_windows")
def test_too_many_lookups_are_put_off_by_address(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "LOOKUPS", Limit("lookup", 2))
    certificate = make_holder()
    data = {"number": certificate.number, "name": certificate.person.name}
    codes = [client.post("/lookup/", data).status_code for _ in range(3)]
    assert codes == [200, 200, 429]
    late = client.post("/lookup/", data)
    assert int(late["Retry-After"]) > 0
    assert "操作太频繁" in late.text
    assert client.post("/lookup/", data, REMOTE_ADDR="203.0.113.9").status_code == 200
    assert client.get("/lookup/").status_code == 200


def test_windows_end_and_neighbours_of_one_network_count_together() -> None:
    limit = Limit("test", 1)
    assert seconds_to_wait(limit, "2001:db8::1", now=NOW) == 0
    assert seconds_to_wait(limit, "2001:db8::2", now=NOW) == 600
    assert seconds_to_wait(limit, "2001:db8:0:1::1", now=NOW) == 0
    assert seconds_to_wait(limit, "2001:db8::1", now=NOW + limit.window) == 0
    assert not RequestCount.objects.filter(source__contains="2001").exists()
    assert forget_counts(now=NOW + 300 * limit.window) == 3


# --- QR page ---


def test_the_latest_version_of_a_usable_certificate_is_valid(client: Client) -> None:
    version = issued(make_holder())
    answer = client.get(f"/v/{version.token}/")
    assert answer.status_code == 200
    assert "noindex" in answer["X-Robots-Tag"]
    page = answer.text
    assert '<span class="mark good">有效</span>' in page
    assert "欧*·*𬭎" in page
    assert "䶮" not in page
    assert "<img" not in page.split("<main")[1]
    assert f"{version.birth_date:%Y}年" not in page


@pytest.mark.parametrize(
    ("state", "word"),
    [
        (LegalState.SUSPENDED, "已暂扣"),
        (LegalState.REVOKED, "已撤销"),
        (LegalState.CANCELLED, "已注销"),
        (LegalState.EXPIRED, "已失效"),
        (LegalState.TRANSFERRING, "跨省调出"),
        (LegalState.WITHDRAWN, "已吊销"),
    ],
)
def test_every_end_state_is_told_apart(client: Client, state: LegalState, word: str) -> None:
    version = issued(make_holder())
    Certificate.objects.update(legal_state=state)
    page = client.get(f"/v/{version.token}/").text
    assert word in page
    assert '<span class="mark good">' not in page


def test_an_expired_one_says_so(client: Client, clock: Clock) -> None:
    version = issued(make_holder())
    clock.stop_at(NOW.replace(year=2027, month=2))
    assert "已过有效期" in client.get(f"/v/{version.token}/").text


def test_a_reason_that_concerns_employment_stays_private(client: Client) -> None:
    version = issued(make_holder())
    Employment.objects.all().delete()
    page = client.get(f"/v/{version.token}/").text
    assert "异常状态" in page
    assert "聘用" not in page.split("<main")[1]


def test_an_old_version_names_the_one_that_replaced_it_and_the_live_state(client: Client) -> None:
    """Edge case 30."""
    certificate = make_holder()
    first = issued(certificate)
    certificate.refresh_from_db()
    second = CertificateVersion.objects.get(pk=first.pk)
    second.pk, second.version, second.token, second.identifier = None, 2, "second-token", "identifier.2"
    second.enterprise_name = "江西新名称建设有限公司"
    second.save(force_insert=True)
    Certificate.objects.update(latest_version=2, enterprise_name="江西新名称建设有限公司")
    page = client.get(f"/v/{first.token}/").text
    assert "已被第 2 版取代" in page
    assert "江西新名称建设有限公司" in page
    assert first.enterprise_name in page
    assert "有效" in client.get("/v/second-token/").text


def test_an_unknown_code_is_called_probably_forged(client: Client) -> None:
    answer = client.get("/v/AAAAAAAAAAAAAAAAAAAAAA/")
    assert answer.status_code == 404
    assert "很可能是伪造" in answer.text
    assert "noindex" in answer["X-Robots-Tag"]


def test_the_qr_page_costs_a_constant_number_of_queries(
    client: Client, count_queries: Callable[[Callable[[], object]], int]
) -> None:
    certificate = make_holder()
    version = issued(certificate)
    one = count_queries(lambda: client.get(f"/v/{version.token}/"))
    make_certificate(certificate.person, certificate.enterprise, "C1")
    make_certificate(certificate.person, certificate.enterprise, "C2")
    assert count_queries(lambda: client.get(f"/v/{version.token}/")) == one
