"""Counted at night, shown in two forms: whole to offices, without small cells to everybody."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook

from accounts.enums import Duty
from administration.models import Figure
from administration.nightly import run_nightly
from certificates.enums import LegalState
from certificates.models import Certificate
from portal.statistics.selectors import statistics, subjects_in_words
from portal.statistics.services import refresh
from portal.statistics.subjects import AGES, SIZES, SUBJECTS, band_of, months_from, months_until
from tests.clock import Clock
from tests.factories import make_certificate, make_enterprise, make_office, make_person, make_staff
from tests.worlds.extension import ExtensionWorld

pytestmark = pytest.mark.django_db
NOW = datetime.fromisoformat("2026-11-23T10:00:00+08:00")


@pytest.fixture(autouse=True)
def today(clock: Clock) -> None:
    clock.stop_at(NOW)


def make_some(count: int, category: str, *, region: str = "360402", born: date = date(1985, 6, 15)) -> None:
    enterprise = make_enterprise(region=region)
    for place in range(count):
        person = make_person(f"甲{chr(0x4E00 + place)}", birth_date=born, user=False, photo=False)
        make_certificate(person, enterprise, category, first_issued_on=date(2026, 10, 1), constructor=False)


def numbers_of(subject: str, *, city: str = "") -> dict[str, list[int | None]]:
    (sheet,) = [sheet for sheet in statistics(is_open=False, city=city).sheets if sheet.subject.name == subject]
    return {row.name: list(row.numbers) for row in sheet.rows}


def test_certificates_are_counted_by_city_state_month_age_and_size() -> None:
    make_some(3, "A", born=date(2001, 11, 24))
    make_some(2, "C1", region="360102")
    make_some(1, "C3", region="360102", born=date(2001, 11, 23))
    Certificate.objects.filter(category="C3").update(legal_state=LegalState.CANCELLED)
    run_nightly("statistics")
    assert numbers_of("state") == {"南昌市": [0, 0, 2, 2], "九江市": [3, 0, 0, 3]}
    assert numbers_of("states") == {"有效": [3, 0, 2, 5], "注销": [0, 0, 1, 1]}
    assert numbers_of("issued")["2026年10月"] == [3, 0, 3, 6]
    assert len(numbers_of("issued")) == len(numbers_of("ends")) == 12
    assert sum(row[-1] for row in numbers_of("ends").values()) == 5
    ages = numbers_of("age")
    assert ages["25 岁以下"][-1] == 3, "a day before the birthday one is still younger"
    assert ages["35–44 岁"][-1] == 2
    assert numbers_of("size")["10 本以下"] == [3, 0, 2, 5]
    assert numbers_of("state", city="360400") == {"九江市": [3, 0, 0, 3]}


def test_what_an_import_brought_by_mistake_is_not_counted() -> None:
    make_some(2, "A")
    Certificate.objects.update(taken_back_at=NOW)
    refresh(now=NOW)
    assert numbers_of("state") == {}


def test_applications_are_counted_by_kind_and_outcome() -> None:
    world = ExtensionWorld()
    world.file()
    refresh(now=NOW)
    assert numbers_of("outcome") == {"证书延续": [1, 0, 0, 0, 0, 1]}


def test_bands_and_months() -> None:
    assert [band_of(age, AGES) for age in (0, 24, 25, 59, 60, 99)] == ["0", "0", "1", "4", "5", "5"]
    assert [band_of(size, SIZES) for size in (1, 10, 299, 300)] == ["0", "1", "2", "3"]
    assert months_until(NOW.date())[0] == date(2025, 12, 1)
    assert months_until(NOW.date())[-1] == months_from(NOW.date())[0] == date(2026, 11, 1)
    assert months_from(date(2026, 1, 31))[1] == date(2026, 2, 1)


def test_the_open_page_hides_small_cells_everywhere(client: Client) -> None:
    make_some(12, "A")
    make_some(7, "C1", region="360102")
    make_some(11, "C2", region="360102")
    make_some(14, "A", region="360102")
    refresh(now=NOW)
    assert numbers_of("state") == {"南昌市": [14, 0, 18, 32], "九江市": [12, 0, 0, 12]}
    make_some(4, "C1")
    refresh(now=NOW)
    page = client.get("/statistics/").text
    table = page.split('id="h-state"')[1].split("</section>")[0]
    assert "&lt;10" in table
    assert table.count("不列") >= 2
    assert not re.search(r">\s*4\s*<", table)
    assert "重新统计" not in page
    for form in ("csv", "xlsx"):
        content = client.get(f"/statistics/{form}/").content
        rows = (
            list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
            if form == "csv"
            else [[cell.value or "" for cell in row] for row in load_workbook(io.BytesIO(content)).active]
        )
        found = {(row[1], row[2]): row[3] for row in rows if row[0] == "各设区市有效证书数"}
        assert found["九江市", "C"] == "<10"
        assert found["九江市", "A"] == "不列"
        assert {row[0] for row in rows} >= {title for title, *_ in subjects_in_words()}
    assert client.get("/statistics/pdf/").status_code == 404


def test_an_office_sees_all_and_narrows_to_a_city(client: Client) -> None:
    make_some(4, "C1")
    refresh(now=NOW)
    client.force_login(make_staff(make_office(), Duty.REVIEW))
    table = client.get("/office/statistics/").text.split('id="h-state"')[1].split("</section>")[0]
    assert "不列" not in table
    assert re.search(r">\s*4\s*<", table)
    assert 'id="h-state"' not in client.get("/office/statistics/?city=360100").text
    assert 'id="h-state"' in client.get("/office/statistics/?city=x").text
    assert "九江市,C,4" in client.get("/office/statistics/file/csv/?city=360400").content.decode("utf-8-sig")


def test_the_button_queues_one_job(client: Client, run_jobs: Callable[[], object]) -> None:
    client.force_login(make_staff(make_office(), Duty.REVIEW))
    first = client.post("/office/statistics/refresh/", follow=True).text
    second = client.post("/office/statistics/refresh/", follow=True).text
    assert "已开始重新统计" in first
    assert "不需要再按" in second
    make_some(1, "A")
    run_jobs()
    assert Figure.objects.filter(subject="state").count() == 1


def test_the_page_has_no_style_and_charts_say_what_they_show(client: Client) -> None:
    make_some(12, "A")
    refresh(now=NOW)
    page = client.get("/statistics/").text
    assert "style=" not in page
    for svg in re.findall(r'<svg viewBox="0 0 620.*?</svg>', page, re.DOTALL):
        assert re.search(r"<title id=\"t-\w+\">\S", svg)
        assert re.search(r"<desc id=\"d-\w+\">(横条图|柱形图)。", svg)
    assert "九江市最多" in page or "九江市" in page


def test_the_cost_does_not_grow(client: Client, count_queries: Any) -> None:
    empty = count_queries(lambda: client.get("/statistics/"))
    make_some(3, "A")
    make_some(3, "C1", region="360102")
    refresh(now=NOW)
    assert count_queries(lambda: client.get("/statistics/")) == empty <= 4


def test_counting_takes_the_same_statements_for_many(count_queries: Any) -> None:
    make_some(1, "A")
    one = count_queries(lambda: refresh(now=NOW))
    make_some(8, "A", region="360102")
    assert count_queries(lambda: refresh(now=NOW + timedelta(days=1))) == one
    assert set(Figure.objects.values_list("counted_at", flat=True)) == {NOW + timedelta(days=1)}


def test_every_subject_has_words() -> None:
    for subject in SUBJECTS:
        assert subject.meaning.endswith("。")
        assert len(subject.columns) <= 5
