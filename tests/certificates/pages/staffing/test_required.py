"""Who must hold which certificate, who can use one, and the cheapest way out of a shortfall."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Person
from administration.models import AuditEntry, Parameter
from administration.parameters.book import ParameterBook
from administration.parameters.declared import OFFICERS
from certificates.enums import DisplayStatus
from certificates.models import Certificate
from certificates.pages.staffing.board import Board
from certificates.pages.staffing.required import Need, needs_of
from enterprises.enums import EnterpriseGrade
from enterprises.models import Enterprise
from tests.factories import make_certificate, make_employment, make_enterprise, make_operator, make_person
from tests.pace import pace

pytestmark = pytest.mark.django_db
ADDRESS = "/enterprise/staff/"


@pytest.fixture
def enterprise() -> Enterprise:
    return make_enterprise("江西䶮甲建设有限公司", grades=["general_first"])


@pytest.fixture
def door(client: Client, enterprise: Enterprise) -> Client:
    client.force_login(make_operator(enterprise))
    return client


def employ(
    enterprise: Enterprise, *categories: str, post: str = "08", status: DisplayStatus = DisplayStatus.NORMAL
) -> Person:
    person = make_person()
    make_employment(person, enterprise, post)
    for category in categories:
        certificate = make_certificate(person, enterprise, category)
        Certificate.objects.filter(pk=certificate.pk).update(display_status=status)
    return person


def needs(enterprise: Enterprise, *, day: date | None = None) -> dict[str, Need]:
    board = Board(enterprise.pk, day or timezone.localdate())
    return {need.letter: need for need in needs_of(board, enterprise.grades, ParameterBook.load())}


def test_every_grade_has_its_figure_with_the_law_in_its_row() -> None:
    assert [key for key, _, _ in OFFICERS] == EnterpriseGrade.values
    rows = Parameter.objects.filter(key__startswith="safety_officers_")
    assert rows.count() == len(OFFICERS)
    assert set(rows.values_list("document_number", flat=True)) == {"建质〔2008〕91号第八条"}


@pytest.mark.parametrize(
    ("grades", "required"),
    [
        (["general_special"], 6),
        (["general_first"], 4),
        (["general_second"], 3),
        (["professional_first"], 3),
        (["professional_second"], 2),
        (["labour"], 2),
        (["branch"], 2),
        (["labour", "general_second"], 3),
        ([], None),
    ],
)
def test_officers_by_qualification(enterprise: Enterprise, grades: list[str], required: int | None) -> None:
    enterprise.grades = grades
    found = needs(enterprise)["C"]
    assert (found.required, found.missing) == (required, required or 0)


def test_the_province_changes_the_figure_from_a_day_on(enterprise: Enterprise) -> None:
    day = timezone.localdate() + timedelta(days=10)
    Parameter.objects.create(
        key="safety_officers_general_first", value=7, effective_from=day, document_number="赣建安〔2026〕1号"
    )
    assert needs(enterprise, day=day - timedelta(days=1))["C"].required == 4
    later = needs(enterprise, day=day)["C"]
    assert later.required == 7
    assert "赣建安〔2026〕1号" in later.basis


def test_people_count_once_and_only_those_employed_here(enterprise: Enterprise) -> None:
    employ(enterprise, "C1", "C2")
    make_certificate(make_person(), enterprise, "C1")
    employ(make_enterprise(), "C1")
    found = needs(enterprise)["C"]
    assert (found.present, found.unusable, found.missing) == (1, 0, 3)


def test_restoring_is_the_cheapest_way(enterprise: Enterprise) -> None:
    for _ in range(3):
        employ(enterprise, "C2")
    for _ in range(2):
        employ(enterprise, "C2", status=DisplayStatus.ABNORMAL)
    found = needs(enterprise)["C"]
    assert (found.present, found.missing) == (3, 1)
    assert found.way_out == "另有 2 人的C证为异常状态，恢复 1 人的就够。"
    assert [cure.url_name for cure in found.cures] == ["certificates:staff"]


def test_what_restoring_does_not_cover_is_examined_or_employed(enterprise: Enterprise) -> None:
    employ(enterprise, "C2", status=DisplayStatus.ABNORMAL)
    found = needs(enterprise)["C"]
    assert found.way_out == "另有 1 人的C证为异常状态，恢复后还差 3 人：为在聘人员报名考试，或者聘用已持证的人员。"
    assert [cure.url_name for cure in found.cures] == ["certificates:staff", "exams:enterprise", "employment:propose"]


def test_leaders_need_a_and_project_managers_b(enterprise: Enterprise) -> None:
    employ(enterprise, "A", post="01")
    employ(enterprise, "C1", post="05")
    employ(enterprise, post="07")
    found = needs(enterprise)
    assert (found["A"].required, found["A"].present, found["A"].missing) == (2, 1, 1)
    assert (found["B"].required, found["B"].present, found["B"].missing) == (1, 0, 1)


def test_the_board_shows_the_shortfall_with_links_that_work(door: Client, enterprise: Enterprise) -> None:
    employ(enterprise, "C2", status=DisplayStatus.ABNORMAL)
    page = door.get(ADDRESS).text
    assert "专职安全生产管理人员还差 4 人" in page
    assert "建质〔2008〕91号第八条" in page
    for need in needs(enterprise).values():
        for cure in need.cures:
            assert cure.label in page


def test_without_a_qualification_it_is_asked_for_and_saved(door: Client, enterprise: Enterprise) -> None:
    Enterprise.objects.filter(pk=enterprise.pk).update(grades=[])
    employ(enterprise, "C2")
    page = door.get(ADDRESS).text
    assert "还没有填写本企业的资质" in page
    assert "还差" not in page.partition("<details")[0]
    data = {"address": "", "phone": "0791-86000000", "grades": ["labour", "general_second"]}
    assert door.post("/enterprise/profile/", data).status_code == 302
    enterprise.refresh_from_db()
    assert enterprise.grades == ["general_second", "labour"]
    assert AuditEntry.objects.get(action="enterprise.contact").detail["changed"] == ["phone", "grades"]
    assert door.post("/enterprise/profile/", {**data, "grades": ["owner"]}).status_code == 400


def test_the_board_takes_the_same_queries_for_one_and_many(
    door: Client, enterprise: Enterprise, count_queries: Callable[[Callable[[], object]], int]
) -> None:
    employ(enterprise, "C2")
    door.get(ADDRESS)
    one = count_queries(lambda: door.get(ADDRESS))
    for post in ("01", "07", "08"):
        employ(enterprise, "A", "C1", post=post, status=DisplayStatus.ABNORMAL)
    assert count_queries(lambda: door.get(ADDRESS)) == one


def test_figures_of_two_thousand_people_cost_little(enterprise: Enterprise) -> None:
    """The board is read once for all; comparing it costs no statement and some milliseconds."""
    employ(enterprise, "C2")
    board = Board(enterprise.pk, timezone.localdate())
    job, held = next(iter(board.roster.jobs.values())), board.roster.held[0]
    board.roster.__dict__["jobs"] = dict.fromkeys(range(2000), job)
    board.roster.__dict__["held"] = [type(held)(n, n, "C2", held.ends_on, "normal") for n in range(2000)]
    book, before = ParameterBook.load(), time.process_time()
    (_, _, officers) = needs_of(board, enterprise.grades, book)
    assert officers.present == 2000
    assert time.process_time() - before < 0.3 * pace()
