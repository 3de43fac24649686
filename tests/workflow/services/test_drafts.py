"""删除草稿: the filer's own draft goes for good, with its files; nothing that was submitted ever does."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from administration.models import AuditEntry
from certificates.models import CertificateItem
from common.findings import Refused
from tests.factories import Province, actor, make_enterprise, make_operator, make_person
from tests.workflow.browsing import NOW, browser, words
from tests.worlds.base import scan
from tests.worlds.employment_start import EmploymentStartWorld
from tests.worlds.extension import ExtensionWorld
from tests.worlds.late_entry import LateEntryWorld
from workflow.enums import Action, Status
from workflow.models import Application, Attachment
from workflow.services.acting import act
from workflow.services.filing import attach, create_draft, discard_draft

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


@pytest.fixture
def world() -> LateEntryWorld:
    return LateEntryWorld()


@pytest.fixture
def draft(world: LateEntryWorld) -> Application:
    made = create_draft(case=world.case(), actor=world.filer, now=NOW)
    attach(made.pk, kind="certificate", upload=scan(), actor=world.filer)
    return made


def address(application: Application) -> str:
    return f"/applications/{application.number}/discard/"


def test_one_question_then_it_is_gone_with_its_files(
    world: LateEntryWorld, draft: Application, django_capture_on_commit_callbacks: Any
) -> None:
    file = Attachment.objects.get().file
    client = browser(world.person_user)
    assert address(draft) in client.get("/applications/").text
    assert address(draft) in client.get(f"/applications/{draft.number}/edit/").text
    asked = words(client.get(address(draft)))
    assert "确定删除这份草稿吗" in asked
    assert "1个文件" in asked
    assert Application.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(address(draft), follow=True)
    assert f"草稿{draft.number}已删除" in words(answer)
    assert not Application.objects.exists()
    assert not Attachment.objects.exists()
    assert not CertificateItem.objects.exists()
    assert not file.storage.exists(file.name)
    entry = AuditEntry.objects.get(action="discard_draft")
    assert (entry.object_id, entry.detail) == (
        str(draft.pk),
        {"number": draft.number, "kind": "late_entry", "files": 1},
    )
    assert client.post(address(draft)).status_code == 404


def test_what_was_submitted_stays(world: LateEntryWorld) -> None:
    application = world.file(NOW)
    client = browser(world.person_user)
    for answer in (client.get(address(application), follow=True), client.post(address(application), follow=True)):
        assert "申请已经提交，不能删除" in words(answer)
    act(application.pk, action=Action.RETURN, actor=world.holder(application), comment="请补正", now=NOW)
    application.refresh_from_db()
    assert application.status == Status.RETURNED
    with pytest.raises(Refused) as refused:
        discard_draft(application.pk, actor=world.filer)
    assert [finding.code for finding in refused.value.findings] == ["workflow.not_a_draft"]
    assert "删除草稿" not in words(client.get(f"/applications/{application.number}/edit/"))
    act(application.pk, action=Action.WITHDRAW, actor=world.filer, now=NOW)
    with pytest.raises(Refused):
        discard_draft(application.pk, actor=world.filer)
    assert Application.objects.filter(pk=application.pk).exists()
    assert not AuditEntry.objects.filter(action="discard_draft").exists()


def test_it_is_nobody_elses(world: LateEntryWorld, draft: Application) -> None:
    others = [make_person().user, make_operator(make_enterprise()), world.operator]
    for user in others:
        client: Client = browser(user)
        assert client.post(address(draft)).status_code == 404
        with pytest.raises(Refused):
            discard_draft(draft.pk, actor=actor(user))
    assert browser(world.province.decider).post(address(draft)).status_code == 403
    assert Application.objects.filter(pk=draft.pk).exists()


def test_an_enterprise_deletes_its_own() -> None:
    world = EmploymentStartWorld(Province())
    made = create_draft(case=replace(world.case(), payload={}), actor=world.filer, now=NOW)
    client = browser(world.operator)
    assert "删除草稿" in words(client.get("/enterprise/applications/"))
    answer = client.post(address(made))
    assert answer["Location"] == "/enterprise/applications/"
    assert not Application.objects.exists()


def test_afterwards_the_same_is_started_anew() -> None:
    world = ExtensionWorld()
    first = create_draft(case=world.case(), actor=world.filer, now=NOW)
    discard_draft(first.pk, actor=world.filer)
    assert create_draft(case=world.case(), actor=world.filer, now=NOW).pk != first.pk


# --- links to what cannot be opened ---


def test_a_message_about_a_case_that_was_withdrawn_before_the_office_acted_leads_nowhere() -> None:
    world = LateEntryWorld()
    application = world.file(NOW)
    office = browser(world.province.reviewer)
    assert f"/messages/{_message(world).pk}/open/" in office.get("/messages/").text
    assert "不需要您再处理" not in words(office.get("/messages/"))
    act(application.pk, action=Action.WITHDRAW, actor=world.filer, now=NOW)
    assert "不在本部门，结果：已撤回" in office.get(f"/applications/{application.number}/", follow=True).text
    page = office.get("/messages/")
    assert "该办件已撤回或已转由他人办理，不需要您再处理" in words(page)
    assert "查看" not in words(page).split("筛选")[-1]
    answer = office.post(f"/messages/{_message(world).pk}/open/")
    assert answer["Location"] == "/messages/"
    assert _message(world).read_at is not None
    # The applicant still opens what is theirs.
    assert "不需要您再处理" not in words(browser(world.person_user).get("/messages/"))


def _message(world: LateEntryWorld) -> Any:
    return world.province.municipal.mailbox.messages.order_by("-pk")[0]
