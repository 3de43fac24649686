"""Originals at a desk: item by item, with what the clerk saw, where the paper lies, and scans made at the counter."""

from __future__ import annotations

import re
from functools import partial
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from administration.models import Message
from common.files.uploads import check_upload
from common.findings import Refused
from tests.concurrency import at_once
from tests.factories import Province, actor
from tests.worlds.base import World, originals_seen, scan
from tests.worlds.correction import CorrectionWorld
from tests.worlds.late_entry import LateEntryWorld
from tests.worlds.transfer_in import TransferInWorld
from workflow.enums import Action, Desk, Status
from workflow.models import Application, ArchiveNumber, Attachment, Event
from workflow.originals import Seen, detail_of, seen_in
from workflow.services.acting import act, act_many
from workflow.services.filing import remove_attachment, resubmit
from workflow.services.scans import attach_scan, remove_scan

from .browsing import NOW, browser, originals_form, picture, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


@pytest.fixture
def world() -> LateEntryWorld:
    return LateEntryWorld()


@pytest.fixture
def application(world: LateEntryWorld) -> Application:
    return world.file()


@pytest.fixture
def clerk(world: LateEntryWorld) -> Client:
    return browser(world.province.reviewer)


def review(application: Application) -> str:
    return reverse("workflow:review", args=[application.number])


def approve(world: World, application: Application, detail: dict[str, Any]) -> list[str]:
    """The codes of what stops it; none when it is done."""
    try:
        act(application.pk, action=Action.APPROVE, actor=world.holder(application), detail=detail, now=NOW)
    except Refused as refused:
        return [finding.code for finding in refused.findings]
    application.refresh_from_db()
    return []


def seen(key: str, result: str = "agrees", archive_number: str = "") -> Seen:
    return Seen(key, key, result, "", archive_number)


# --- the service ---


def test_every_original_not_looked_at_is_named_at_once_with_turn_and_cure(
    world: LateEntryWorld, application: Application
) -> None:
    with pytest.raises(Refused) as refused:
        act(application.pk, action=Action.APPROVE, actor=world.holder(application), now=NOW)
    findings = refused.value.findings
    assert [finding.code for finding in findings] == ["originals.id_card", "originals.certificate"]
    assert [finding.message for finding in findings] == [
        "居民身份证原件还没有核对",
        "安全生产考核合格证书原件还没有核对",
    ]
    assert {finding.turn for finding in findings} == {"原件核验窗口"}
    assert {finding.cure.url_name for finding in findings if finding.cure} == {"workflow:review"}
    application.refresh_from_db()
    assert application.desk == Desk.COUNTER


def test_originals_and_rules_stop_together(world: LateEntryWorld, application: Application) -> None:
    world.person.id_photo.name = ""
    world.person.save()
    assert approve(world, application, {}) == ["originals.id_card", "originals.certificate", "person.no_id_photo"]


def test_one_that_differs_or_is_missing_stops_the_approval(world: LateEntryWorld, application: Application) -> None:
    assert approve(world, application, originals_seen(application, id_card="missing")) == ["originals.id_card"]
    assert approve(world, application, originals_seen(application, certificate="differs")) == ["originals.certificate"]


def test_what_is_kept_needs_an_archive_number_and_what_is_not_does_not(
    world: LateEntryWorld, application: Application
) -> None:
    without = detail_of([seen("id_card"), seen("certificate", archive_number=" \u3000")])
    assert approve(world, application, without) == ["originals.certificate"]
    assert approve(world, application, detail_of([seen("id_card"), seen("certificate", archive_number="档 7")])) == []
    assert ArchiveNumber.objects.get().office == world.province.municipal


def test_the_event_keeps_what_was_seen_by_whom_and_when(world: LateEntryWorld, application: Application) -> None:
    assert approve(world, application, originals_seen(application)) == []
    event = Event.objects.get(application=application, action=Action.APPROVE)
    assert (event.actor_name, event.acting_for, event.at) == ("王敏", "南昌市住房和城乡建设局", NOW)
    assert seen_in(event.detail) == [
        Seen("id_card", "居民身份证", "agrees"),
        Seen("certificate", "安全生产考核合格证书", "agrees", "", f"档{application.number}"),
    ]


