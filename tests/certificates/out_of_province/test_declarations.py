"""Rule X-1 by the person's own declaration: declared, corrected, ended, exchanged; seen with its source."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from accounts.enums import Duty
from administration.models import AuditEntry
from certificates.facts.holdings import load_holdings
from certificates.models import Certificate, OutOfProvinceCertificate
from certificates.out_of_province.services import Declared, declare
from certificates.state.display import status_of
from certificates.state.snapshots import refresh_for_people
from employment.models import Employment
from tests.clock import Clock
from tests.factories import make_enterprise, make_person, make_staff
from tests.workflow.browsing import browser, picture, words
from tests.worlds.base import NOW
from tests.worlds.extension import ExtensionWorld
from tests.worlds.transfer_in import TransferInWorld
from workflow.checks import Facts, evaluate
from workflow.enums import Action
from workflow.services.acting import act

from .test_register_import import line, load

pytestmark = pytest.mark.django_db
NUMBER = "浙建安B（2021）0000007"
FORM = {
    "number": "浙建安b(2021)0000007",
    "category": "B",
    "province": "浙江省",
    "enterprise_name": "浙江演示建设有限公司",
    "valid_to": "2027-08-31",
    "commitment": "on",
}
LIST = "/person/certificates/elsewhere/"


@pytest.fixture(autouse=True)
def today(clock: Clock) -> None:
    clock.stop_at(NOW)


@pytest.fixture
def world() -> ExtensionWorld:
    made = ExtensionWorld()
    refresh_for_people({made.person.pk})
    return made


@pytest.fixture
def client(world: ExtensionWorld) -> Client:
    return browser(world.person_user)


def declared(world: ExtensionWorld) -> OutOfProvinceCertificate:
    said = Declared(NUMBER, "B", "浙江省", "浙江演示建设有限公司", date(2027, 8, 31))
    return declare(world.person.pk, said, now=NOW)


def stored(world: ExtensionWorld) -> tuple[str, list[str]]:
    row = Certificate.objects.get(pk=world.certificate.pk)
    return row.display_status, row.display_codes


def findings(world: Any) -> dict[str, Any]:
    case = world.case()
    return {one.code: one for one in evaluate([case], Facts([case]))[case]}


def test_declared_by_the_page_it_counts_at_once(world: ExtensionWorld, client: Client) -> None:
    assert LIST in client.get("/person/certificates/").text
    assert "没有外省证书" in words(client.get(LIST))
    answer = client.post(f"{LIST}new/", FORM | {"scan": picture()}, follow=True)
    page = words(answer)
    assert f"{NUMBER}已申报" in page
    assert "来源本人申报" in page
    row = OutOfProvinceCertificate.objects.get()
    assert (row.number, row.province, row.valid_to, row.declared_by) == (
        NUMBER,
        "浙江省",
        date(2027, 8, 31),
        world.person,
    )
    assert stored(world) == ("abnormal", ["holding.X-1"])
    entry = AuditEntry.objects.get(action="declare_elsewhere")
    assert (entry.actor_id, entry.detail["number"]) == (world.person_user.pk, NUMBER)
    scan = client.get(f"{LIST}{row.pk}/scan/")
    assert scan["Content-Disposition"].startswith("attachment")
    assert scan["Content-Type"] == "image/jpeg"


def test_the_conditions_of_a_business_name_it_its_source_and_both_cures(world: ExtensionWorld, client: Client) -> None:
    assert "没有登记或申报的外省有效证书" in findings(world)["holding.X-1"].message
    row = declared(world)
    page = client.get(f"/applications/new/extension/?certificate={world.certificate.pk}")
    assert f"持有浙江省有效证书{NUMBER}" in words(page)
    assert "来源：本人申报" in words(page)
    assert f'href="/applications/new/transfer_in/?declared={row.pk}"' in page.text
    assert f'href="{LIST}{row.pk}/end/"' in page.text


def test_ended_it_no_longer_counts_and_the_reviewer_reads_why(world: ExtensionWorld, client: Client) -> None:
    row = declared(world)
    assert "登记外省证书注销" in words(client.get(f"{LIST}{row.pk}/end/"))
    said = {"ending": "cancelled", "ended_on": "2026-11-20", "commitment": "on"}
    assert client.post(f"{LIST}{row.pk}/end/", said | {"ended_on": "2026-11-24"}).status_code == 409
    assert client.post(f"{LIST}{row.pk}/end/", said | {"commitment": ""}).status_code == 400
    assert stored(world)[0] == "abnormal"
    page = words(client.post(f"{LIST}{row.pk}/end/", said, follow=True))
    assert "已在发证省份注销" in page
    assert "不再影响本省业务" in page
    assert stored(world) == ("normal", [])
    assert AuditEntry.objects.get(action="end_elsewhere").detail["ending"] == "cancelled"
    met = findings(world)["holding.X-1"]
    assert (met.met, met.detail) == (True, f"{NUMBER}已在发证省份注销（本人申报）")
    application = world.file(NOW)
    act(application.pk, action=Action.APPROVE, actor=world.holder(application), now=NOW)
    review = words(browser(world.province.reviewer).get(f"/office/applications/{application.number}/"))
    assert f"{NUMBER}已在发证省份注销（本人申报）" in review
    # What has ended cannot be touched again.
    assert "已登记终止，不能再修改" in words(client.post(f"{LIST}{row.pk}/", FORM, follow=True))


def test_corrected_while_it_is_not_used(world: ExtensionWorld, client: Client) -> None:
    row = declared(world)
    page = words(client.post(f"{LIST}{row.pk}/", FORM | {"number": "浙建安B（2021）0000008"}, follow=True))
    assert "的申报已更正" in page
    row.refresh_from_db()
    assert row.number == "浙建安B（2021）0000008"
    assert AuditEntry.objects.get(action="correct_elsewhere").detail["before"] == NUMBER
    assert client.post(f"{LIST}{row.pk}/", FORM | {"valid_to": "2026-11-22"}).status_code == 409


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"number": "赣建安B（2021）0000007"}, "这是本省的证书编号"),
        ({"number": "7号"}, "证书编号的格式不对"),
        ({"category": "A"}, "证书类别与证书编号中的类别不一致"),
        ({"province": "江西省"}, "发证省份错误："),
        ({"valid_to": ""}, "请填写有效期至。"),
        ({"commitment": ""}, "请阅读并勾选承诺"),
    ],
)
def test_bad_input_is_said_at_the_field(
    client: Client, world: ExtensionWorld, changed: dict[str, str], sentence: str
) -> None:
    answer = client.post(f"{LIST}new/", FORM | changed)
    assert answer.status_code == 400
    assert sentence in words(answer)
    assert not OutOfProvinceCertificate.objects.exists()


def test_nothing_is_declared_twice_nor_against_the_register(world: ExtensionWorld, client: Client) -> None:
    declared(world)
    assert "您已申报过" in words(client.post(f"{LIST}new/", FORM))
    load(line(world.person.id_number, "浙建安B（2021）0000009"))
    assert "已在外省证书登记库中" in words(client.post(f"{LIST}new/", FORM | {"number": "浙建安B（2021）0000009"}))
    load(line(make_person().id_number, "浙建安B（2021）0000010"))
    assert "与外省证书登记库不一致" in words(client.post(f"{LIST}new/", FORM | {"number": "浙建安B（2021）0000010"}))
    over = client.post(f"{LIST}new/", FORM | {"number": "浙建安B（2021）0000011", "valid_to": "2026-11-22"})
    assert (over.status_code, "不需要申报" in words(over)) == (409, True)


def test_the_register_goes_before_the_declaration(world: ExtensionWorld) -> None:
    row = declared(world)
    load(line(world.person.id_number))
    (finding,) = status_of(world.certificate).reasons
    assert "来源：外省证书登记库" in finding.detail
    client = browser(world.person_user)
    client.post(f"{LIST}{row.pk}/end/", {"ending": "mistaken", "ended_on": "2026-11-23", "commitment": "on"})
    assert stored(world) == ("abnormal", ["holding.X-1"])


def test_what_somebody_says_of_a_number_is_nothing_to_its_real_holder(world: ExtensionWorld) -> None:
    declared(world)
    other = ExtensionWorld()
    assert status_of(other.certificate).is_normal
    assert declared(other).declared_by == other.person
    load(line(other.person.id_number))
    assert OutOfProvinceCertificate.objects.filter(number=NUMBER).count() == 3


def test_the_exchange_begins_with_the_declaration_ends_it_and_fixes_it_meanwhile() -> None:
    world = TransferInWorld()
    number = world.paper["number"]
    valid_to = date.fromisoformat(str(world.paper["valid_to"]))
    row = declare(world.person.pk, Declared(number, world.paper["category"], "浙江省", "", valid_to), now=NOW)
    client = browser(world.person_user)
    client.post(f"/applications/new/transfer_in/?declared={row.pk}")
    assert number in client.get("/applications/", follow=True).text or world.person.applications.exists()
    assert world.person.applications.get().payload["number"] == number
    stranger = make_person()
    strangers = declare(stranger.pk, Declared(number, world.paper["category"], "浙江省", "", valid_to), now=NOW)
    application = world.file(NOW)
    page = words(client.get(f"{LIST}{row.pk}/", follow=True))
    assert f"办件{application.number}办结或撤回后可以修改" in page
    while application.is_open:
        act(
            application.pk,
            action=Action.APPROVE,
            actor=world.holder(application),
            detail=world.originals(application),
            now=NOW,
        )
        application.refresh_from_db()
    row.refresh_from_db()
    strangers.refresh_from_db()
    assert (row.ending, row.ended_on, row.settled_at) == ("exchanged", NOW.date(), NOW)
    assert strangers.settled_at is None


def test_declarations_are_nobody_elses(world: ExtensionWorld) -> None:
    row = declared(world)
    other = browser(make_person().user)
    for address in ("", "end/", "scan/"):
        assert other.get(f"{LIST}{row.pk}/{address}").status_code == 404
        if address != "scan/":
            assert other.post(f"{LIST}{row.pk}/{address}", FORM).status_code == 404


def test_the_office_sees_it_and_its_scan_with_a_row_in_the_audit(world: ExtensionWorld, client: Client) -> None:
    client.post(f"{LIST}new/", FORM | {"scan": picture()})
    row = OutOfProvinceCertificate.objects.get()
    office = browser(world.province.reviewer)
    page = office.get(f"/office/certificates/{world.certificate.pk}/")
    assert f"{NUMBER}" in words(page)
    assert "来源：本人申报" in words(page)
    address = f"/office/certificates/elsewhere/{row.pk}/scan/"
    assert address in page.text
    assert office.get(address).status_code == 200
    assert AuditEntry.objects.get(action="view_declared_scan").object_id == str(row.pk)
    assert browser(make_staff(world.province.municipal, Duty.TRAINING)).get(address).status_code == 403


def test_scans_are_of_the_region_like_the_certificates(world: ExtensionWorld, client: Client) -> None:
    """One rule for the page of a certificate, its document and the scans of its holder's declarations."""
    client.post(f"{LIST}new/", FORM | {"scan": picture()})
    row = OutOfProvinceCertificate.objects.get()
    page, scan = "/office/certificates/{}/", "/office/certificates/elsewhere/{}/scan/"
    colleague, stranger = browser(world.province.reviewer), browser(world.province.stranger)
    answers = {
        (who, pattern, pk): browser_.get(pattern.format(pk))
        for who, browser_ in (("colleague", colleague), ("stranger", stranger))
        for pattern, own in ((page, world.certificate.pk), (scan, row.pk))
        for pk in (own, 999_999)
    }
    statuses = {key: answer.status_code for key, answer in answers.items()}
    assert statuses["colleague", page, world.certificate.pk] == statuses["colleague", scan, row.pk] == 200
    assert {status for key, status in statuses.items() if key[0] == "stranger" or key[2] == 999_999} == {403}
    assert words(answers["stranger", scan, row.pk]) == words(answers["stranger", scan, 999_999])
    assert words(answers["stranger", page, world.certificate.pk]) == words(answers["stranger", page, 999_999])
    assert AuditEntry.objects.filter(action="view_declared_scan").count() == 1
    # An employer in that region opens both.
    Employment.objects.filter(person=world.person).update(enterprise=make_enterprise(region="360402"))
    assert stranger.get(scan.format(row.pk)).status_code == 200
    assert stranger.get(page.format(world.certificate.pk)).status_code == 200


def test_status_asks_the_same_queries_with_declarations(
    world: ExtensionWorld, count_queries: Callable[..., int]
) -> None:
    before = count_queries(lambda: load_holdings({world.person.pk}))
    declared(world)
    load(line(world.person.id_number, "浙建安B（2021）0000009"))
    assert count_queries(lambda: load_holdings({world.person.pk})) == before
