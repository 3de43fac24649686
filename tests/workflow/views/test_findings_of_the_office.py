"""Small findings of a trial of the back office, each as it was met; the large ones have tests of their own."""

from __future__ import annotations

import re

import pytest

from accounts.enums import Duty, Sphere
from accounts.models import User
from tests.factories import make_certificate, make_enterprise, make_person, make_staff
from tests.workflow.browsing import browser, words
from tests.workflow.test_handing_over import QUEUE, Section

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


@pytest.mark.parametrize("action", ["return", "reject"])
def test_office_m1_a_missing_reason_is_told_in_chinese(action: str) -> None:
    section = Section()
    page = browser(section.first).post(QUEUE, {"action": action, "picked": [section.case.pk]})
    assert page.status_code == 400
    assert "请写明原因，会告诉每一位申请人" in words(page)
    assert "Comment" not in page.text


@pytest.mark.parametrize("table", ["employment/employment", "workflow/application"])
def test_office_m2_registries_have_no_english_headers(table: str) -> None:
    section = Section()
    keeper = make_staff(section.province.provincial, Duty.REGISTRY)
    page = browser(keeper).get(f"/office/registry/{table}/")
    assert page.status_code == 200
    headers = re.findall(r"<th[^>]*>(.*?)</th>", page.text, re.DOTALL)
    plain = [re.sub(r"<[^>]+>", "", header).strip() for header in headers]
    assert plain
    assert [header for header in plain if re.search(r"[a-z]{3,}", header)] == []


def test_office_m10_a_certificate_is_found_without_its_brackets() -> None:
    section = Section()
    keeper = browser(make_staff(section.province.provincial, Duty.REGISTRY))
    certificate = make_certificate(make_person("欧阳䶮"), make_enterprise(), "C1")
    bare = re.sub(r"[（）()]", "", certificate.number)
    assert bare != certificate.number
    assert "欧阳䶮" in words(keeper.get("/office/certificates/", {"q": bare}))


def test_office_m17_the_address_of_a_search_can_be_opened_by_hand() -> None:
    auditor = User.objects.create(login="auditor", sphere=Sphere.AUDIT_ADMIN, name="审计管理员")
    page = browser(auditor).get("/office/audit/person/", follow=True)
    assert len(words(page)) > 40
