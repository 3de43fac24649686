"""The head of section reads stored figures: counted by a job, each leading to its list, at the same cost for many."""

from __future__ import annotations

import io
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from pyhanko.pdf_utils.reader import PdfFileReader

from accounts.enums import Duty
from administration.calendar.working_days import load_working_days
from administration.models import Office
from administration.nightly import run_nightly
from tests.clock import Clock
from tests.factories import actor, make_office, make_staff
from tests.workflow.browsing import NOW, browser, words
from tests.workflow.test_handing_over import Section
from workflow.enums import Band
from workflow.models import Application, DeskFigure, DeskTime, LateWeek
from workflow.selectors.head import WEEKS, Load, board_of
from workflow.services.figures import band_of, count_desks, count_times, share_of
from workflow.views.weekly_report import draw_report

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]
HEAD = "/office/head/"
TODAY = NOW.date()


def due(case: Application, day: date) -> None:
    Application.objects.filter(pk=case.pk).update(due_on=day)


def made() -> Section:
    """Four cases: one ahead, one today, one late by some days and assigned, one very late."""
    section = Section(cases=4)
    for case, days in zip(section.cases, (9, 0, -4, -40), strict=True):
        due(case, TODAY + timedelta(days=days))
    section.give(section.first, section.cases[2])
    count_desks(now=NOW)
    return section


def test_the_board_sums_by_office_kind_clerk_and_age() -> None:
    section = made()
    board = board_of(actor(section.head))
    assert (board.whole.open, board.whole.today, board.whole.late, board.whole.free) == (4, 1, 2, 3)
    assert board.whole.came == 4
    assert board.whole.oldest == TODAY - timedelta(days=40)
    (row,) = board.offices
    assert (row.load.name, row.load.open, row.load.late) == (section.office.name, 4, 2)
    assert [load.name for load in board.kinds] == ["证书延续"]
    assert {load.name: (load.open, load.late) for load in board.people} == {"还没有承办人": (3, 1), "甲审": (1, 1)}
    assert sum(number for _, _, number, _ in board.ages) == 4
    assert [number for _, _, number, _ in board.ages][-1] == 1
    assert row.weeks == [0] * (WEEKS - 1) + [2]


def test_each_number_leads_to_its_list() -> None:
    section = made()
    client = browser(section.head)
    board = board_of(actor(section.head))
    lists = [
        (board.whole.url, 4), (board.whole.today_url, 1), (board.whole.late_url, 2), (board.whole.free_url, 3),
        (board.kinds[0].url, 4), (board.kinds[0].late_url, 2), (board.offices[0].load.url, 4),
        *((load.url, load.open) for load in board.people), *((load.late_url, load.late) for load in board.people),
    ]  # fmt: skip
    for url, number in lists:
        answer = client.get(url)
        assert answer.status_code == 200
        assert len(answer.context["rows"]) == number, url


def test_the_province_sees_every_office_and_a_city_its_own(client: Any) -> None:
    section = made()
    province = make_staff(section.province.provincial, Duty.HEAD)
    page = words(browser(province).get(HEAD))
    assert "全省办理情况" in page
    assert section.office.name in page
    late = board_of(actor(province)).offices[0].load.late_url
    assert len(browser(province).get(late).context["rows"]) == 2
    elsewhere = make_staff(Office.objects.get(name="九江市住房和城乡建设局"), Duty.HEAD)
    board = board_of(actor(elsewhere))
    assert (board.whole.open, list(board.offices)) == (0, [])
    assert section.office.name not in words(browser(elsewhere).get(HEAD))


@pytest.mark.parametrize("duty", [Duty.REVIEW, Duty.DECIDE, Duty.REGISTRY])
def test_nobody_else_enters(duty: Duty) -> None:
    client = browser(make_staff(make_office(), duty))
    assert client.get(HEAD).status_code == 403
    assert client.get(f"{HEAD}report/").status_code == 403
    assert client.get(f"{HEAD}report.pdf").status_code == 403


def test_the_report_has_what_the_page_shows() -> None:
    section = made()
    answer = browser(section.head).get(f"{HEAD}report/")
    assert f"weekly-report-{TODAY:%Y%m%d}.xlsx" in answer["Content-Disposition"]
    rows = [[cell.value or "" for cell in row] for row in load_workbook(io.BytesIO(answer.content)).active]
    assert rows[1][:5] == ["合计", "全部", "4", "1", "2"]
    office = next(row for row in rows if row[1] == section.office.name)
    assert office[-1] == "0、0、0、0、0、0、0、2"
    assert {row[0] for row in rows} >= {"机关", "业务", "承办人", "期限", "统计时间", "说明"}


