"""Days that cannot be true: at imports, at matching, and where a person types them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from administration.imports.services import Book, run_import
from administration.models import Parameter
from administration.parameters.book import ParameterBook
from certificates.enums import LegacyState
from certificates.legacy.matching import match_legacy
from certificates.models import Certificate, LegacyCertificate
from certificates.plausibility import Days, Limits, implausible
from tests.clock import Clock
from tests.worlds.correction import CorrectionWorld
from tests.worlds.late_entry import LateEntryWorld
from tests.worlds.transfer_in import TransferInWorld
from workflow.checks import Facts, evaluate

from .legacy.legacy_files import HEADER, csv_bytes, id_number, person, row

TODAY = date(2026, 1, 15)
LIMITS = Limits(longest_years=6, least_age=18, today=TODAY)
STARTS, ENDS = date(2024, 3, 1), date(2027, 2, 28)
BORN = date(1980, 1, 1)


def said(**days: object) -> str:
    return "".join(implausible(Days(**({"valid_to": ENDS} | days)), LIMITS))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("days", "doubt"),
    [
        ({"valid_from": STARTS, "valid_to": date(2030, 2, 28)}, ""),
        ({"valid_from": STARTS, "valid_to": date(2030, 3, 1)}, "超过 6 年"),
        ({"valid_from": STARTS, "valid_to": date(2092, 2, 28)}, "超过 6 年"),
        ({"issued_on": STARTS, "valid_to": date(2099, 2, 28)}, "超过 6 年"),
        ({"valid_to": date(2032, 1, 14)}, ""),
        ({"valid_to": date(2032, 1, 15)}, "在 6 年以后"),
        ({"issued_on": ENDS}, "在今天以后"),
        ({"issued_on": date(2022, 3, 1), "valid_to": date(2022, 3, 1)}, ""),
        ({"issued_on": date(2022, 3, 2), "valid_to": date(2022, 3, 1)}, "发证日期晚于有效期止"),
        ({"valid_from": date(2022, 3, 2), "valid_to": date(2022, 3, 1)}, "有效期起晚于有效期止"),
        ({"first_issued_on": STARTS, "issued_on": STARTS}, ""),
        ({"first_issued_on": date(2024, 3, 2), "issued_on": STARTS}, "初次领证日期晚于发证日期"),
        ({"first_issued_on": date(2024, 3, 2), "valid_to": STARTS}, "初次领证日期晚于有效期止"),
        ({"issued_on": TODAY}, ""),
        ({"issued_on": date(2026, 1, 16)}, "发证日期在今天以后"),
        ({"first_issued_on": date(2026, 1, 16)}, "初次领证日期在今天以后"),
        ({"valid_from": date(2027, 1, 15), "valid_to": date(2030, 1, 14)}, ""),
        ({"valid_from": date(2027, 1, 16), "valid_to": date(2030, 1, 15)}, "有效期起在一年以后"),
        ({"valid_from": STARTS, "birth_date": date(2006, 3, 1)}, ""),
        ({"valid_from": STARTS, "birth_date": date(2006, 3, 2)}, "不满 18 周岁"),
        ({"birth_date": date(2020, 1, 1)}, "不满 18 周岁"),
        ({"birth_date": date(2024, 3, 2)}, "还没有出生"),
        ({"number_year": 2027}, ""),
        ({"number_year": 2028}, "证书编号是 2028 年的"),
    ],
)
def test_reading_m10_days_and_their_neighbours(days: dict[str, object], doubt: str) -> None:
    if doubt:
        assert doubt in said(**days)
    else:
        assert said(**days) == ""


# --- imports ---


@pytest.fixture
def today(clock: Clock, db: None) -> None:
    clock.stop_on(TODAY.isoformat())


def load(*rows: list[str], header: list[str] | None = None) -> Book:
    return run_import("legacy", csv_bytes(*rows, header=header), "旧证.csv", by="测试")


def test_reading_m10_a_term_of_68_years_waits_for_a_clerk(today: None) -> None:
    person("张三", 1)
    book = load(row("张三", 1, 1, 有效期止="2092-02-28"), row("张三", 1, 2, category="B"))
    assert (book.new, book.quarantined) == (1, 1)
    assert "超过 6 年" in book.problems[0].sentence
    assert "待人工核实" in book.problems[0].sentence
    assert list(Certificate.objects.values_list("number", flat=True)) == ["赣建安B（2024）0000002"]
    waiting = LegacyCertificate.objects.get(state=LegacyState.QUARANTINED)
    assert waiting.valid_to == date(2092, 2, 28)


def test_reading_m10_issued_after_its_end_to_a_child(today: None) -> None:
    header = [*HEADER, "发证日期"]
    first = row("张三", 1, 1, year=2019, 有效期起="2019-03-01", 有效期止="2022-02-28")
    second = row("李四", 2, 2, 身份证号=id_number(2, birth="20080101"))
    book = load([*first, "2023-03-01"], [*second, "2024-03-01"], header=header)
    assert book.quarantined == 2
    assert "发证日期晚于有效期止" in book.problems[0].sentence
    assert "不满 18 周岁" in book.problems[1].sentence


def test_reading_m10_what_was_imported_before_is_judged_when_it_is_matched(today: None) -> None:
    load(row("张三", 1, 1))
    LegacyCertificate.objects.update(valid_to=date(2092, 2, 28))
    who = person("张三", 1)
    assert match_legacy([who.pk]).quarantined == 1
    record = LegacyCertificate.objects.get()
    assert record.state == LegacyState.QUARANTINED
    assert "超过 6 年" in record.quarantine_reason
    assert not Certificate.objects.exists()


def test_reading_m10_the_longest_term_is_a_parameter(today: None) -> None:
    assert Limits.load(TODAY).longest_years == 6
    first = date(2026, 2, 1)
    Parameter.objects.create(key="longest_term_years", value=10, effective_from=first, document_number="文")
    book = ParameterBook.load()
    days = Days(valid_to=date(2033, 2, 28), valid_from=STARTS)
    assert implausible(days, Limits.load(date(2026, 1, 31), book))
    assert not implausible(days, Limits.load(date(2026, 2, 1), book))


# --- what people type ---


@pytest.mark.parametrize("world_class", [LateEntryWorld, TransferInWorld])
@pytest.mark.parametrize(
    ("changed", "doubt"),
    [
        ({}, ""),
        ({"valid_to": "2093-02-28"}, "超过 6 年"),
        ({"first_issued_on": "1991-01-01"}, "不满 18 周岁"),
        ({"first_issued_on": "2028-01-01"}, "初次领证日期在今天以后"),
    ],
)
@pytest.mark.django_db
def test_reading_m10_a_paper_certificate_with_such_days_is_not_filed(
    world_class: type[LateEntryWorld], changed: dict[str, str], doubt: str
) -> None:
    world = world_class()
    case = replace(world.case(), payload={**world.case().payload, **changed})
    findings = evaluate([case], Facts([case]))[case]
    found = [one for one in findings if one.code == "certificate.implausible_days"]
    assert [doubt in one.message for one in found] == ([True] if doubt else [])
    assert all(one.blocking for one in found)


@pytest.mark.parametrize(("days", "doubt"), [("2029-02-28", ""), ("2092-02-28", "超过 6 年")])
@pytest.mark.django_db
def test_reading_m10_a_correction_to_such_days_is_not_filed(days: str, doubt: str) -> None:
    world = CorrectionWorld()
    case = replace(world.case(), payload={**world.case().payload, "valid_to": days})
    findings = evaluate([case], Facts([case]))[case]
    found = [one.message for one in findings if one.code == "certificate.implausible_days"]
    assert [doubt in one for one in found] == ([True] if doubt else [])