def test_desks_without_originals_record_none(world: LateEntryWorld, application: Application) -> None:
    detail = originals_seen(application)
    approve(world, application, detail)
    assert approve(world, application, detail) == []
    assert Event.objects.get(application=application, desk=Desk.PROVINCIAL).detail == {}


@pytest.mark.parametrize(
    ("made", "keys"),
    [
        (LateEntryWorld, ["id_card", "certificate"]),
        (TransferInWorld, ["id_card", "certificate", "proof"]),
        (CorrectionWorld, ["id_card", "certificate"]),
    ],
)
def test_each_business_declares_its_originals(made: type[World], keys: list[str]) -> None:
    world = made()
    application = world.file()
    while application.desk != Desk.COUNTER:
        approve(world, application, {})
    assert approve(world, application, {}) == [f"originals.{key}" for key in keys]


# --- archive numbers ---


def test_an_archive_number_belongs_to_one_application_of_an_office(
    world: LateEntryWorld, application: Application
) -> None:
    assert approve(world, application, detail_of([seen("id_card"), seen("certificate", archive_number="档A-1")])) == []
    other = world.another()
    second = other.file()
    taken = detail_of([seen("id_card"), seen("certificate", archive_number="档Ａ-１")])
    assert approve(other, second, taken) == ["originals.certificate"]
    elsewhere = world.province.stranger.office
    assert elsewhere is not None
    Application.objects.filter(pk=second.pk).update(holder_office=elsewhere)
    act(second.pk, action=Action.APPROVE, actor=actor(world.province.stranger), detail=taken, now=NOW)
    assert ArchiveNumber.objects.filter(number="档A-1").count() == 2


def test_the_same_case_keeps_its_archive_number_when_it_is_checked_again(
    world: LateEntryWorld, application: Application
) -> None:
    detail = originals_seen(application)
    ArchiveNumber.objects.create(
        office=world.province.municipal, number=f"档{application.number}", application=application
    )
    assert approve(world, application, detail) == []
    assert ArchiveNumber.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_clerks_who_take_one_archive_number_at_once() -> None:
    first = LateEntryWorld()
    for round_number in range(5):
        worlds = [first.another(), first.another()]
        applications = [one.file() for one in worlds]
        detail = detail_of([seen("id_card"), seen("certificate", archive_number=f"档{round_number}")])
        outcomes = at_once(
            [
                partial(
                    act, one.pk, action=Action.APPROVE, actor=first.province.municipal_actor, detail=detail, now=NOW
                )
                for one in applications
            ]
        )
        (refused,) = [one for one in outcomes if one is not None]
        assert isinstance(refused, Refused)
        assert "档案号" in str(refused)
        assert {finding.code for finding in refused.findings} <= {"originals.certificate", "workflow.conflict"}


# --- returning ---


def test_a_return_may_name_originals_instead_of_a_comment_and_the_notice_lists_them(
    world: LateEntryWorld, application: Application, clerk: Client
) -> None:
    data = originals_form(application, certificate="differs")
    assert clerk.post(review(application), {"action": "return", **data}).status_code == 302
    application.refresh_from_db()
    assert (application.status, application.desk) == (Status.RETURNED, Desk.FILER)
    notice = Message.objects.filter(mailbox=world.person.mailbox_id).latest("pk")
    assert "请带齐原件：安全生产考核合格证书（原件与申请内容不符：缺第二页）。" in notice.body
    mine = browser(world.person_user)
    for page in (f"/applications/{application.number}/", f"/applications/{application.number}/edit/"):
        assert "安全生产考核合格证书（原件与申请内容不符：缺第二页）" in words(mine.get(page))
    resubmit(application.pk, actor=world.filer, now=NOW)
    assert "上次核对的原件" in words(clerk.get(review(application)))