def test_the_report_on_paper_has_what_the_page_shows(tmp_path: Path) -> None:
    section = made()
    answer = browser(section.head).get(f"{HEAD}report.pdf")
    assert f"weekly-report-{TODAY:%Y%m%d}.pdf" in answer["Content-Disposition"]
    reader = PdfFileReader(io.BytesIO(answer.content))
    assert reader.root["/Pages"]["/Count"] >= 1
    if shutil.which("pdftotext"):
        file = tmp_path / "report.pdf"
        file.write_bytes(answer.content)
        said = subprocess.run(["pdftotext", "-layout", file, "-"], capture_output=True, text=True, check=True).stdout
        for words_of_it in (
            "办理情况周报",
            section.office.name,
            "甲审",
            "证书延续",
            "0、0、0、0、0、0、0、2",
            "超期 5 个工作日以上",
        ):
            assert words_of_it in said, words_of_it


def test_a_long_report_goes_on_over_pages_and_signs_without_a_font_stop_nothing() -> None:
    board = board_of(actor(made().head))
    rows = [replace(board.offices[0], load=Load(f"{'甚长的机关名称' * 9}\U0001f600{place}")) for place in range(90)]
    pdf = draw_report(replace(board, offices=rows), office="示例局", today=TODAY)
    assert PdfFileReader(io.BytesIO(pdf)).root["/Pages"]["/Count"] >= 4


def test_the_last_count_of_a_week_stays_and_weeks_go_on(clock: Clock) -> None:
    section = made()
    count_desks(now=NOW)
    assert LateWeek.objects.get().late == 2
    later = NOW + timedelta(weeks=1)
    clock.stop_at(later)
    count_desks(now=later)
    assert list(board_of(actor(section.head)).offices[0].weeks)[-2:] == [2, 3]


def test_bands_are_of_working_days() -> None:
    days = load_working_days()
    friday = date(2026, 11, 20)
    assert band_of(friday, date(2026, 11, 21), days) == Band.FEW, "a Saturday after the limit"
    assert band_of(friday, date(2026, 11, 24), days) == Band.FEW
    assert band_of(friday, date(2026, 11, 25), days) == Band.SOME
    assert band_of(friday, date(2026, 11, 30), days) == Band.MANY
    assert band_of(friday, friday, days) == Band.TODAY
    assert band_of(None, friday, days) == Band.NONE


def test_shares_of_a_distribution() -> None:
    assert share_of(Counter({1: 5, 2: 4, 30: 1}), 50) == 1
    assert share_of(Counter({1: 5, 2: 4, 30: 1}), 90) == 2
    assert share_of(Counter({3: 1}), 90) == 3
    assert share_of(Counter(), 50) is None


def test_times_are_told_by_city_and_for_the_province() -> None:
    section = made()
    (case, *_) = section.cases
    Application.objects.filter(pk=case.pk).update(
        status="approved", desk="", holder_office=None, due_on=None, assignee=None,
        first_submitted_at=NOW - timedelta(days=14), accepted_at=NOW - timedelta(days=7), closed_at=NOW,
    )  # fmt: skip
    run_nightly("desk_times")
    count_times(now=NOW)
    times = {
        one.city: (one.accept_median, one.accept_most, one.decide_median) for one in DeskTime.objects.order_by("id")
    }
    assert times == {"": (5, 5, 5), f"{case.region_id[:4]}00": (5, 5, 5)}
    count_desks(now=NOW)
    assert board_of(actor(section.head)).offices[0].accept == "5 / 5"


def test_the_page_costs_the_same_for_many_and_counts_no_case(
    count_queries: Callable[[Callable[[], object]], int],
) -> None:
    section = made()
    client = browser(section.head)
    few = count_queries(lambda: client.get(HEAD))
    for user in (section.first, section.second):
        for kind in ("first_issue", "correction", "employer_change"):
            DeskFigure.objects.create(
                office=section.office, desk="municipal", kind=kind, assignee=user, band=Band.AHEAD, number=3, came=0,
                counted_at=NOW,
            )  # fmt: skip
    assert count_queries(lambda: client.get(HEAD)) == few
    counted = count_queries(lambda: count_desks(now=NOW))
    made()
    assert count_queries(lambda: count_desks(now=NOW)) == counted


def test_an_empty_office_has_an_empty_board() -> None:
    page = words(browser(make_staff(make_office(), Duty.HEAD)).get(HEAD))
    assert "现在没有待办" in page
