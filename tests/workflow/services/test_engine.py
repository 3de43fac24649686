"""The engine on its first businesses: the way through the desks, refusals, returns, silence."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.db import DatabaseError, transaction

from administration.models import Message, Parameter
from certificates.models import Certificate, CertificateItem, CertificateVersion, DocumentOrder
from common.findings import Refused
from employment.businesses.employment_start import EmploymentStart
from employment.models import Employment
from tests.clock import Clock
from tests.factories import (
    Province,
    actor,
    make_certificate,
    make_constructor,
    make_employment,
    make_enterprise,
    make_operator,
    make_person,
    make_training,
)
from workflow.business import business_of
from workflow.enums import Action, CloseReason, Desk, Status
from workflow.models import Application, Event
from workflow.services.acting import act, act_many
from workflow.services.deadlines import apply_deadlines
from workflow.services.filing import create_draft, file_application, resubmit, save_draft, submit

pytestmark = pytest.mark.django_db
NOW = datetime.fromisoformat("2026-11-23T10:00:00+08:00")
PAYLOAD = {"phone": "13800000000", "note": "", "commitment": True}


@pytest.fixture(autouse=True)
def today(clock: Clock) -> None:
    clock.stop_at(NOW)


class Story:
    """A person with one B certificate that may be extended now."""

    def __init__(self, *, ends_on: date = date(2027, 1, 31), name: str = "欧阳·䶮𬭎") -> None:
        self.enterprise = make_enterprise()
        self.operator = make_operator(self.enterprise)
        self.person = make_person(name)
        make_employment(self.person, self.enterprise, "07")
        self.certificate = make_certificate(self.person, self.enterprise, "B", ends_on=ends_on)
        make_training(self.person, ends_on=date(2025, 6, 1))
        self.me = actor(self.person.user)
        self.employer = actor(self.operator)

    def draft(self, kind: str = "extension") -> Application:
        case = business_of(kind).prepare(self.me, {"certificate": str(self.certificate.pk)}, today=NOW.date())
        application = create_draft(case=case, actor=self.me, now=NOW)
        save_draft(application.pk, payload=PAYLOAD, actor=self.me)
        return application

    def filed(self, kind: str = "extension") -> Application:
        application = self.draft(kind)
        submit(application.pk, actor=self.me, now=NOW)
        application.refresh_from_db()
        return application


@pytest.fixture
def province() -> Province:
    return Province()


def codes(refused: Refused) -> set[str]:
    return {finding.code for finding in refused.findings}


def test_extension_passes_every_desk_and_issues_a_version(province: Province) -> None:
    story = Story()
    application = story.filed()
    assert (application.desk, application.holder_enterprise) == (Desk.EMPLOYER, story.enterprise)
    act(application.pk, action=Action.APPROVE, actor=story.employer, comment="情况属实", now=NOW)
    application.refresh_from_db()
    assert (application.desk, application.holder_office) == (Desk.MUNICIPAL, province.municipal)
    assert application.due_on == date(2026, 11, 30)
    act(application.pk, action=Action.APPROVE, actor=province.municipal_actor, now=NOW)
    application.refresh_from_db()
    assert application.accepted_at == NOW
    assert (application.desk, application.due_on) == (Desk.PROVINCIAL, date(2026, 12, 21))
    act(application.pk, action=Action.APPROVE, actor=province.provincial_actor, now=NOW)
    application.refresh_from_db()
    assert (application.status, application.desk, application.closed_at) == (Status.APPROVED, "", NOW)
    certificate = Certificate.objects.get(pk=story.certificate.pk)
    assert certificate.ends_on == date(2030, 1, 31)
    version = CertificateVersion.objects.get(certificate=certificate)
    assert (version.valid_from, version.valid_to, version.issued_on) == (
        date(2027, 2, 1),
        date(2030, 1, 31),
        NOW.date(),
    )
    assert DocumentOrder.objects.filter(version=version).exists()
    actions = [event.action for event in Event.objects.filter(application=application)]
    assert actions == [Action.SUBMIT, Action.APPROVE, Action.APPROVE, Action.APPROVE]
    assert Message.objects.filter(mailbox=story.person.mailbox, title__contains="已办结").exists()


def test_all_reasons_are_given_at_once(province: Province) -> None:
    story = Story(ends_on=date(2027, 6, 30))
    story.person.id_photo.name = ""
    story.person.save()
    Employment.objects.all().delete()
    application = story.draft()
    with pytest.raises(Refused) as refused:
        submit(application.pk, actor=story.me, now=NOW)
    assert {"person.no_id_photo", "employment.none", "extension.too_early"} <= codes(refused.value)
    application.refresh_from_db()
    assert application.status == Status.DRAFT
    assert application.payload == PAYLOAD


def test_a_photo_missing_at_approval_waits_and_loses_nothing(province: Province) -> None:
    story = Story()
    application = story.filed()
    story.person.id_photo.name = ""
    story.person.save()
    with pytest.raises(Refused) as refused:
        act(application.pk, action=Action.APPROVE, actor=story.employer, now=NOW)
    assert codes(refused.value) == {"person.no_id_photo"}
    application.refresh_from_db()
    assert (application.status, application.desk) == (Status.IN_REVIEW, Desk.EMPLOYER)


def test_a_certificate_is_tied_up_by_one_application_only(province: Province) -> None:
    story = Story()
    first, second = story.draft(), story.draft()
    assert first == second
    submit(first.pk, actor=story.me, now=NOW)
    with pytest.raises(Refused) as refused:
        submit(story.draft().pk, actor=story.me, now=NOW)
    assert "workflow.in_progress" in codes(refused.value)


def test_the_database_refuses_a_second_open_item(province: Province) -> None:
    story = Story()
    application = story.filed()
    other = Application.objects.create(
        number="x",
        kind="extension",
        filed_by="person",
        person=story.person,
        region_id="360102",
        status=Status.IN_REVIEW,
        desk=Desk.EMPLOYER,
        holder_enterprise=story.enterprise,
        desk_entered_at=NOW,
        first_submitted_at=NOW,
    )
    with pytest.raises(DatabaseError), transaction.atomic():
        CertificateItem.objects.create(application=other, certificate=story.certificate, is_open=True)
    act(application.pk, action=Action.WITHDRAW, actor=story.me, now=NOW)
    assert not CertificateItem.objects.get(application=application).is_open


@pytest.mark.parametrize("statement", ["UPDATE workflow_event SET comment = 'x'", "DELETE FROM workflow_event"])
def test_events_are_append_only(province: Province, statement: str) -> None:
    from django.db import connection

    Story().filed()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_returned_stops_the_clock_and_goes_back_to_the_desk(province: Province) -> None:
    story = Story()
    application = story.filed()
    act(application.pk, action=Action.APPROVE, actor=story.employer, now=NOW)
    later = NOW + timedelta(days=2)
    act(application.pk, action=Action.RETURN, actor=province.municipal_actor, comment="请补充电话", now=later)
    application.refresh_from_db()
    assert (application.status, application.desk, application.days_left) == (Status.RETURNED, Desk.FILER, 3)
    back = NOW + timedelta(days=14)
    resubmit(application.pk, actor=story.me, now=back)
    application.refresh_from_db()
    assert (application.desk, application.due_on) == (Desk.MUNICIPAL, date(2026, 12, 10))


def test_changed_content_is_confirmed_by_the_employer_again(province: Province) -> None:
    story = Story()
    application = story.filed()
    act(application.pk, action=Action.APPROVE, actor=story.employer, now=NOW)
    act(application.pk, action=Action.RETURN, actor=province.municipal_actor, comment="电话有误", now=NOW)
    save_draft(application.pk, payload=PAYLOAD | {"phone": "13900000000"}, actor=story.me)
    resubmit(application.pk, actor=story.me, now=NOW)
    application.refresh_from_db()
    assert application.desk == Desk.EMPLOYER


def test_rejection_needs_a_reason_and_ends_it(province: Province) -> None:
    story = Story()
    application = story.filed()
    with pytest.raises(Refused) as refused:
        act(application.pk, action=Action.REJECT, actor=story.employer, comment="  ", now=NOW)
    assert codes(refused.value) == {"workflow.reason_missing"}
    act(application.pk, action=Action.REJECT, actor=story.employer, comment="已离职", now=NOW)
    application.refresh_from_db()
    assert application.status == Status.REJECTED
    with pytest.raises(Refused):
        act(application.pk, action=Action.APPROVE, actor=story.employer, now=NOW)


def test_a_silent_employer_lets_an_extension_lapse(province: Province) -> None:
    story = Story()
    application = story.filed()
    assert apply_deadlines(now=datetime.fromisoformat("2026-12-14T10:00:00+08:00")) == {}
    assert apply_deadlines(now=datetime.fromisoformat("2026-12-15T10:00:00+08:00")) == {"lapsed": 1}
    assert apply_deadlines(now=datetime.fromisoformat("2026-12-15T10:00:00+08:00")) == {}
    application.refresh_from_db()
    assert (application.status, application.close_reason) == (Status.CLOSED, CloseReason.LAPSED)


def test_an_office_that_is_silent_is_deemed_to_have_accepted(province: Province) -> None:
    story = Story()
    application = story.filed()
    act(application.pk, action=Action.APPROVE, actor=story.employer, now=NOW)
    late = datetime.fromisoformat("2026-12-02T10:00:00+08:00")
    assert apply_deadlines(now=late) == {"deemed_accepted": 1}
    application.refresh_from_db()
    assert (application.desk, application.accepted_at) == (Desk.MUNICIPAL, late)
    act(application.pk, action=Action.APPROVE, actor=province.municipal_actor, now=late + timedelta(days=1))
    application.refresh_from_db()
    assert application.due_on == date(2026, 12, 30)


def test_an_unanswered_return_is_deemed_withdrawn(province: Province) -> None:
    story = Story()
    application = story.filed()
    act(application.pk, action=Action.APPROVE, actor=story.employer, now=NOW)
    act(application.pk, action=Action.RETURN, actor=province.municipal_actor, comment="请补充", now=NOW)
    assert apply_deadlines(now=NOW + timedelta(days=31)) == {"unanswered": 1}
    application.refresh_from_db()
    assert application.close_reason == CloseReason.UNANSWERED


class Mover(Story):
    """A person with two certificates of an old enterprise, now employed by a new one."""

    def __init__(self) -> None:
        super().__init__(ends_on=date(2028, 4, 30))
        self.second = make_certificate(self.person, self.enterprise, "C2", ends_on=date(2028, 4, 30))
        Employment.objects.update(ended_at=NOW, end_reason="by_enterprise")
        self.new = make_enterprise("江西新红谷建设有限公司")
        self.new_operator = make_operator(self.new)
        make_employment(self.person, self.new, "07", "08")
        make_constructor(self.person, self.new)


def test_employer_change_moves_all_certificates_of_the_enterprise_together(province: Province) -> None:
    story = Mover()
    application = story.filed("employer_change")
    assert (application.desk, application.holder_enterprise) == (Desk.FORMER_EMPLOYER, story.enterprise)
    act(application.pk, action=Action.APPROVE, actor=story.employer, now=NOW)
    act(application.pk, action=Action.APPROVE, actor=province.municipal_actor, now=NOW)
    act(application.pk, action=Action.APPROVE, actor=province.provincial_actor, now=NOW)
    for certificate in Certificate.objects.filter(person=story.person):
        assert (certificate.enterprise, certificate.enterprise_name) == (story.new, story.new.name)
        assert (certificate.ends_on, certificate.last_change_on) == (date(2028, 4, 30), NOW.date())
        assert certificate.display_status == "normal"
    assert CertificateVersion.objects.count() == 2


def test_a_dissolved_old_enterprise_is_skipped(province: Province) -> None:
    story = Mover()
    story.enterprise.status, story.enterprise.dissolved_on = "dissolved", date(2026, 1, 1)
    story.enterprise.save()
    application = story.filed("employer_change")
    assert application.desk == Desk.MUNICIPAL
    assert [event.action for event in application.events.all()] == [Action.SUBMIT, Action.SKIP]


def test_a_silent_old_enterprise_is_bypassed_to_the_municipal_desk(province: Province) -> None:
    story = Mover()
    application = story.filed("employer_change")
    assert apply_deadlines(now=datetime.fromisoformat("2026-12-01T10:00:00+08:00")) == {"escalated": 1}
    application.refresh_from_db()
    assert (application.desk, application.flags) == (Desk.MUNICIPAL, ["证书所在单位逾期未确认，转地市核实。"])


def test_the_cool_down_counts_from_the_last_change(province: Province) -> None:
    story = Mover()
    story.certificate.last_change_on = date(2026, 7, 2)
    story.certificate.save()
    with pytest.raises(Refused) as refused:
        story.filed("employer_change")
    (finding,) = [finding for finding in refused.value.findings if finding.code == "change.cool_down"]
    assert "2027年1月2日" in finding.detail


def test_a_parameter_that_changes_tomorrow_does_not_change_today(province: Province) -> None:
    story = Story()
    Parameter.objects.create(
        key="acceptance_days", value=1, effective_from=NOW.date() + timedelta(days=1), document_number="新文件"
    )
    application = story.filed()
    act(application.pk, action=Action.APPROVE, actor=story.employer, now=NOW)
    application.refresh_from_db()
    assert application.due_on == date(2026, 11, 30)


def propose(story: Story, enterprise: object = None, operator: object = None) -> Application:
    enterprise = enterprise or make_enterprise()
    operator = operator or make_operator(enterprise)
    case = EmploymentStart().case(
        person_id=story.person.pk,
        enterprise_id=enterprise.pk,
        region_id=enterprise.region_id,
        payload={"posts": ["07"], "contract_from": "2026-11-01", "contract_to": None},
        today=NOW.date(),
    )
    return file_application(case=case, actor=actor(operator), now=NOW)


def test_accepting_a_proposal_needs_a_second_verification_and_closes_the_others(province: Province) -> None:
    story = Story()
    Employment.objects.all().delete()
    first, second = propose(story), propose(story)
    with pytest.raises(Refused):
        act(first.pk, action=Action.APPROVE, actor=story.me, now=NOW)
    act(first.pk, action=Action.APPROVE, actor=actor(story.person.user, is_verified=True), now=NOW)
    assert Employment.objects.active().get(person=story.person).enterprise == first.enterprise
    second.refresh_from_db()
    assert (second.status, second.close_reason) == (Status.CLOSED, CloseReason.OVERTAKEN)


def test_accepting_while_employed_elsewhere_is_refused_with_the_way_out(province: Province) -> None:
    story = Story()
    proposal = propose(story)
    with pytest.raises(Refused) as refused:
        act(proposal.pk, action=Action.APPROVE, actor=actor(story.person.user, is_verified=True), now=NOW)
    assert codes(refused.value) == {"employment.elsewhere"}


def test_an_expired_contract_is_ended_first(province: Province) -> None:
    story = Story()
    Employment.objects.update(contract_to=date(2026, 11, 1))
    proposal = propose(story)
    act(proposal.pk, action=Action.APPROVE, actor=actor(story.person.user, is_verified=True), now=NOW)
    assert Employment.objects.active().get(person=story.person).enterprise == proposal.enterprise


def test_one_bad_row_never_blocks_the_others(province: Province) -> None:
    stories = [Story(name=f"李{number}号") for number in "一二三"]
    applications = [story.filed() for story in stories]
    for story, application in zip(stories, applications, strict=True):
        act(application.pk, action=Action.APPROVE, actor=story.employer, now=NOW)
    stories[1].person.id_photo.name = ""
    stories[1].person.save()
    ids = [application.pk for application in applications]
    result = act_many(ids, action=Action.APPROVE, actor=province.municipal_actor, now=NOW)
    assert result.done == [ids[0], ids[2]]
    assert [finding.code for finding in result.refused[ids[1]]] == ["person.no_id_photo"]


def test_bulk_approval_of_fifty_takes_the_queries_of_one(province: Province, django_assert_num_queries: object) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def decide(count: int) -> int:
        stories = [Story(name=f"周{number}") for number in range(count)]
        ids = [story.filed().pk for story in stories]
        for story, pk in zip(stories, ids, strict=True):
            act(pk, action=Action.APPROVE, actor=story.employer, now=NOW)
        act_many(ids, action=Action.APPROVE, actor=province.municipal_actor, now=NOW)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            result = act_many(ids, action=Action.APPROVE, actor=province.provincial_actor, now=NOW)
        assert len(result.done) == count
        return len(queries)

    assert decide(1) == decide(50)
