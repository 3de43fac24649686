"""Whoever lacks the right that a form needs reads so at the top of the page, before anything is typed."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import User
from employment.models import Employment
from enterprises.ca_login.backend import BACKEND
from enterprises.enums import OperatorRole
from enterprises.models import Enterprise
from tests.clock import Clock
from tests.exams.exam_world import make_batch
from tests.factories import make_certificate, make_employment, make_enterprise, make_operator, make_person
from tests.worlds.base import NOW, TODAY
from tests.worlds.extension import ExtensionWorld

pytestmark = pytest.mark.django_db
NOTE = "这一页上需要提交的内容您只能查看"


@pytest.fixture(autouse=True)
def today(clock: Clock) -> None:
    clock.stop_at(NOW)


class Firm:
    """A firm with a manager, somebody employed, a certificate, a batch to sign up for and a case to confirm."""

    def __init__(self) -> None:
        world = ExtensionWorld()
        self.case = world.file()
        self.enterprise: Enterprise = world.enterprise
        self.manager: User = world.operator
        self.batch = make_batch()
        person = make_person("在聘人")
        self.employment: Employment = make_employment(person, self.enterprise, "08", contract_to=TODAY)
        make_certificate(person, self.enterprise, "C2")

    def forms(self) -> list[str]:
        return [
            "/enterprise/employment/new/",
            "/enterprise/employment/list/",
            "/enterprise/employment/contracts/?within=all",
            f"/enterprise/employment/{self.employment.pk}/end/",
            f"/enterprise/employment/{self.employment.pk}/renew/",
            f"/enterprise/exams/{self.batch.pk}/",
            "/enterprise/profile/",
            "/enterprise/staff/",
            "/applications/new/enterprise_rename/",
        ]


def door(user: User) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def note_on(client: Client, address: str) -> str:
    """Answers what stands between the note and the heading; an empty text where there is no note."""
    answer = client.get(address)
    assert answer.status_code == 200, address
    page = answer.text
    if NOTE not in page:
        return ""
    assert page.index(NOTE) < page.index("<h1"), address
    return page.partition(NOTE)[2].partition("<h1")[0]


def test_a_reader_is_told_on_every_form_of_the_enterprise() -> None:
    firm = Firm()
    reader = door(make_operator(firm.enterprise, "周查阅", role=OperatorRole.READER))
    manager = door(firm.manager)
    for address in firm.forms():
        assert firm.manager.name in note_on(reader, address), address
        assert not note_on(manager, address), address


def test_a_clerk_is_told_where_only_confirming_or_managing_is_asked() -> None:
    firm = Firm()
    clerk = door(make_operator(firm.enterprise, "阿依古丽·买买提", role=OperatorRole.CLERK))
    for address in firm.forms():
        assert not note_on(clerk, address), address
    assert "打开您的业务确认" in note_on(clerk, "/enterprise/confirmations/")
    one = clerk.get(f"/enterprise/confirmations/{firm.case.number}/").text
    assert 'name="comment"' not in one, "what cannot be sent is not offered"
    assert "您没有业务确认的权限" in one


def test_pages_that_only_read_and_export_tell_a_reader_nothing() -> None:
    firm = Firm()
    reader = door(make_operator(firm.enterprise, "周查阅", role=OperatorRole.READER))
    for address in (
        "/enterprise/",
        "/enterprise/deadlines/",
        "/enterprise/changes/",
        "/messages/",
        "/enterprise/keys/",
    ):
        assert not note_on(reader, address), address
    assert "全部标为已读" not in reader.get("/messages/").text
    assert "全部标为已读" in door(firm.manager).get("/messages/").text


def test_who_is_no_operator_is_told_nothing() -> None:
    person = make_person("王芳")
    assert person.user is not None
    assert NOTE not in door(person.user).get("/person/profile/").text


def test_a_firm_without_a_manager_reads_how_to_get_one() -> None:
    enterprise = make_enterprise()
    reader = door(make_operator(enterprise, "周查阅", role=OperatorRole.READER))
    assert "没有能登录的管理员" in note_on(reader, "/enterprise/profile/")
