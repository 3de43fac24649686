"""变动记录: who came and left, what became of certificates and which cases have ended, as a page and as a workbook."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from openpyxl import load_workbook

from administration.models import AuditEntry
from certificates.models import CertificateEvent
from employment.models import Employment
from portal.staff_changes import views
from tests.clock import Clock
from tests.crowd import certify, employ, names, people_named
from tests.factories import make_certificate, make_employment, make_enterprise, make_operator, make_person
from tests.workflow.browsing import browser, words
from tests.worlds.base import NOW, TODAY
from tests.worlds.extension import ExtensionWorld
from workflow.models import Application

pytestmark = pytest.mark.django_db
PAGE = "/enterprise/changes/"
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def today(clock: Clock) -> None:
    clock.stop_at(NOW)


def test_of_thirty_days_the_latest_first_and_by_kind() -> None:
    enterprise = make_enterprise()
    joined = make_employment(make_person("欧阳·䶮"), enterprise, "08")
    left, gone = (make_employment(make_person(name), enterprise, "08") for name in ("离职者", "早已离职"))
    Employment.objects.filter(pk=joined.pk).update(started_at=NOW - DAY)
    Employment.objects.filter(pk=left.pk).update(
        started_at=NOW - 90 * DAY, ended_at=NOW - 2 * DAY, end_reason="by_enterprise"
    )
    Employment.objects.filter(pk=gone.pk).update(
        started_at=NOW - 90 * DAY, ended_at=NOW - 31 * DAY, end_reason="by_enterprise"
    )
    certificate = make_certificate(left.person, enterprise, "C2")
    for days, operation in ((3, "02"), (40, "09")):
        CertificateEvent.objects.create(
            certificate=certificate, at=NOW - days * DAY, effective_on=TODAY, operation=operation, state_after="01"
        )
    make_employment(make_person("别家的人"), make_enterprise(), "08")
    client = browser(make_operator(enterprise))
    page = words(client.get(PAGE))
    places = [
        page.index(one)
        for one in ("2026年11月22日", "欧阳·䶮", "2026年11月21日", "离职者", f"{certificate.number}：延续")
    ]
    assert places == sorted(places)
    assert "早已离职" not in page
    assert "别家的人" not in page
    assert "：变更" not in page
    page = words(client.get(f"{PAGE}?kind=left"))
    assert "离职者" in page
    assert "欧阳·䶮" not in page
    assert "欧阳·䶮" in words(client.get(f"{PAGE}?kind=x&page=x"))


def test_a_case_that_has_ended_leads_to_itself_and_strangers_are_masked() -> None:
    world = ExtensionWorld()
    application, strange = world.file(), world.another().file()
    Application.objects.filter(pk__in=[application.pk, strange.pk]).update(
        status="withdrawn",
        desk="",
        holder_person=None,
        holder_enterprise=None,
        holder_office=None,
        due_on=None,
        closed_at=NOW - DAY,
        assignee=None,
    )
    Employment.objects.filter(person=strange.person).delete()
    client = browser(world.operator)
    answer = client.get(f"{PAGE}?kind=case")
    page = words(answer)
    assert f"证书延续{application.number}：" in page
    assert world.person.name in page
    assert strange.number in page
    assert page.count(world.person.name) == 1
    link = f"/applications/{application.number}/"
    assert f'href="{link}"' in answer.content.decode()
    assert client.get(link).status_code == 200


def test_the_workbook_is_noted_and_takes_no_formula() -> None:
    enterprise = make_enterprise()
    employment = make_employment(make_person("=欧阳"), enterprise, "08")
    Employment.objects.filter(pk=employment.pk).update(started_at=NOW)
    client = browser(make_operator(enterprise))
    sheet = load_workbook(io.BytesIO(client.post(f"{PAGE}export/").content)).active
    assert sheet is not None
    titles, row = sheet.iter_rows(values_only=True)
    assert titles == ("时间", "类别", "姓名", "内容")
    assert (row[0], row[1], row[2]) == ("2026年11月23日 10:00", "新聘用", "'=欧阳")
    assert AuditEntry.objects.get(action="staff_changes.export").detail["count"] == 1
    assert client.get(f"{PAGE}export/").status_code == 405


def test_persons_and_strangers_are_kept_out() -> None:
    assert Client().get(PAGE).status_code == 302
    assert browser(make_person().user).get(PAGE).status_code == 403


def test_pages_of_fifty_and_the_same_queries_for_1_3_and_300(
    count_queries: Callable[[Callable[[], object]], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    counts = []
    for first, size in ((0, 1), (10, 3), (100, 300)):
        enterprise = make_enterprise()
        people = people_named(names(size), first=first)
        employ(people, enterprise, [TODAY + 400 * DAY] * size)
        certify(people, enterprise, [TODAY + 400 * DAY] * size, first=first + 1)
        Employment.objects.filter(enterprise=enterprise).update(started_at=NOW - DAY)
        client = browser(make_operator(enterprise))
        counts.append(count_queries(lambda c=client: c.get(PAGE)))  # type: ignore[misc]
    assert len(set(counts)) == 1, counts
    monkeypatch.setattr(views, "MOST", 300)
    last = words(client.get(f"{PAGE}?page=6"))
    assert "第6页，共6页" in last
    assert "每一类只列最近的300条" in last
