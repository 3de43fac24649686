"""Rule B-1: the holder of a B certificate is a registered constructor of the same enterprise."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest

from certificates.facts.holdings import load_holdings
from certificates.models import Certificate
from certificates.state.display import reasons_of_codes, status_of
from certificates.state.snapshots import refresh_for_people
from common.findings import Finding
from enterprises.models import Qualification
from tests.clock import Clock
from tests.factories import (
    actor,
    make_certificate,
    make_constructor,
    make_employment,
    make_enterprise,
    make_person,
    make_training,
)
from workflow.business import business_of
from workflow.checks import Facts, evaluate

pytestmark = pytest.mark.django_db
NOW = datetime.fromisoformat("2026-11-23T10:00:00+08:00")
CODE = "qualification.constructor"


@pytest.fixture(autouse=True)
def today(clock: Clock) -> None:
    clock.stop_at(NOW)


def holder(category: str = "B", **fields: Any) -> Certificate:
    person, enterprise = make_person(), make_enterprise()
    make_employment(person, enterprise, "07")
    make_training(person, ends_on=date(2026, 6, 1))
    return make_certificate(person, enterprise, category, **{"ends_on": date(2027, 1, 31)} | fields)


def finding(certificate: Certificate, kind: str, payload: dict[str, object] | None = None) -> Finding | None:
    query = {"certificate": str(certificate.pk)}
    case = business_of(kind).prepare(actor(certificate.person.user), query, today=NOW.date())
    if payload:
        case = case.__class__(**{**case.__dict__, "payload": payload})
    found = [one for one in evaluate([case], Facts([case]))[case] if one.code == CODE]
    return found[0] if found else None


@pytest.mark.parametrize(
    ("registration", "message"),
    [
        ({}, None),
        ({"valid_to": date(2026, 11, 23)}, None),
        ({"valid_to": date(2026, 11, 22)}, "没有有效的建造师注册"),
        ({"is_in_force": False}, "没有有效的建造师注册"),
        ({"kind": "site_staff"}, "没有有效的建造师注册"),
        ("elsewhere", "建造师注册单位与证书单位不一致"),
        (None, "没有有效的建造师注册"),
    ],
)
def test_the_status_of_a_b(registration: Any, message: str | None) -> None:
    certificate = holder(constructor=False)
    if registration == "elsewhere":
        make_constructor(certificate.person, make_enterprise("江西庐山市政工程有限公司"))
    elif registration is not None:
        make_constructor(certificate.person, certificate.enterprise, **registration)
    answer = status_of(certificate)
    assert [one.message for one in answer.reasons if one.code == CODE] == ([message] if message else [])
    assert answer.is_normal is (message is None)


def test_one_of_several_registrations_suffices() -> None:
    certificate = holder()
    make_constructor(certificate.person, make_enterprise(), specialty="机电工程")
    assert status_of(certificate).is_normal


@pytest.mark.parametrize("category", ["A", "C1", "C2", "C3"])
def test_other_categories_do_not_ask_for_it(category: str) -> None:
    certificate = holder(category)
    assert not Qualification.objects.exists()
    assert status_of(certificate).is_normal


def test_the_list_knows_the_reason_in_words() -> None:
    certificate = holder(constructor=False)
    refresh_for_people({certificate.person_id})
    codes = Certificate.objects.get().display_codes
    assert codes == [CODE]
    assert [one.words for one in reasons_of_codes(codes)] == ["建造师注册与证书单位不一致"]


def test_an_extension_of_a_b_asks_for_it() -> None:
    good, bad = holder(), holder(constructor=False)
    met, missing = finding(good, "extension"), finding(bad, "extension")
    assert met is not None
    assert met.met
    assert missing is not None
    assert (missing.blocking, missing.turn) == (True, "本人")
    assert "住房和城乡建设部建造师注册系统" in missing.detail
    assert finding(holder("C3"), "extension") is None


def test_a_change_asks_for_it_at_the_new_enterprise() -> None:
    certificate = holder()
    certificate.person.employments.update(ended_at=NOW, end_reason="by_enterprise")
    new = make_enterprise("江西新红谷建设有限公司")
    make_employment(certificate.person, new, "07")
    missing = finding(certificate, "employer_change")
    assert missing is not None
    assert missing.blocking
    assert new.name in missing.detail
    make_constructor(certificate.person, new)
    found = finding(certificate, "employer_change")
    assert found is not None
    assert found.met


def test_a_correction_of_the_enterprise_does_not_dodge_it() -> None:
    certificate = holder(constructor=False)
    assert finding(certificate, "correction") is None
    missing = finding(certificate, "correction", {"corrects_enterprise": True})
    assert missing is not None
    assert missing.blocking


def test_holdings_ask_the_same_queries_for_one_and_for_three(count_queries: Callable[..., int]) -> None:
    asked = []
    for size in (1, 3):
        people = {holder().person_id for _ in range(size)}
        asked.append(count_queries(lambda people=people: load_holdings(people)))
    assert asked[0] == asked[1]
