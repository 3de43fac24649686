"""The cause of an absence is proved by person or enterprise and decided by whoever records the results."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from PIL import Image

from accounts.enums import Duty
from administration.models import AuditEntry, Message
from common.files.uploads import check_upload
from common.findings import Refused
from exams.enums import EntryState, ExcuseState
from exams.excuses.services import MOST_COMMENT, decide_excuse, file_excuse
from exams.models import ExamEntry, Excuse, ResultChange
from exams.results.services import Result, record_results
from tests.clock import Clock
from tests.exams.exam_world import AFTER, NOW, ExamWorld
from tests.factories import actor, make_enterprise, make_operator, make_staff
from tests.workflow.browsing import browser, words
from workflow.models import Bar

pytestmark = pytest.mark.django_db
LAST = datetime.fromisoformat("2026-12-27T10:00:00+08:00")
"""Fifteen days after the exam."""


@pytest.fixture(autouse=True)
def today(clock: Clock) -> None:
    clock.stop_at(AFTER)


def scan(name: str = "诊断证明.jpg") -> SimpleUploadedFile:
    picture = io.BytesIO()
    Image.new("RGB", (300, 200), "white").save(picture, "JPEG")
    return SimpleUploadedFile(name, picture.getvalue(), "image/jpeg")


def handed_in(entry: ExamEntry, **more: Any) -> Excuse:
    values = {
        "reason": "急性阑尾炎住院",
        "upload": check_upload(scan()),
        "actor": actor(entry.person.user),
        "now": AFTER,
    }
    return file_excuse(entry_id=entry.pk, **(values | more))


def absent(entry: ExamEntry, world: ExamWorld) -> list[str]:
    recorded = record_results([Result(entry.pk, EntryState.ABSENT)], by=actor(world.organiser), now=AFTER)
    return [one.code for one in recorded.refused.get(entry.pk, [])]


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [one.code for one in refused.value.findings]


def test_an_accepted_excuse_lifts_the_bar(world: ExamWorld) -> None:
    (entry,) = world.approved()
    assert absent(entry, world) == []
    excuse = handed_in(entry)
    Message.objects.all().delete()
    decide_excuse(excuse_id=excuse.pk, is_accepted=True, comment="诊断证明属实", by=actor(world.organiser), now=AFTER)
    entry.refresh_from_db()
    assert (entry.state, entry.remark) == ("excused", "缺考证明已审核，有正当理由")
    assert Bar.objects.get().lifted_at == AFTER
    line = ResultChange.objects.latest("pk")
    assert (line.former_state, line.state, line.reason) == ("absent", "excused", "缺考证明已采纳：诊断证明属实")
    # The illness is not told to the enterprise.
    told = Message.objects.filter(mailbox=world.enterprise.mailbox_id)
    assert told.count() == 2
    assert not any("阑尾" in one.title + one.body for one in told)
    assert set(AuditEntry.objects.filter(action__startswith="exam_excuse").values_list("action", flat=True)) == {
        "exam_excuse.file",
        "exam_excuse.decide",
    }


def test_the_longest_comment_stands_whole_in_the_history_and_a_longer_one_is_refused(world: ExamWorld) -> None:
    (entry,) = world.approved()
    assert absent(entry, world) == []
    excuse, by = handed_in(entry), actor(world.organiser)
    with pytest.raises(Refused) as refused:
        decide_excuse(excuse_id=excuse.pk, is_accepted=True, comment="属" * (MOST_COMMENT + 1), by=by, now=AFTER)
    assert f"最多 {MOST_COMMENT} 字" in str(refused.value)
    assert Excuse.objects.get(pk=excuse.pk).state == "waiting"
    comment = "属" * (MOST_COMMENT - 1) + "𠮷"
    decide_excuse(excuse_id=excuse.pk, is_accepted=True, comment=comment, by=by, now=AFTER)
    assert ResultChange.objects.latest("pk").reason == f"缺考证明已采纳：{comment}"
    assert Excuse.objects.get(pk=excuse.pk).comment == comment


def test_nobody_is_recorded_as_absent_while_an_excuse_waits(world: ExamWorld) -> None:
    first, second = world.approved(2)
    one, other = handed_in(first), handed_in(second)
    assert absent(first, world) == ["exam.excuse_waits"]
    by = actor(world.organiser)
    decide_excuse(excuse_id=one.pk, is_accepted=False, comment="证明日期不是考试当天", by=by, now=AFTER)
    assert absent(first, world) == []
    decide_excuse(excuse_id=other.pk, is_accepted=True, comment="属实", by=by, now=AFTER)
    assert ExamEntry.objects.get(pk=second.pk).state == "excused"
    assert Bar.objects.get().person_id == first.person_id


def test_an_excuse_is_handed_in_once_and_in_time(world: ExamWorld) -> None:
    first, second, third = world.approved(3)
    with pytest.raises(Refused) as refused:
        handed_in(first, now=NOW)
    assert codes(refused) == ["excuse.too_early"]
    handed_in(first)
    with pytest.raises(Refused) as refused:
        handed_in(first)
    assert codes(refused) == ["excuse.waiting"]
    with pytest.raises(IntegrityError, match="one_waiting_excuse"), transaction.atomic():
        Excuse.objects.create(entry=first, reason="再来", size=1, filed_as="person", filed_by=first.person.user)
    handed_in(second, now=LAST, actor=world.filer, reason=" 出差 ")
    with pytest.raises(Refused) as refused:
        handed_in(third, now=LAST + timedelta(days=1), reason=" ")
    assert codes(refused) == ["excuse.too_late", "excuse.no_reason"]
    assert "2026年12月27日以前" in refused.value.findings[0].detail
    # An absence that was recorded late may be explained for as long after it.
    record_results([Result(third.pk, EntryState.ABSENT)], by=actor(world.organiser), now=LAST)
    handed_in(third, now=LAST + timedelta(days=15))
    with pytest.raises(Refused) as refused:
        handed_in(second, actor=actor(first.person.user))
    assert codes(refused) == ["excuse.not_yours"]


def test_only_whoever_records_the_results_decides_and_not_on_his_own(world: ExamWorld) -> None:
    (entry,) = world.approved()
    excuse = handed_in(entry)
    own = replace(actor(world.organiser), own_person_id=entry.person_id)
    for by, code in (
        (world.province.municipal_actor, "exam.not_now"),
        (world.filer, "exam.not_now"),
        (own, "exam.own"),
    ):
        with pytest.raises(Refused) as refused:
            decide_excuse(excuse_id=excuse.pk, is_accepted=True, comment="属实", by=by, now=AFTER)
        assert codes(refused) == [code]
    record_results([Result(entry.pk, EntryState.FAILED, 40)], by=actor(world.organiser), now=AFTER)
    with pytest.raises(Refused) as refused:
        decide_excuse(excuse_id=excuse.pk, is_accepted=True, comment=" ", by=actor(world.organiser), now=AFTER)
    assert codes(refused) == ["excuse.not_absent", "excuse.no_comment"]
    assert Excuse.objects.get().state == ExcuseState.WAITING


def test_from_the_person_s_page_to_the_decision(world: ExamWorld) -> None:
    (entry,) = world.approved()
    absent(entry, world)
    mine = browser(entry.person.user)
    address = f"/person/exams/{entry.pk}/excuse/"
    assert address in mine.get("/person/exams/").text
    empty = mine.post(address, {"reason": "急诊住院"})
    assert empty.status_code == 400
    assert "请选择要上传的证明" in words(empty)
    assert "急诊住院" in words(empty)
    assert mine.post(address, {"reason": "急诊住院", "scan": scan()}).status_code == 302
    assert "已有一份缺考证明在审核" in words(mine.get(address))
    firm = browser(world.operator)
    of_firm = words(firm.get(f"/enterprise/exams/entries/{entry.pk}/excuse/"))
    assert "待审核" in of_firm
    assert "急诊住院" not in of_firm
    hall = browser(world.organiser)
    assert "缺考证明待审核1份" in words(hall.get("/office/"))
    assert entry.person.name in words(hall.get("/office/exams/excuses/"))
    excuse = Excuse.objects.get()
    page = words(hall.get(f"/office/exams/excuses/{excuse.pk}/"))
    assert "急诊住院" in page
    file = hall.get(f"/office/exams/excuses/{excuse.pk}/file/")
    assert (file["Content-Type"], file["Cache-Control"]) == ("image/jpeg", "private, no-store")
    assert AuditEntry.objects.filter(action="exam_excuse.view").count() == 1
    bad = hall.post(f"/office/exams/excuses/{excuse.pk}/", {"decision": "accept", "comment": ""})
    assert bad.status_code == 400
    done = hall.post(f"/office/exams/excuses/{excuse.pk}/", {"decision": "accept", "comment": "属实"})
    assert done.status_code == 302
    again = hall.post(f"/office/exams/excuses/{excuse.pk}/", {"decision": "refuse", "comment": "不属实"})
    assert again.status_code == 409
    assert "这份证明已经审核" in words(again)
    assert ExamEntry.objects.get(pk=entry.pk).state == "excused"


def test_others_do_not_reach_it(world: ExamWorld) -> None:
    (entry,) = world.approved()
    excuse = handed_in(entry)
    stranger = make_staff(world.province.stranger.office, Duty.ORGANISE)
    for user, status in ((stranger, 404), (world.province.reviewer, 403), (world.operator, 403)):
        for more in ("", "file/"):
            assert browser(user).get(f"/office/exams/excuses/{excuse.pk}/{more}").status_code == status
    other: Client = browser(make_operator(make_enterprise()))
    assert other.get(f"/enterprise/exams/entries/{entry.pk}/excuse/").status_code == 404
    assert browser(world.approved()[0].person.user).get(f"/person/exams/{entry.pk}/excuse/").status_code == 404
