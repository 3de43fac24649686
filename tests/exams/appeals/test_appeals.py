"""A person asks the organiser to look at a result again; what the organiser finds changes the result with all that follows."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.http import Http404

from accounts.enums import Duty
from accounts.models import User
from accounts.people.identity import id_number_index
from administration.models import Office
from common.findings import Refused
from exams.enums import EntryState
from exams.models import ExamEntry
from exams.results.services import Result, record_results
from tests.clock import Clock
from tests.exams.exam_world import AFTER, EXAM_DAY, ExamWorld, make_batch, make_candidate, make_entry, text
from tests.factories import actor, make_person, make_staff
from tests.workflow.browsing import browser, seen_on, words
from workflow.business import business_of
from workflow.enums import Action, Desk, Status
from workflow.models import Application, Bar
from workflow.services.acting import act
from workflow.services.filing import create_draft, save_draft, submit

pytestmark = pytest.mark.django_db
SAID = {"reason": "present", "note": "当天参加了考试，签到表上有签名", "commitment": True}
LATER = AFTER + timedelta(hours=2)
LAST_DAY = datetime.fromisoformat("2026-12-30T20:00:00+08:00")
TOO_LATE = datetime.fromisoformat("2026-12-31T08:00:00+08:00")


@pytest.fixture(autouse=True)
def today(clock: Clock) -> None:
    clock.stop_at(AFTER)


def settled(world: ExamWorld, state: EntryState, score: int | None = None) -> ExamEntry:
    (entry,) = world.approved()
    marks = Decimal(score) if score is not None else None
    recorded = record_results([Result(entry.pk, state, marks)], by=actor(world.organiser), now=AFTER)
    assert recorded.done, recorded.refused
    entry.refresh_from_db()
    return entry


def colleague(world: ExamWorld, identity_index: str = "") -> User:
    """Whoever recorded a result decides on no appeal against it, so that somebody else has to be there."""
    user = make_staff(world.organiser_office, Duty.ORGANISE, name="复核员")
    User.objects.filter(pk=user.pk).update(identity_index=identity_index)
    user.refresh_from_db()
    return user


def appealed(entry: ExamEntry, *, now: datetime = LATER) -> Application:
    assert entry.person.user is not None
    filer = actor(entry.person.user)
    case = business_of("result_appeal").prepare(filer, {"entry": str(entry.pk)}, today=now.date())
    application = create_draft(case=case, actor=filer, now=now)
    save_draft(application.pk, payload={**case.payload, **SAID}, actor=filer)
    submit(application.pk, actor=filer, now=now)
    application.refresh_from_db()
    return application


def test_an_appeal_that_succeeds_corrects_the_result_first(world: ExamWorld, clock: Clock) -> None:
    entry = settled(world, EntryState.ABSENT)
    assert Bar.objects.filter(lifted_at__isnull=True).count() == 1
    application = appealed(entry)
    assert (application.desk, application.holder_office) == (Desk.ORGANISER, world.organiser_office)
    organiser = actor(colleague(world))
    with pytest.raises(Refused, match="提出复核后还没有更正成绩"):
        act(application.pk, action=Action.APPROVE, actor=organiser, now=LATER)
    clock.stop_at(LATER)
    passed = Result(entry.pk, EntryState.PASSED, Decimal(88), reason="签到表漏签，答卷已找到")
    assert record_results([passed], by=organiser, now=LATER + timedelta(minutes=5)).changed == [entry.pk]
    assert not Bar.objects.filter(lifted_at__isnull=True).exists()
    act(application.pk, action=Action.APPROVE, actor=organiser, now=LATER + timedelta(minutes=6))
    application.refresh_from_db()
    assert application.status == Status.APPROVED


def test_it_is_refused_out_of_time_and_runs_anew_after_a_correction(world: ExamWorld) -> None:
    entry = settled(world, EntryState.FAILED, 40)
    with pytest.raises(Refused, match="已超过申请复核的期限"):
        appealed(entry, now=TOO_LATE)
    failed = Result(entry.pk, EntryState.FAILED, Decimal(41), reason="漏加一分")
    record_results([failed], by=actor(world.organiser), now=LAST_DAY)
    assert appealed(entry, now=TOO_LATE).status == Status.IN_REVIEW


def test_the_last_day_counts(world: ExamWorld) -> None:
    entry = settled(world, EntryState.FAILED, 40)
    assert appealed(entry, now=LAST_DAY).status == Status.IN_REVIEW


def test_what_was_decided_is_not_asked_again_until_the_result_changes(world: ExamWorld) -> None:
    entry = settled(world, EntryState.FAILED, 40)
    first = appealed(entry)
    act(first.pk, action=Action.REJECT, actor=actor(colleague(world)), comment="答卷已重新评阅，成绩无误", now=LATER)
    with pytest.raises(Refused) as refused:
        appealed(entry, now=LATER + timedelta(days=1))
    assert "这次成绩已经复核" in str(refused.value)
    assert first.number in refused.value.findings[0].detail
    failed = Result(entry.pk, EntryState.FAILED, Decimal(41), reason="漏加一分")
    record_results([failed], by=actor(world.organiser), now=LATER + timedelta(days=1))
    assert appealed(entry, now=LATER + timedelta(days=2)).is_open


def test_there_is_one_open_appeal_for_a_result(world: ExamWorld) -> None:
    entry = settled(world, EntryState.FAILED, 40)
    appealed(entry)
    with pytest.raises(Refused):
        appealed(entry, now=LATER + timedelta(days=1))
    assert Application.objects.filter(is_open=True).count() == 1


def test_passed_people_and_those_without_a_result_have_nothing_to_appeal(world: ExamWorld) -> None:
    with pytest.raises(Refused, match="成绩合格，不需要复核"):
        appealed(settled(world, EntryState.PASSED, 90))
    (waiting,) = world.approved()
    with pytest.raises(Refused, match="还没有登记成绩"):
        appealed(waiting)
    stranger = make_person("路人甲")
    assert stranger.user is not None
    with pytest.raises(Http404):
        business_of("result_appeal").prepare(actor(stranger.user), {"entry": str(waiting.pk)}, today=date(2026, 12, 15))


def test_without_an_organiser_the_province_decides(world: ExamWorld) -> None:
    batch = make_batch()
    person = make_candidate(world.enterprise)
    entry = make_entry(person, world.enterprise, batch, state=EntryState.FAILED, office=world.province.municipal)
    application = appealed(entry)
    assert (application.desk, application.holder_office) == (Desk.PROVINCIAL, world.province.provincial)


def test_an_organiser_that_works_no_more_is_told_instead_of_an_error(world: ExamWorld) -> None:
    entry = settled(world, EntryState.FAILED, 40)
    Office.objects.filter(pk=world.organiser_office.pk).update(is_active=False)
    with pytest.raises(Refused, match="没有设置“考试机构”的办理部门"):
        appealed(entry)


def test_the_person_files_it_from_the_own_exams_and_the_organiser_decides_on_the_page(
    world: ExamWorld, clock: Clock
) -> None:
    entry = settled(world, EntryState.FAILED, 40)
    client, start = browser(entry.person.user), f"/applications/new/result_appeal/?entry={entry.pk}"
    own = text(client, "/person/exams/")
    assert f'href="{start}"' in own
    assert "知识考核 40" in own
    assert "知识考核 40.0" not in own, "a whole score has no decimal"
    assert "2026年12月30日（含）前" in words(client.get(start))
    application = appealed(entry)
    clock.stop_at(LATER + timedelta(hours=1))
    office = browser(colleague(world))
    assert application.number in text(office, "/office/queue/organiser/")
    address = f"/office/applications/{application.number}/"
    page = office.get(address)
    assert f'href="/office/exams/entries/{entry.pk}/result/"' in page.text
    # The pictures on the page open for the organiser, too; this person may have none.
    assert office.get(f"{address}photo/").status_code in (200, 404)
    assert "签到表上有签名" in words(page)
    assert "不合格，知识考核40" in words(page)
    assert "40.0" not in page.text
    refused = office.post(address, {"action": "approve", "comment": ""} | seen_on(office, address))
    assert refused.status_code == 409
    assert "请先在“更正成绩”中改正" in words(refused)
    letter = {"action": "reject", "comment": "签到表没有签名，监考记录为缺考"}
    office.post(address, letter | seen_on(office, address))
    application.refresh_from_db()
    assert application.status == Status.REJECTED
    assert "签到表没有签名" in words(browser(entry.person.user).get(f"/applications/{application.number}/"))


def test_whoever_recorded_the_result_decides_on_no_appeal_against_it(world: ExamWorld, clock: Clock) -> None:
    """Neither under another login of the same natural person; whoever corrects it during the appeal may."""
    index = id_number_index("360102198503070018")
    User.objects.filter(pk=world.organiser.pk).update(identity_index=index)
    application = appealed(settled(world, EntryState.FAILED, 40))
    clock.stop_at(LATER)
    double, other = actor(colleague(world, index)), colleague(world)
    for one in (actor(world.organiser), double):
        with pytest.raises(Refused, match="所争议的决定是您作出的") as refused:
            act(application.pk, action=Action.REJECT, actor=one, comment="成绩无误", now=LATER)
        assert "请由本部门另一名有“考试机构”职责的工作人员办理" in str(refused.value)
    own, address = browser(world.organiser), f"/office/applications/{application.number}/"
    assert application.number not in text(own, "/office/queue/organiser/")
    assert "所争议的决定是您作出的" in words(own.get(address))
    assert application.number in text(browser(other), "/office/queue/organiser/")
    act(application.pk, action=Action.REJECT, actor=actor(other), comment="已重新评阅，成绩无误", now=LATER)
    application.refresh_from_db()
    assert application.status == Status.REJECTED


def test_out_of_time_the_page_says_until_when_it_was(world: ExamWorld, clock: Clock) -> None:
    entry = settled(world, EntryState.FAILED, 40)
    assert AFTER.date() > EXAM_DAY
    clock.stop_at(TOO_LATE)
    page = words(browser(entry.person.user).get(f"/applications/new/result_appeal/?entry={entry.pk}"))
    assert "已于2026年12月30日截止" in page