def test_a_return_that_says_nothing_is_refused(world: LateEntryWorld, application: Application, clerk: Client) -> None:
    answer = clerk.post(review(application), {"action": "return", **originals_form(application)})
    assert answer.status_code == 400
    assert "请写明原因" in words(answer)
    holder = world.holder(application)
    with pytest.raises(Refused, match="请写明原因"):
        act(application.pk, action=Action.RETURN, actor=holder, detail=originals_seen(application), now=NOW)


def test_what_differs_is_explained(application: Application, clerk: Client) -> None:
    data = originals_form(application, id_card="differs") | {"remark_id_card": ""}
    answer = clerk.post(review(application), {"action": "return", **data})
    assert answer.status_code == 400
    assert "请写明居民身份证哪里不符" in words(answer)


# --- the page ---


def test_the_page_asks_line_by_line_and_keeps_what_was_ticked(application: Application, clerk: Client) -> None:
    page = clerk.get(review(application))
    for told in ("核对原件", "1.居民身份证", "2.安全生产考核合格证书", "与实名登记的身份信息核对", "收回存档"):
        assert told in words(page)
    data = originals_form(application) | {"result_id_card": "", "comment": "核对中"}
    answer = clerk.post(review(application), {"action": "approve", **data})
    assert answer.status_code == 409
    assert words(answer).count("居民身份证原件还没有核对") == 2  # above, and at its line
    assert "安全生产考核合格证书原件" not in words(answer).split("核对原件")[0]
    assert len(re.findall(r'<input[^>]*name="result_[^>]* checked', answer.text)) == 1
    assert f"档{application.number}" in answer.text
    assert "核对中" in answer.text


def test_the_next_desk_and_the_applicant_see_what_was_found(
    world: LateEntryWorld, application: Application, clerk: Client
) -> None:
    data = originals_form(application) | {"remark_id_card": "换过新证"}
    assert clerk.post(review(application), {"action": "approve", **data}).status_code == 302
    decider = words(browser(world.province.decider).get(review(application)))
    for told in (
        "已核对的原件",
        "南昌市住房和城乡建设局王敏",
        "已见原件，核对一致",
        "换过新证",
        f"档{application.number}",
    ):
        assert told in decider
    detail = reverse("workflow:detail", args=[application.number])
    mine = words(browser(world.person_user).get(detail))
    assert "已核对原件：居民身份证、安全生产考核合格证书（已收回存档）" in mine
    assert f"档{application.number}" not in mine
    assert "已见原件，核对一致" in words(browser(world.person_user).get(f"{detail}print/"))


def test_bulk_approval_gives_each_row_its_reason(
    world: LateEntryWorld, application: Application, clerk: Client
) -> None:
    second = world.another().file()
    answer = clerk.post(
        "/office/queue/counter/",
        {"action": "approve", "picked": [application.pk, second.pk], "confirmed": "on"},
        follow=True,
    )
    assert words(answer).count("须逐件核对居民身份证、安全生产考核合格证书的原件，不能批量通过") == 2
    assert reverse("workflow:detail", args=[second.number]) in answer.text
    one = clerk.post(
        "/office/queue/counter/", {"action": "approve", "picked": [application.pk], "confirmed": "on"}, follow=True
    )
    assert "居民身份证原件还没有核对" in words(one)
    ids = [application.pk, second.pk]
    result = act_many(ids, action=Action.RETURN, actor=world.holder(application), comment="请来窗口", now=NOW)
    assert set(result.done) == set(ids)


# --- scans made at the counter ---


def test_scans_are_kept_with_what_was_ticked_and_later_desks_see_them(
    world: LateEntryWorld, application: Application, clerk: Client
) -> None:
    data = {"result_id_card": "agrees", "comment": "核对中", "upload": "1"}
    answer = clerk.post(review(application), {**data, "file_original_id_card": picture(name="身份证.png")})
    assert answer.status_code == 200
    assert "提交没有成功" not in words(answer)
    assert len(re.findall(r'<input[^>]*name="result_[^>]* checked', answer.text)) == 1
    assert "核对中" in answer.text
    kept = Attachment.objects.get(kind="original_id_card")
    assert (kept.original_name, kept.uploaded_by) == ("身份证.png", world.province.reviewer)
    assert clerk.post(review(application), {"action": "approve", **originals_form(application)}).status_code == 302
    for user, page in (
        (world.province.decider, review(application)),
        (world.person_user, reverse("workflow:detail", args=[application.number])),
    ):
        client = browser(user)
        address = reverse("workflow:attachment", args=[application.number, kept.pk])
        text = client.get(page)
        assert address in text.text
        assert "居民身份证（窗口扫描）" in words(text)
        assert client.get(address).status_code == 200


