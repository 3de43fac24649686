"""证书纠错 corrects everything that is printed, only what is ticked, and shows what stands on the certificate now."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from certificates.documents.services import face_of
from certificates.issuing.numbers import identifier_serials
from certificates.models import Certificate, CertificateTerm, CertificateVersion, FormerNumber
from certificates.public.lookup import version_state
from certificates.public.selectors import version_by_token
from common.findings import Refused, blocking
from employment.models import Employment
from tests.certificates.test_edge_cases import EnterpriseCorrectionWorld, decide
from tests.clock import Clock
from tests.factories import make_certificate, make_employment, make_person
from tests.workflow.browsing import FORM, browser, words
from tests.worlds.base import NOW, PAYLOAD, World
from tests.worlds.correction import CorrectionWorld
from workflow.checks import Case, Facts, evaluate
from workflow.models import Application
from workflow.services.filing import create_draft, save_draft

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(clock: Clock) -> None:
    clock.stop_at(NOW)


class Correcting(CorrectionWorld):
    """`payload` is what the form says; `category` that of the certificate."""

    payload: dict[str, Any] = {}
    category = "C2"
    serial = 4711

    def build(self) -> None:
        make_employment(self.person, self.enterprise, "02", "07", "08")
        self.certificate = make_certificate(
            self.person, self.enterprise, self.category, year=2019, serial=self.serial, starts_on=date(2025, 5, 1)
        )

    def case(self) -> Case:
        return replace(super().case(), payload=PAYLOAD | self.payload)


def correcting(held: str = "C2", **payload: Any) -> Correcting:
    return type("World", (Correcting,), {"payload": payload, "category": held})()  # type: ignore[no-any-return]


def corrected(world: World) -> Certificate:
    decide(world, world.file())
    return Certificate.objects.get(person=world.person)


def refusals(world: Correcting) -> set[str]:
    case = world.case()
    return {one.code for one in blocking(evaluate([case], Facts([case]))[case])}


def test_a_wrong_number_is_corrected_and_earlier_versions_keep_telling_theirs() -> None:
    world = correcting(number="赣建安C2（2019）0004712")
    decide(world, correcting_date(world))
    certificate = corrected(world)
    assert (certificate.number, certificate.serial, certificate.year) == ("赣建安C2（2019）0004712", 4712, 2019)
    assert certificate.latest_version == 2
    first, second = CertificateVersion.objects.order_by("version")
    assert first.identifier != second.identifier
    found = [version_by_token(one.token) for one in (first, second)]
    assert [version_state(one).number for one in found if one] == ["赣建安C2（2019）0004711", "赣建安C2（2019）0004712"]
    assert face_of(second).number == "赣建安C2（2019）0004712"
    page = browser(None).get(f"/v/{first.token}/")
    assert "赣建安C2（2019）0004711" in words(page)


def correcting_date(world: Correcting) -> Application:
    """A first version is printed before the number is corrected."""
    payload, type(world).payload = world.payload, {"first_issued_on": "2018-03-01"}
    application = world.file()
    type(world).payload = payload
    return application


def test_a_number_of_another_year_leaves_its_identifier_used_up() -> None:
    world = correcting(number="赣建安C2（2020）0004711")
    decide(world, correcting_date(world))
    certificate = corrected(world)
    assert (certificate.year, certificate.serial, certificate.identifier_serial) == (2020, 4711, 4711)
    assert FormerNumber.objects.get().through_version == 1
    assert identifier_serials(2019, [4711]) == {4711: [9_000_000]}
    assert identifier_serials(2019, [4713]) == {4713: [4713]}


def test_a_wrong_category_is_corrected_with_its_number_and_its_post() -> None:
    certificate = corrected(correcting("B", number="赣建安A（2019）0004711", category="A", post="02"))
    assert (certificate.category, certificate.post, certificate.number) == ("A", "02", "赣建安A（2019）0004711")
    former = FormerNumber.objects.get()
    assert (former.number, former.category) == ("赣建安B（2019）0004711", "B")


def test_a_first_day_that_is_corrected_is_printed_and_no_other_day_of_decision() -> None:
    certificate = corrected(correcting(valid_from="2025-05-02"))
    version = CertificateVersion.objects.get()
    assert (version.valid_from, version.valid_to) == (date(2025, 5, 2), certificate.ends_on)
    days = CertificateTerm.objects.filter(reversed_at__isnull=True).values_list("starts_on", "ends_on")
    assert list(days) == [(date(2025, 5, 2), certificate.ends_on)]


def test_a_first_day_within_the_term_before_is_refused() -> None:
    world = correcting(valid_from="2025-04-30")
    CertificateTerm.objects.create(certificate=world.certificate, starts_on=date(2022, 5, 1), ends_on=date(2025, 4, 30))
    assert refusals(world) == {"certificate.implausible_days"}


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        ({"number": "浙建安C2（2019）0004712"}, "correction.other_province"),
        ({"number": "赣建安C2（2019）0004713"}, "correction.number_taken"),
        ({"number": "赣建安C2（2019）0004711"}, "correction.same_number"),
        ({"category": "C2"}, "correction.same_category"),
        ({"post": "08"}, "correction.same_post"),
        ({"valid_from": "2025-05-01"}, "correction.same_valid_from"),
    ],
)
def test_what_cannot_be_or_changes_nothing_is_refused_in_words(payload: dict[str, str], code: str) -> None:
    make_certificate(make_person("周别人"), None, "C2", year=2019, serial=4713)
    world = correcting(**payload)
    case = world.case()
    (found,) = blocking(evaluate([case], Facts([case]))[case])
    assert found.code == code
    assert "周别人" not in found.message + found.detail
    assert "2025-05-01" not in found.message + found.detail


def test_the_same_serial_of_the_category_that_is_right_belongs_to_somebody_else() -> None:
    """Numbers from before C was divided have no figure behind the letter, so that only the category is wrong."""
    world = correcting(category="C1")
    Certificate.objects.update(number="赣建安C（2019）0004711")
    assert refusals(world) == set()
    other = make_certificate(make_person("周别人"), None, "C1", year=2019, serial=4799)
    Certificate.objects.filter(pk=other.pk).update(serial=4711)
    assert refusals(world) == {"correction.number_taken"}


def test_two_corrections_to_one_number_are_not_open_together() -> None:
    first, second = correcting(number="赣建安C2（2019）0004799"), another_serial("赣建安C2（2019）0004799")
    first.file()
    with pytest.raises(Refused):
        second.file()


def another_serial(number: str) -> Correcting:
    world = type("World", (Correcting,), {"payload": {"number": number}, "serial": 4712})()
    return world  # type: ignore[no-any-return]


def test_the_enterprise_takes_others_along_and_everything_else_stays_on_the_one_certificate() -> None:
    world = EnterpriseCorrectionWorld()
    make_employment_of_both(world)
    older = world.certificate
    other = make_certificate(world.person, world.enterprise, "C2", ends_on=date(2028, 4, 30), serial=4712)
    case = replace(
        CorrectionWorld.case(world),
        payload=PAYLOAD | {"corrects_enterprise": True, "evidence": "award", "first_issued_on": "2018-03-01"},
    )
    world.case = lambda: case  # type: ignore[method-assign]
    decide(world, world.file())
    older.refresh_from_db()
    other.refresh_from_db()
    assert (older.enterprise, other.enterprise) == (world.new, world.new)
    assert (older.first_issued_on, other.first_issued_on) == (date(2018, 3, 1), date(2019, 3, 1))
    assert (older.post, other.post) == ("07", "08")


def make_employment_of_both(world: EnterpriseCorrectionWorld) -> None:
    Employment.objects.filter(person=world.person).update(posts=["07", "08"])


def sent(world: Correcting, **values: str) -> tuple[Any, Application]:
    draft = create_draft(case=replace(world.case(), payload={}), actor=world.filer, now=NOW)
    page = browser(world.person_user).post(f"/applications/{draft.number}/edit/", {**FORM, **values, "submit": "1"})
    draft.refresh_from_db()
    return page, draft


def test_the_form_shows_beside_each_field_what_stands_on_the_certificate_now() -> None:
    world = correcting()
    draft = create_draft(case=replace(world.case(), payload={}), actor=world.filer, now=NOW)
    text = words(browser(world.person_user).get(f"/applications/{draft.number}/edit/"))
    for said in (
        "证书上是：赣建安C2（2019）0004711。",
        "证书上是：C2土建类专职安全生产管理人员。",
        "证书上是：专职安全生产管理人员。",
        "证书上是：2019年3月1日。",
        "证书上是：2025年5月1日。",
        "证书上是：2028年4月30日。",
        f"证书上是：{world.enterprise.name}。",
    ):
        assert said in text, said


def test_the_fields_that_a_tick_opens_are_named_for_the_script_and_stand_there_without_it() -> None:
    world = correcting()
    draft = create_draft(case=replace(world.case(), payload={}), actor=world.filer, now=NOW)
    page = browser(world.person_user).get(f"/applications/{draft.number}/edit/").content.decode()
    for opens in ("number", "category", "post", "first_issued_on", "valid_from", "valid_to", "evidence file_evidence"):
        assert f'data-opens="{opens}"' in page
        for name in opens.split():
            assert f'id="div_id_{name}"' in page


def test_a_value_whose_box_is_not_ticked_is_named_and_never_taken() -> None:
    page, draft = sent(correcting(), wrong_valid_to="on", valid_to="2028-04-29", first_issued_on="2018-03-01")
    assert page.status_code == 400
    assert "填写了正确的初次领证日期，但没有勾选“初次领证日期有误”。要更正请勾选，不更正请清空。" in words(page)
    assert not draft.payload.get("first_issued_on")


def test_evidence_without_the_box_of_the_enterprise_is_named() -> None:
    page, draft = sent(correcting(), evidence="award", wrong_valid_to="on", valid_to="2028-04-29")
    assert "没有勾选“是否进行企业信息纠错”" in words(page)
    assert draft.status == "draft"


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({}, "请至少勾选一项有误的内容"),
        ({"wrong_number": "on"}, "勾选了“证书编号有误”，请填写正确的证书编号"),
        (
            {"wrong_number": "on", "number": "赣建安B（2019）0004711"},
            "类别C2与编号赣建安B（2019）0004711中的类别不一致",
        ),
        ({"wrong_category": "on", "category": "B"}, "类别B与编号赣建安C2（2019）0004711中的类别不一致"),
        ({"wrong_post": "on", "post": "02"}, "C2证的职务随类别确定，不能另选"),
        (
            {"wrong_number": "on", "number": "赣建安A（2019）0004711", "wrong_category": "on", "category": "A"},
            "更正为A证的，请勾选“职务有误”并选择证书上的职务",
        ),
        ({"wrong_number": "on", "number": "赣建安"}, "证书编号的格式不对"),
        ({"corrects_enterprise": "on"}, "请选择证明材料是哪一种"),
    ],
)
def test_what_does_not_fit_together_is_said_at_its_field(values: dict[str, str], said: str) -> None:
    page, draft = sent(correcting(), **values)
    assert page.status_code == 400
    assert said in words(page)
    assert draft.status == "draft"


def test_what_was_filed_before_there_were_boxes_is_still_ticked() -> None:
    world = correcting()
    draft = create_draft(case=replace(world.case(), payload={}), actor=world.filer, now=NOW)
    save_draft(draft.pk, payload=PAYLOAD | {"first_issued_on": "2018-03-01"}, actor=world.filer)
    page = browser(world.person_user).get(f"/applications/{draft.number}/edit/").content.decode()
    box = page[page.index('name="wrong_first_issued_on"') - 80 : page.index('id="id_wrong_first_issued_on"') + 80]
    assert "checked" in box


def test_the_reviewer_sees_number_category_and_days_now_and_after() -> None:
    world = correcting("B", number="赣建安C2（2019）0004712", category="C2", valid_from="2025-05-02")
    application = world.file()
    page = browser(world.province.reviewer).get(f"/office/applications/{application.number}/").content.decode()
    for now, after in (
        ("赣建安B（2019）0004711", "赣建安C2（2019）0004712"),
        ("B 项目负责人", "C2 土建类专职安全生产管理人员"),
        ("项目负责人", "专职安全生产管理人员"),
        ("2025年5月1日", "2025年5月2日"),
    ):
        assert f"<del>{now}</del>" in page, now
        assert f"<ins>{after}</ins>" in page, after
    assert "正确的证书编号" in words(browser(world.person_user).get(f"/applications/{application.number}/"))
