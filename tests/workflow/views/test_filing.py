"""Starting, filling in and submitting an application by its pages."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse

from administration.models import AuditEntry
from employment.models import Employment
from tests.factories import actor, make_certificate, make_enterprise, make_operator, make_person
from tests.workflow.browsing import FORM, NOW, InspectionWorld, browser, picture, words
from tests.worlds.extension import ExtensionWorld
from workflow.enums import Action, Desk, Status
from workflow.models import Application, Attachment
from workflow.services.acting import act
from workflow.services.filing import create_draft

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


@pytest.fixture
def world() -> ExtensionWorld:
    return ExtensionWorld()


@pytest.fixture
def client(world: ExtensionWorld) -> Client:
    return browser(world.person_user)


def start_page(world: Any) -> str:
    return f"{reverse('workflow:start', args=[world.kind])}?certificate={world.certificate.pk}"


def drafted(world: Any) -> Application:
    return create_draft(case=replace(world.case(), payload={}), actor=world.filer, now=NOW)


def edit_page(application: Application) -> str:
    return reverse("workflow:edit", args=[application.number])


# --- start ---


def test_business_hall_lists_what_a_person_may_file(client: Client) -> None:
    page = client.get("/applications/new/")
    assert "业务办理" in words(page)
    assert reverse("workflow:start", args=["extension"]) in page.text
    assert "证书延续" in words(page)
    assert "聘用关系发起" not in words(page)


def test_enterprise_hall_is_for_enterprises_only(world: ExtensionWorld, client: Client) -> None:
    assert "办事" in words(browser(world.operator).get("/enterprise/services/"))
    assert client.get("/enterprise/services/").status_code == 403


def test_conditions_are_listed_met_and_missing_and_the_button_waits(world: ExtensionWorld, client: Client) -> None:
    world.person.id_photo.name = ""
    world.person.save()
    Employment.objects.all().delete()
    page = client.get(start_page(world))
    text = words(page)
    assert "还差2项" in text
    assert "已完成实名制登记" in text
    assert "未上传个人证件照" in text
    assert 'href="/person/photo/"' in page.text
    assert re.search(r"<button[^>]*disabled[^>]*>填写申请", page.text)
    refused = client.post(start_page(world))
    assert refused.status_code == 409
    assert not Application.objects.exists()


def test_start_makes_one_draft_however_often_it_is_pressed(world: ExtensionWorld, client: Client) -> None:
    page = client.get(start_page(world))
    assert "办理条件全部满足" in words(page)
    assert world.certificate.number in page.text
    first, second = client.post(start_page(world)), client.post(start_page(world))
    assert first.status_code == 302
    assert first.url == second.url
    assert Application.objects.get().status == Status.DRAFT


def test_start_without_a_certificate_offers_the_persons_own(world: ExtensionWorld, client: Client) -> None:
    foreign = make_certificate(make_person("李四"), world.enterprise, "B")
    second = make_certificate(world.person, world.enterprise, "C2")
    page = client.get(reverse("workflow:start", args=["extension"]))
    for own in (world.certificate, second):
        assert f"?certificate={own.pk}" in page.text
    assert foreign.number not in page.text


def test_start_tells_whoever_has_no_certificate(world: ExtensionWorld) -> None:
    page = browser(make_person("李四").user).get(reverse("workflow:start", args=["extension"]))
    assert "没有可以办理这项业务的证书" in words(page)


@pytest.mark.parametrize("query", ["certificate=999999", "certificate=x", "certificate=" + "9" * 40])
def test_start_on_a_foreign_or_senseless_certificate_is_not_found(client: Client, query: str) -> None:
    assert client.get(f"{reverse('workflow:start', args=['extension'])}?{query}").status_code == 404


def test_start_with_a_control_character_is_refused_at_the_entrance(client: Client) -> None:
    assert client.get(f"{reverse('workflow:start', args=['extension'])}?certificate=%00").status_code == 400


def test_foreign_certificate_is_not_found(world: ExtensionWorld, client: Client) -> None:
    foreign = make_certificate(make_person("李四"), world.enterprise, "B")
    address = f"{reverse('workflow:start', args=['extension'])}?certificate={foreign.pk}"
    assert client.get(address).status_code == 404
    assert client.post(address).status_code == 404


def test_unknown_business_is_not_found_and_a_wrong_party_is_told(world: ExtensionWorld, client: Client) -> None:
    assert client.get("/applications/new/no_such_kind/").status_code == 404
    answer = browser(world.operator).get(start_page(world))
    assert answer.status_code == 403
    assert "由个人发起" in words(answer)
    assert browser(None).get(start_page(world)).url.startswith("/login/?next=")


# --- edit ---


def test_incomplete_input_is_saved_as_it_was_typed(world: ExtensionWorld, client: Client) -> None:
    application = drafted(world)
    typed = {"phone": "abc", "note": "姓名含·和𠮷", "save_draft": "1"}
    assert client.post(edit_page(application), typed).status_code == 302
    page = client.get(edit_page(application))
    assert 'value="abc"' in page.text
    assert "姓名含·和𠮷" in page.text
    application.refresh_from_db()
    assert application.status == Status.DRAFT
    assert "phone" not in application.payload


def test_what_looks_like_an_id_number_is_kept_and_never_lies_in_clear(world: ExtensionWorld, client: Client) -> None:
    """A draft that says 已保存 has saved all of it; drafts and submissions are encrypted alike."""
    application = drafted(world)
    client.post(edit_page(application), {"phone": world.person.id_number, "note": "无", "save_draft": "1"})
    application.refresh_from_db()
    assert application.payload["unfinished"] == {"phone": world.person.id_number, "note": "无", "commitment": False}
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(a)::text FROM workflow_application a WHERE id = %s", [application.pk])
        assert str(world.person.id_number) not in cursor.fetchone()[0]


def test_submitting_bad_input_shows_the_field_and_keeps_everything(world: ExtensionWorld, client: Client) -> None:
    application = drafted(world)
    answer = client.post(edit_page(application), {"phone": "12", "note": "说明", "submit": "1"})
    assert answer.status_code == 400
    assert "请填写11位手机号码" in words(answer)
    assert "请阅读并勾选承诺" in words(answer)
    assert "说明" in answer.text
    application.refresh_from_db()
    assert application.payload["unfinished"] == {"phone": "12", "note": "说明", "commitment": False}


def test_submitted_application_goes_on_and_a_second_press_changes_nothing(
    world: ExtensionWorld, client: Client
) -> None:
    application = drafted(world)
    first = client.post(edit_page(application), {**FORM, "submit": "1"})
    second = client.post(edit_page(application), {**FORM, "note": "改过", "submit": "1"})
    assert first.url == second.url == reverse("workflow:detail", args=[application.number])
    application.refresh_from_db()
    assert (application.status, application.desk) == (Status.IN_REVIEW, Desk.EMPLOYER)
    assert application.payload == {"phone": "13800000000", "note": "请尽快办理", "commitment": True}
    assert application.events.count() == 1
    assert "已经提交" in words(client.get(second.url))


def test_refusal_at_submission_names_everything_and_loses_nothing(world: ExtensionWorld, client: Client) -> None:
    application = drafted(world)
    world.person.id_photo.name = ""
    world.person.save()
    Employment.objects.all().delete()
    answer = client.post(edit_page(application), {**FORM, "submit": "1"})
    assert answer.status_code == 409
    assert "未上传个人证件照" in words(answer)
    assert "未登记聘用关系" in words(answer)
    assert "请尽快办理" in answer.text
    application.refresh_from_db()
    assert (application.status, application.payload["note"]) == (Status.DRAFT, "请尽快办理")


def test_drafts_of_others_are_not_found(world: ExtensionWorld, client: Client) -> None:
    application = drafted(world)
    for user in (make_person("李四").user, world.operator, make_operator(make_enterprise())):
        assert browser(user).get(edit_page(application)).status_code == 404
        assert browser(user).post(edit_page(application), FORM).status_code == 404
    assert browser(world.province.reviewer).get(edit_page(application)).status_code == 403


def test_form_that_waited_too_long_gets_a_page_that_says_so(world: ExtensionWorld) -> None:
    application = drafted(world)
    client = browser(world.person_user, csrf=True)
    answer = client.post(edit_page(application), {**FORM, "submit": "1"}, follow=True)
    assert "您填写的内容还在" in answer.text
    application.refresh_from_db()
    assert application.status == Status.DRAFT


# --- evidence ---


def test_upload_survives_a_failed_submit(inspection: InspectionWorld) -> None:
    application, client = drafted(inspection), browser(inspection.person_user)
    answer = client.post(
        edit_page(application), {"phone": "", "submit": "1", "file_scan": [picture(), picture("gray")]}
    )
    assert answer.status_code == 400
    assert "缺少材料" not in words(answer)
    kept = list(Attachment.objects.filter(application=application))
    assert [one.content_type for one in kept] == ["image/jpeg"] * 2
    assert answer.text.count("已上传") == 2
    done = client.post(edit_page(application), {**FORM, "submit": "1"})
    assert done.status_code == 302
    application.refresh_from_db()
    assert application.desk == Desk.COUNTER


def test_missing_evidence_is_named_with_the_other_reasons(inspection: InspectionWorld) -> None:
    application, client = drafted(inspection), browser(inspection.person_user)
    inspection.person.id_photo.name = ""
    inspection.person.save()
    for data, status in (({**FORM, "submit": "1"}, 409), ({"phone": "", "submit": "1"}, 400)):
        answer = client.post(edit_page(application), data)
        assert answer.status_code == status
        assert "缺少材料：证书扫描件" in words(answer)
        assert "未上传个人证件照" in words(answer)


def bad_files() -> list[tuple[SimpleUploadedFile, str]]:
    return [
        (SimpleUploadedFile("说明.docx", b"PK\x03\x04" + b"0" * 100 + b"word/document.xml"), "Word文档"),
        (SimpleUploadedFile("page.jpg", b"<html><script>alert(1)</script>"), "网页（不是照片"),
        (SimpleUploadedFile("大.pdf", b"%PDF-1.7" + b"0" * 10_000_001), "文件太大"),
        (SimpleUploadedFile("空.pdf", b""), "空"),
    ]


@pytest.mark.parametrize("number", range(4))
def test_bad_file_is_named_and_good_ones_are_kept(inspection: InspectionWorld, number: int) -> None:
    file, sentence = bad_files()[number]
    application, client = drafted(inspection), browser(inspection.person_user)
    data = {**FORM, "save_draft": "1", "file_scan": [file], "file_other": [picture()]}
    answer = client.post(edit_page(application), data)
    assert answer.status_code == 400
    assert sentence in words(answer)
    assert [one.kind for one in Attachment.objects.filter(application=application)] == ["other"]
    application.refresh_from_db()
    assert application.payload["note"] == "请尽快办理"


def test_file_is_taken_back_before_submission(inspection: InspectionWorld) -> None:
    application, client = drafted(inspection), browser(inspection.person_user)
    client.post(edit_page(application), {**FORM, "upload": "1", "file_scan": [picture()]})
    kept = Attachment.objects.get(application=application)
    address = reverse("workflow:attachment", args=[application.number, kept.pk])
    assert client.get(address).status_code == 200
    client.post(edit_page(application), {**FORM, "note": "", "remove": str(kept.pk)})
    kept.refresh_from_db()
    assert kept.removed_at == NOW
    assert client.get(address).status_code == 404
    application.refresh_from_db()
    assert application.payload["phone"] == "13800000000"


def test_foreign_file_is_neither_removed_nor_served(inspection: InspectionWorld) -> None:
    mine, client = drafted(inspection), browser(inspection.person_user)
    other_world = inspection.another()
    foreign = drafted(other_world)
    browser(other_world.person_user).post(edit_page(foreign), {**FORM, "upload": "1", "file_scan": [picture()]})
    kept = Attachment.objects.get(application=foreign)
    client.post(edit_page(mine), {**FORM, "remove": str(kept.pk)})
    kept.refresh_from_db()
    assert kept.removed_at is None
    for number in (mine.number, foreign.number):
        assert client.get(reverse("workflow:attachment", args=[number, kept.pk])).status_code == 404


def test_evidence_is_served_as_a_file_to_its_reviewers_and_that_is_recorded(inspection: InspectionWorld) -> None:
    application, client = drafted(inspection), browser(inspection.person_user)
    client.post(edit_page(application), {**FORM, "submit": "1", "file_scan": [picture(name="a/证书·𠮷.png")]})
    kept = Attachment.objects.get(application=application)
    address = reverse("workflow:attachment", args=[application.number, kept.pk])
    answer = browser(inspection.province.reviewer).get(address)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert b"".join(answer.streaming_content).startswith(b"\xff\xd8")  # type: ignore[attr-defined]
    assert AuditEntry.objects.filter(action="attachment.view", object_id=str(kept.pk)).count() == 1
    assert browser(None).get(address).status_code == 302


# --- after a return ---


def test_returned_application_shows_the_reason_and_goes_back(inspection: InspectionWorld) -> None:
    application, client = drafted(inspection), browser(inspection.person_user)
    client.post(edit_page(application), {**FORM, "submit": "1", "file_scan": [picture()]})
    reviewer = actor(inspection.province.reviewer)
    act(application.pk, action=Action.RETURN, actor=reviewer, comment="扫描件第 2 页不清楚", now=NOW)
    page = client.get(edit_page(application))
    assert "扫描件第2页不清楚" in words(page)
    assert "重新提交" in words(page)
    assert "待补正" in words(client.get("/inbox/"))
    bad = client.post(edit_page(application), {"phone": "1", "submit": "1"})
    assert bad.status_code == 400
    application.refresh_from_db()
    assert application.payload["phone"] == "13800000000", "the office still reads the last valid content"
    answer = client.post(
        edit_page(application), {**FORM, "note": "已补充", "submit": "1", "file_scan": [picture("red")]}
    )
    assert answer.status_code == 302
    application.refresh_from_db()
    assert (application.status, application.desk) == (Status.IN_REVIEW, Desk.COUNTER)
    assert application.payload == {"phone": "13800000000", "note": "已补充", "commitment": True}