def test_a_file_chosen_with_the_decision_is_kept_even_if_the_decision_is_refused(
    application: Application, clerk: Client
) -> None:
    answer = clerk.post(review(application), {"action": "approve", "file_original_certificate": picture()})
    assert answer.status_code == 409
    assert Attachment.objects.filter(kind="original_certificate").count() == 1


def test_a_bad_file_is_refused_with_its_sentence_and_decides_nothing(application: Application, clerk: Client) -> None:
    bad = SimpleUploadedFile("说明.docx", b"PK\x03\x04" + b"0" * 50)
    data = originals_form(application) | {"action": "approve", "file_original_id_card": bad}
    answer = clerk.post(review(application), data)
    assert answer.status_code == 400
    assert "说明.docx：请上传JPG图片、PNG图片、PDF文件" in words(answer)
    application.refresh_from_db()
    assert application.desk == Desk.COUNTER


def test_the_clerk_takes_a_scan_back_but_not_the_applicants_file(application: Application, clerk: Client) -> None:
    clerk.post(review(application), {"upload": "1", "file_original_id_card": picture()})
    kept, theirs = Attachment.objects.get(kind="original_id_card"), Attachment.objects.get(kind="certificate")
    assert clerk.post(review(application), {"remove": kept.pk}).status_code == 200
    assert clerk.post(review(application), {"remove": theirs.pk}).status_code == 200
    removed = set(Attachment.objects.filter(removed_at__isnull=False))
    assert removed == {kept}


def test_nobody_else_adds_or_removes_scans(world: LateEntryWorld, application: Application) -> None:
    upload = check_upload(picture())
    for who in (world.filer, actor(world.province.stranger), world.province.provincial_actor):
        with pytest.raises(Refused):
            attach_scan(application.pk, original="id_card", upload=upload, actor=who, now=NOW)
    with pytest.raises(Refused):
        attach_scan(application.pk, original="proof", upload=upload, actor=world.holder(application), now=NOW)
    kept = attach_scan(application.pk, original="id_card", upload=upload, actor=world.holder(application), now=NOW)
    approve(world, application, originals_seen(application))
    with pytest.raises(Refused):
        remove_scan(kept.pk, actor=world.province.municipal_actor, now=NOW)


def test_a_returned_filer_cannot_take_back_what_the_counter_scanned(
    world: LateEntryWorld, application: Application
) -> None:
    kept = attach_scan(application.pk, original="id_card", upload=scan(), actor=world.holder(application), now=NOW)
    act(application.pk, action=Action.RETURN, actor=world.holder(application), comment="请补充", now=NOW)
    with pytest.raises(Attachment.DoesNotExist):
        remove_attachment(kept.pk, actor=world.filer, now=NOW)
    browser(world.person_user).post(f"/applications/{application.number}/edit/", {"remove": kept.pk, "save_draft": "1"})
    kept.refresh_from_db()
    assert kept.removed_at is None


def test_a_scan_of_the_counter_is_no_change_that_the_employer_confirms_again() -> None:
    world = TransferInWorld(Province())
    application = world.file()
    approve(world, application, {})
    attach_scan(
        application.pk, original="proof", upload=check_upload(picture()), actor=world.holder(application), now=NOW
    )
    act(application.pk, action=Action.RETURN, actor=world.holder(application), comment="请补充", now=NOW)
    resubmit(application.pk, actor=world.filer, now=NOW)
    application.refresh_from_db()
    assert application.desk == Desk.COUNTER
