"""政策延续: the full list before and after, and what becomes of open applications about its certificates."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook

from administration.models import AuditEntry, Message
from certificates.bulk_extension import services, views_list
from certificates.bulk_extension.open_cases import ENDS, GOES_ON, KEEPS_OUT, LEFT_TO_ITS_CASE
from certificates.bulk_extension.preview import preview
from certificates.bulk_extension.reversal import reverse_batch
from certificates.bulk_extension.reversal_starting import reverse
from certificates.bulk_extension.services import create_draft, run_batch
from certificates.bulk_extension.starting import start
from certificates.enums import PolicyOutcome, PolicyState
from certificates.models import Certificate, PolicyBatch, PolicyBatchRow
from tests.clock import Clock
from tests.concurrency import at_once
from tests.worlds.base import NOW, TODAY
from tests.worlds.cancellation import CancellationWorld
from tests.worlds.extension import ExtensionWorld
from workflow.enums import Action, CloseReason, Status
from workflow.services.acting import act

END = date(2027, 6, 30)


class Leaving(CancellationWorld):
    ends_on = date(2027, 1, 31)


@pytest.fixture(autouse=True)
def today(clock: Clock) -> None:
    clock.stop_at(NOW)


@pytest.fixture
def world(db: None) -> ExtensionWorld:
    return ExtensionWorld()


def draft(world: ExtensionWorld, **fields: Any) -> PolicyBatch:
    values = {
        "window_from": date(2027, 1, 1),
        "window_to": date(2027, 1, 31),
        "new_end": END,
        "document_number": "赣建建〔2026〕8号",
        "reason": "统一延续",
    }
    return create_draft(PolicyBatch(**values | fields), by=world.province.provincial_actor)


def run(world: ExtensionWorld, **fields: Any) -> PolicyBatch:
    batch = draft(world, **fields)
    start(batch.pk, by=world.province.provincial_actor, now=NOW)
    run_batch(batch.pk, now=NOW)
    batch.refresh_from_db()
    return batch


def ends_on(world: ExtensionWorld) -> date:
    return Certificate.objects.get(pk=world.certificate.pk).ends_on


def body(response: Any) -> str:
    return str(response.content.decode())


def test_the_preview_says_what_becomes_of_open_applications(world: ExtensionWorld) -> None:
    world.file()
    Leaving(world.province, (world.enterprise, world.operator)).file()
    found = preview(draft(world), today=TODAY).open_cases
    assert sorted((one.title, one.fate, one.count) for one in found) == [
        ("证书延续", ENDS, 1),
        ("证书注销", GOES_ON, 1),
    ]
    past = preview(draft(world, new_end=None, months=1), today=date(2027, 3, 15)).open_cases
    assert ("证书延续", KEEPS_OUT, 1) in [(one.title, one.fate, one.count) for one in past]


def test_an_application_for_what_the_policy_gave_ends_with_a_word(world: ExtensionWorld) -> None:
    application = world.file()
    batch = run(world)
    application.refresh_from_db()
    assert (application.status, application.close_reason) == (Status.CLOSED, CloseReason.OVERTAKEN)
    row = PolicyBatchRow.objects.get(batch=batch)
    assert (row.outcome, row.closed, ends_on(world)) == (PolicyOutcome.EXTENDED, application, END)
    told = Message.objects.get(mailbox=world.person.mailbox, title__contains=application.number, link__contains="/")
    assert "已依据赣建建〔2026〕8号统一延续至2027年6月30日" in told.body
    assert "可自2027年3月30日起申请" in told.body


def test_another_application_goes_on_and_is_decided(world: ExtensionWorld) -> None:
    leaving = Leaving(world.province, (world.enterprise, world.operator))
    application = leaving.file()
    run(world)
    assert ends_on(leaving) == END
    for _ in range(4):
        application.refresh_from_db()
        if not application.is_open:
            break
        detail = leaving.originals(application)
        act(application.pk, action=Action.APPROVE, actor=leaving.holder(application), detail=detail, now=NOW)
    assert application.status == Status.APPROVED


def test_where_the_new_end_is_past_the_application_decides(world: ExtensionWorld, clock: Clock) -> None:
    """Filed in time, it alone can save the certificate; the batch leaves it alone."""
    application = world.file()
    later = NOW.replace(year=2027, month=3, day=15)
    clock.stop_at(later)
    batch = draft(world, new_end=None, months=1)
    start(batch.pk, by=world.province.provincial_actor, now=later)
    run_batch(batch.pk, now=later)
    application.refresh_from_db()
    row = PolicyBatchRow.objects.get(batch=batch)
    assert (row.outcome, row.refusal, row.closed) == (PolicyOutcome.REFUSED, LEFT_TO_ITS_CASE, None)
    assert application.is_open
    assert ends_on(world) == world.ends_on


def test_taken_back_in_time_the_person_is_told_to_apply_again(world: ExtensionWorld) -> None:
    world.file()
    batch = run(world)
    reverse(batch.pk, document_number="撤1号", by=world.province.provincial_actor, now=NOW)
    reverse_batch(batch.pk, now=NOW)
    assert ends_on(world) == world.ends_on
    told = Message.objects.get(mailbox=world.person.mailbox, title__startswith="证书有效期恢复")
    assert "请在有效期届满前重新申请" in told.body
    assert world.file().is_open, "and may"


def test_taken_back_too_late_to_apply_again_the_term_stays(world: ExtensionWorld, clock: Clock) -> None:
    world.file()
    batch = run(world)
    late = NOW + timedelta(days=90)
    clock.stop_at(late)
    reverse(batch.pk, document_number="撤1号", by=world.province.provincial_actor, now=late)
    reverse_batch(batch.pk, now=late)
    row = PolicyBatchRow.objects.get(batch=batch)
    assert (row.outcome, ends_on(world)) == (PolicyOutcome.KEPT, END)
    assert row.refusal == "延续申请因本批次终止，现在已过重新申请的时间"


def test_a_chunk_with_applications_asks_the_same_for_one_and_for_three(
    world: ExtensionWorld, count_queries: Callable[..., int]
) -> None:
    asked = []
    for size in (1, 3):
        for _ in range(size):
            world.another().file()
        Certificate.objects.filter(pk=world.certificate.pk).update(ends_on=date(2029, 1, 1))
        batch = draft(world, new_end=None, months=2)
        start(batch.pk, by=world.province.provincial_actor, now=NOW)
        asked.append(count_queries(lambda batch=batch: services.run_chunk(batch.pk, now=NOW)))
        assert batch.rows.filter(closed__isnull=False).count() == size
    assert asked[0] == asked[1]


@pytest.mark.django_db(transaction=True)
def test_a_decision_at_the_same_moment_counts_or_the_batch_does() -> None:
    """Whichever comes second finds what the first has made: never two terms, never a case that nobody can decide."""
    world = ExtensionWorld()
    application = world.file()
    for _ in range(2):
        act(application.pk, action=Action.APPROVE, actor=world.holder(application), now=NOW)
        application.refresh_from_db()
    batch = draft(world)
    start(batch.pk, by=world.province.provincial_actor, now=NOW)
    at_once(
        [
            lambda: run_batch(batch.pk, now=NOW),
            lambda: act(application.pk, action=Action.APPROVE, actor=world.province.provincial_actor, now=NOW),
        ]
    )
    application.refresh_from_db()
    batch.refresh_from_db()
    assert batch.state == PolicyState.DONE
    decided_first = (Status.APPROVED, date(2030, 1, 31))
    assert (application.status, ends_on(world)) in (decided_first, (Status.CLOSED, END))


# --- the lists ---


def test_the_list_before_and_after_with_its_files(
    world: ExtensionWorld, client: Client, count_queries: Callable[..., int]
) -> None:
    application = world.file()
    plain = world.another()
    batch = draft(world)
    client.force_login(world.province.decider)
    page = f"/office/policy/{batch.pk}/"
    shown = body(client.get(page))
    assert "涉及的在办申请" in shown
    assert ENDS in shown
    before = body(client.get(f"{page}list/"))
    assert plain.certificate.number in before
    assert application.number in before
    assert "2027年6月30日" in before
    only = body(client.get(f"{page}list/?only=cases"))
    assert world.certificate.number in only
    assert plain.certificate.number not in only
    few = count_queries(lambda: client.get(f"{page}list/"))
    world.another().file()
    assert count_queries(lambda: client.get(f"{page}list/")) == few
    start(batch.pk, by=world.province.provincial_actor, now=NOW)
    run_batch(batch.pk, now=NOW)
    assert application.number in body(client.get(f"{page}list/?only=cases"))
    assert plain.certificate.number in body(client.get(f"{page}list/?only=changed"))
    assert "没有这一类证书" in body(client.get(f"{page}list/?only=left"))
    text = b"".join(client.get(f"{page}export/csv/").streaming_content).decode()
    assert text.count("已延续") == 3
    assert application.number in text
    assert world.person.name not in text, "names are masked"
    sheet = load_workbook(BytesIO(b"".join(client.get(f"{page}export/xlsx/?only=cases").streaming_content))).active
    assert sheet is not None
    assert sheet.max_row == 3
    assert client.get(f"{page}export/pdf/").status_code == 404
    assert AuditEntry.objects.filter(action="export_policy_batch", object_id=str(batch.pk)).count() == 2


def test_the_list_is_paged_and_its_file_has_all(world: ExtensionWorld, client: Client) -> None:
    for _ in range(21):
        world.another()
    batch = draft(world)
    client.force_login(world.province.decider)
    page = f"/office/policy/{batch.pk}/"
    assert "下一页" in body(client.get(f"{page}list/"))
    text = b"".join(client.get(f"{page}export/csv/").streaming_content).decode()
    assert text.count("将延续") == 22


def test_what_no_sheet_holds_is_refused_and_leads_to_the_csv(
    world: ExtensionWorld, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.another()
    batch = draft(world)
    client.force_login(world.province.decider)
    monkeypatch.setattr(views_list, "MOST_ROWS", 1)
    page = f"/office/policy/{batch.pk}/"
    refused = client.get(f"{page}export/xlsx/", follow=True)
    assert refused.redirect_chain[-1][0] == f"{page}list/"
    assert "共 2 本，一张 xlsx 表放不下（最多 1 行）。请导出 csv" in body(refused)
    assert not AuditEntry.objects.filter(action="export_policy_batch").exists()
    text = b"".join(client.get(f"{page}export/csv/").streaming_content).decode()
    assert text.count("将延续") == 2
    start(batch.pk, by=world.province.provincial_actor, now=NOW)
    run_batch(batch.pk, now=NOW)
    assert client.get(f"{page}export/xlsx/").status_code == 302
    assert client.get(f"{page}export/xlsx/?only=changed").status_code == 200
