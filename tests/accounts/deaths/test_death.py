"""A death ends everything at once, with messages to the enterprises, and is taken back where it was an error."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.corrections.services import Grounds
from accounts.deaths.selectors import state_of
from accounts.deaths.services import ask_for_death, ask_to_take_back, decide_death, refuse_death
from accounts.enums import CorrectionKind, Duty, SessionEnd
from accounts.models import LoginSession, Person, RegisterCorrection, User
from administration.enums import DeliveryState, OfficeKind
from administration.messages.services import OutgoingMessage, send
from administration.models import AuditEntry, Contact, Delivery, Message, Notice
from certificates.authority.services import overturn, withdraw
from certificates.enums import Ground, LegalState
from certificates.models import Certificate, CertificateEvent
from common.files.uploads import check_upload
from common.findings import Refused
from employment.enums import EndReason
from employment.models import Employment
from employment.restoring.selectors import restorable
from exams.models import ExamBatch, ExamEntry
from exams.selectors import entries_to_issue
from tests.accounts.cards import upload
from tests.exams.exam_world import make_batch, make_entry
from tests.factories import actor, make_office, make_staff, photo_jpeg
from tests.worlds.extension import ExtensionWorld
from workflow.enums import CloseReason, Status
from workflow.models import Application, Bar

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
LATER = NOW + timedelta(days=2)
DAY = date(2026, 11, 20)


class World:
    def __init__(self) -> None:
        self.world = ExtensionWorld()
        self.person = self.world.person
        self.clerk = make_staff(make_office("东湖区登记点", kind=OfficeKind.REGISTRATION), Duty.REGISTER, name="王敏")
        self.decider = make_staff(self.world.province.provincial, Duty.DECIDE, name="李静")
        self.application = self.world.file()
        self.batch = make_batch()
        self.entry = make_entry(self.person, self.world.enterprise, self.batch)
        self.bar = Bar.objects.create(
            person=self.person, scope="certificates", source="违纪", starts_on=DAY, ends_on=date(2027, 5, 1)
        )

    def recorded(self) -> RegisterCorrection:
        case = ask_for_death(self.person, died_on=DAY, grounds=grounds(), by=self.clerk, now=NOW)
        return decide_death(case, state=state_of(self.person), by=self.decider, now=NOW)

    def told(self) -> set[str]:
        mailbox = self.world.enterprise.mailbox
        return set(Message.objects.filter(mailbox=mailbox).values_list("title", flat=True))

    def fresh(self) -> Person:
        return Person.objects.select_related("user").get(pk=self.person.pk)


@pytest.fixture
def world(db: None) -> World:
    return World()


def grounds() -> Grounds:
    return Grounds("《居民死亡医学证明书》第00123号", "凭证明办理", check_upload(upload(photo_jpeg())))


def codes(refused: Any) -> list[str]:
    return [finding.code for finding in refused.value.findings]


def test_death_ends_everything_and_tells_the_enterprise(world: World, settings: Any) -> None:
    assert world.person.user is not None
    LoginSession.objects.create(user=world.person.user, session_key="a" * 32)
    settings.EMAIL_PROVIDER = "console"
    user_id = world.person.user.pk
    Contact.objects.create(
        mailbox=world.person.mailbox, user_id=user_id, channel="email", address="a@example.com", verified_at=NOW
    )
    send([OutgoingMessage(world.person.mailbox_id, "验证", "内容", event="account")])
    case = world.recorded()
    person, certificate = world.fresh(), Certificate.objects.get(pk=world.world.certificate.pk)
    assert (person.died_on, certificate.legal_state) == (DAY, LegalState.CANCELLED)
    event = CertificateEvent.objects.filter(certificate=certificate).latest("pk")
    assert (event.document_number, event.kind) == (case.document, "cancel_by_office")
    assert event.summary.startswith("持证人死亡")
    application = Application.objects.get(pk=world.application.pk)
    assert (application.status, application.close_reason) == (Status.CLOSED, CloseReason.PERSON_DIED)
    employment = Employment.objects.get(person=person)
    assert (employment.end_reason, employment.end_document) == ("death", case.document)
    assert ExamEntry.objects.get(pk=world.entry.pk).state == "withdrawn"
    assert ExamBatch.objects.get(pk=world.batch.pk).taken == 0
    assert Bar.objects.filter(pk=world.bar.pk, lifted_at=None).exists(), "bars stay"
    assert Notice.objects.filter(kind="cancellation").exists()
    assert person.user is not None
    assert not person.user.is_active
    assert LoginSession.objects.get().ended_why == SessionEnd.DISABLED
    titles = " ".join(world.told())
    for words in ("聘用关系解除", "报名已取消", "已终止"):
        assert words in titles
    states = set(Delivery.objects.filter(contact__user_id=user_id).values_list("state", flat=True))
    assert states == {DeliveryState.FAILED}, "nothing goes to the dead"
    assert AuditEntry.objects.filter(action="confirm_death", object_id=str(person.pk)).exists()


def test_death_in_error_is_taken_back_and_says_what_stays_ended(world: World) -> None:
    done = world.recorded()
    case = ask_to_take_back(done, grounds=grounds(), by=world.clerk, now=LATER)
    decided = decide_death(case, state=state_of(world.fresh()), by=world.decider, now=LATER)
    person = world.fresh()
    assert person.died_on is None
    assert person.user is not None
    assert person.user.is_active
    assert Certificate.objects.get(pk=world.world.certificate.pk).legal_state == LegalState.VALID
    assert Employment.objects.active().filter(person=person).exists()
    left = "".join(decided.record["left"])
    assert world.application.number in left
    assert "报名" in left
    assert Application.objects.get(pk=world.application.pk).status == Status.CLOSED
    assert Message.objects.get(mailbox=person.mailbox, title="死亡登记已撤销").body.endswith("重新报名。")
    with pytest.raises(Refused) as twice:
        ask_to_take_back(done, grounds=grounds(), by=world.clerk, now=LATER)
    assert codes(twice) == ["death.not_recorded"]


def test_death_needs_the_province_and_another_person(world: World) -> None:
    case = ask_for_death(world.person, died_on=DAY, grounds=grounds(), by=world.clerk, now=NOW)
    seen = state_of(world.person)
    with pytest.raises(Refused) as refused:
        decide_death(case, state=seen, by=world.clerk, now=NOW)
    assert codes(refused) == ["death.not_yours", "correction.same_clerk"]
    with pytest.raises(Refused) as stale:
        decide_death(case, state="0", by=world.decider, now=NOW)
    assert codes(stale) == ["death.changed"]
    another = make_staff(world.clerk.office, Duty.REGISTER, name="赵强")
    with pytest.raises(Refused) as refusal:
        refuse_death(case, answer="不办", by=another, now=NOW)
    assert codes(refusal) == ["death.not_yours"]
    answer = browser(another).post(f"/office/deaths/{case.pk}/", {"answer": "不办", "action": "refuse"})
    assert answer.status_code == 409
    assert RegisterCorrection.objects.get(pk=case.pk).is_open
    world.decider.identity_index = world.person.id_number_index
    world.decider.save()
    with pytest.raises(Refused) as own:
        decide_death(case, state=seen, by=world.decider, now=NOW)
    assert codes(own) == ["own_record"]
    assert world.fresh().died_on is None
    with pytest.raises(Refused) as days:
        ask_for_death(world.person, died_on=date(2026, 12, 1), grounds=grounds(), by=world.clerk, now=NOW)
    assert codes(days) == ["death.future", "death.open_correction"]


def test_the_dead_are_taken_on_and_registered_no_more(world: World) -> None:
    world.recorded()
    client = browser(world.clerk)
    client.post("/office/counter/", {"id_number": world.person.id_number})
    page = client.get(f"/office/counter/{world.person.pk}/").content.decode()
    assert "已登记死亡" in page
    assert "重置密码" not in page
    reset = client.post(f"/office/counter/{world.person.pk}/password/")
    assert reset.status_code == 409
    assert "已登记死亡" in reset.content.decode()
    operator = browser(world.world.operator)
    answer = operator.post("/enterprise/employment/new/", {"id_number": world.person.id_number}, follow=True)
    assert "已登记死亡" in answer.content.decode()


def test_an_employment_that_a_dissolution_ended_is_not_restored_for_the_dead(world: World) -> None:
    ended = Employment.objects.active().filter(person=world.person)
    (pk,) = ended.values_list("pk", flat=True)
    ended.update(ended_at=NOW, end_reason=EndReason.ENTERPRISE_GONE)
    world.recorded()
    (row,) = restorable([Employment.objects.select_related("person").get(pk=pk)], NOW.date())
    assert "已登记死亡" in row.why_not


def test_no_first_issue_is_opened_for_the_dead(world: World) -> None:
    batch = make_batch(name="上一批考试")
    passed = make_entry(world.person, world.world.enterprise, batch, category="A", state="passed")
    world.recorded()
    assert list(entries_to_issue({world.person.pk})) == []
    Person.objects.filter(pk=world.person.pk).update(died_on=None)
    assert list(entries_to_issue({world.person.pk})) == [passed]


def test_no_decision_that_is_overturned_gives_the_dead_a_certificate_in_force(world: World) -> None:
    """An earlier penalty, and the cancellation for the death itself; both come back where the death was an error."""
    certificate, by = world.world.certificate, actor(world.decider)
    said = {"document_number": "赣建罚〔2026〕1号", "reason": "发生事故", "by": by, "now": NOW}
    (penalty,) = withdraw([certificate.pk], ground=Ground.ACCIDENT, **said)
    death = world.recorded()
    with pytest.raises(Refused) as refused:
        overturn(penalty.pk, **said)
    assert codes(refused) == ["authority.died"]
    assert "已登记死亡" in str(refused.value)
    assert Certificate.objects.get(pk=certificate.pk).legal_state == LegalState.WITHDRAWN
    undone = ask_to_take_back(death, grounds=grounds(), by=world.clerk, now=LATER)
    decide_death(undone, state=state_of(world.fresh()), by=world.decider, now=LATER)
    overturn(penalty.pk, **said)
    assert Certificate.objects.get(pk=certificate.pk).legal_state == LegalState.VALID
    asked = ask_for_death(world.fresh(), died_on=DAY, grounds=grounds(), by=world.clerk, now=LATER)
    again = decide_death(asked, state=state_of(world.fresh()), by=world.decider, now=LATER)
    cancelled = CertificateEvent.objects.get(pk=again.record["ended"]["certificates"][0])
    with pytest.raises(Refused) as refused:
        overturn(cancelled.pk, **said)
    assert codes(refused) == ["authority.died"]


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_death_pages_from_the_counter_to_the_province(world: World) -> None:
    client, province = browser(world.clerk), browser(world.decider)
    client.post("/office/counter/", {"id_number": world.person.id_number})
    page = f"/office/counter/{world.person.pk}/death/"
    assert world.world.certificate.number in client.get(page).content.decode()
    values = {"died_on": "2026年11月20日", "document": "证明", "is_same_person": "on"}
    missing = client.post(page, {**values, "evidence": upload(photo_jpeg())})
    assert missing.status_code == 400
    assert "已保存" in missing.content.decode()
    asked = client.post(page, {**values, "reason": "凭证明"}, follow=True)
    assert "等待省厅审核人员复核" in asked.content.decode()
    case = RegisterCorrection.objects.get(kind=CorrectionKind.DEATH)
    address = f"/office/deaths/{case.pk}/"
    assert address in province.get("/office/deaths/").content.decode()
    assert "核对无误，登记死亡" in province.get(address).content.decode()
    assert "由您提出" in client.get(address).content.decode()
    assert province.get(f"{address}evidence/").status_code == 200
    sent = {"state": state_of(world.person), "is_checked": "on", "action": "confirm"}
    assert client.post(address, sent).status_code == 409
    done = province.post(address, sent, follow=True)
    assert done.status_code == 200
    assert "已办理" in done.content.decode()
    assert world.fresh().died_on == DAY
    assert province.post(address, sent).status_code == 409
    undo = f"/office/counter/{world.person.pk}/death/undo/"
    back = client.post(undo, {**values, "reason": "登记错人", "evidence": upload(photo_jpeg())}, follow=True)
    assert "等待省厅" in back.content.decode()
    second = RegisterCorrection.objects.get(kind=CorrectionKind.DEATH_UNDO)
    refused = province.post(f"/office/deaths/{second.pk}/", {"answer": "请补证明", "action": "refuse"}, follow=True)
    assert "没有改变" in refused.content.decode()
