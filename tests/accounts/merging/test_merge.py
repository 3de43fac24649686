"""Two records of one person are made into one by two clerks, and taken apart again row by row."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db.models import CharField, ForeignKey
from django.test import Client

from accounts.corrections.services import Grounds, ask_for_number, confirm_number, refuse_correction
from accounts.enums import CorrectionKind, Duty, SessionEnd
from accounts.merging.parts import PARTS
from accounts.merging.selectors import side_by_side, state_of
from accounts.merging.services import Pair, ask_for_merge, ask_for_undoing, decide_merge
from accounts.models import FormerIdNumber, LoginSession, Person, RegisterCorrection, User
from accounts.people.identity import login_of
from accounts.people.selectors import person_by_id_number
from accounts.registration.services import register_person
from administration.enums import OfficeKind
from administration.messages.services import OutgoingMessage, send
from administration.models import AuditEntry, Mailbox, Message, Office
from certificates.enums import DisplayStatus
from certificates.models import Certificate, LegacyCertificate
from common.files.uploads import check_upload
from common.findings import Refused
from employment.models import Employment
from employment.proposing.proposals import why_not_now
from exams.models import ExamEntry
from tests.accounts.cards import PORTRAIT, make_card, upload
from tests.exams.exam_world import make_batch, make_entry
from tests.factories import (
    make_certificate,
    make_employment,
    make_enterprise,
    make_id_number,
    make_office,
    make_person,
    make_staff,
    make_training,
    photo_jpeg,
)
from tests.worlds.extension import ExtensionWorld
from training.models import TrainingRecord
from workflow.actors import SYSTEM, actor_of
from workflow.enums import Action, Desk
from workflow.models import Application, Bar
from workflow.permissions import awaiting, holds
from workflow.services.acting import act

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
LATER = NOW + timedelta(days=3)
NOT_OF_PEOPLE = {
    "accounts.CounterCode.code_index",
    "accounts.KioskRequest.body_index",
    "accounts.Person.id_number_index",
    "accounts.FormerIdNumber.id_number_index",
    "accounts.RegisterCorrection.id_number_index",
    "exams.CheckInLink.token_index",
}
"""Hashes of something else, and the numbers by which a record itself is known."""


@pytest.fixture
def office(db: None) -> Office:
    return make_office("东湖区登记点", kind=OfficeKind.REGISTRATION)


@pytest.fixture
def clerk(office: Office) -> User:
    return make_staff(office, Duty.REGISTER, name="王敏")


@pytest.fixture
def second(office: Office) -> User:
    return make_staff(office, Duty.REGISTER, name="李静")


def grounds() -> Grounds:
    return Grounds("《户籍证明》（东公证〔2026〕15号）", "两次登记", check_upload(upload(photo_jpeg())))


def merged(kept: Person, gone: Person, clerk: User, second: User) -> RegisterCorrection:
    case = ask_for_merge(Pair(kept, gone), grounds=grounds(), by=clerk, now=NOW)
    return decide_merge(case, state=state_of(kept, gone), by=second, now=NOW)


def codes(refused: Any) -> list[str]:
    return [finding.code for finding in refused.value.findings]


def fresh(person: Person) -> Person:
    return Person.objects.select_related("user").get(pk=person.pk)


def test_every_key_of_a_person_is_named_by_a_part_of_the_record() -> None:
    """A table that is added later says whether its rows follow; else this fails."""
    wanted = set()
    for model in apps.get_models():
        if model._meta.app_label not in {config.label for config in apps.get_app_configs() if "." not in config.name}:
            continue
        for field in model._meta.concrete_fields:
            key = f"{model._meta.label}.{field.name}"
            target = getattr(field, "related_model", None)
            is_key = isinstance(field, ForeignKey) and (target is Person or (target is Mailbox and not field.unique))
            is_hash = isinstance(field, CharField) and field.name.endswith("_index") and field.max_length == 64
            if is_key or (is_hash and key not in NOT_OF_PEOPLE):
                wanted.add(key)
    assert set(PARTS.names()) == wanted


class Two:
    """One person twice: the record that goes has something of every kind."""

    def __init__(self) -> None:
        self.world = ExtensionWorld()
        self.gone = self.world.person
        self.kept = make_person(name=self.gone.name)
        self.application = self.world.file()
        self.bar = Bar.objects.create(
            person=self.gone, scope="certificates", source="违纪", starts_on=NOW.date(), ends_on=date(2027, 5, 1)
        )
        self.training = make_training(self.gone, ends_on=date(2026, 3, 5))
        self.entry = make_entry(self.gone, self.world.enterprise, make_batch())
        send([OutgoingMessage(self.gone.mailbox_id, "旧消息")])
        send([OutgoingMessage(self.kept.mailbox_id, "新消息")])


def owners(two: Two) -> dict[str, Any]:
    """Says for every row by which record it is held."""
    return {
        "certificates": sorted(Certificate.objects.values_list("pk", "person")),
        "applications": sorted(Application.objects.values_list("pk", "person")),
        "bars": sorted(Bar.objects.values_list("pk", "person")),
        "employments": sorted(Employment.objects.values_list("pk", "person")),
        "entries": sorted(ExamEntry.objects.values_list("pk", "person")),
        "training": sorted(TrainingRecord.objects.values_list("pk", "id_number_index")),
        "legacy": sorted(LegacyCertificate.objects.values_list("pk", "id_number_index")),
        "aliases": sorted((pk, tuple(names)) for pk, names in Person.objects.values_list("pk", "alias_names")),
        "people": sorted(Person.objects.values_list("pk", "id_number_index", "merged_into")),
        "former": sorted(FormerIdNumber.objects.values_list("id_number_index", "person")),
        "messages": sorted(Message.objects.filter(title__in=["旧消息", "新消息"]).values_list("pk", "mailbox")),
        "active": sorted(User.objects.filter(sphere="person").values_list("pk", "is_active")),
    }


def test_merge_everything_follows_and_undoing_puts_back_exactly_that(clerk: User, second: User) -> None:
    two = Two()
    former = str(two.gone.id_number)
    assert two.gone.user is not None
    LoginSession.objects.create(user=two.gone.user, session_key="a" * 32)
    before, before_training = owners(two), TrainingRecord.objects.count()
    case = merged(two.kept, two.gone, clerk, second)
    kept, gone = fresh(two.kept), fresh(two.gone)
    for model in (Certificate, Application, Bar, Employment, ExamEntry):
        held = model._default_manager.filter(person__in=[kept, gone])
        assert {row.person_id for row in held} == {kept.pk}, model
    assert TrainingRecord.objects.filter(id_number_index=kept.id_number_index).count() == before_training
    assert Message.objects.filter(mailbox=kept.mailbox, title="旧消息").exists()
    assert (person_by_id_number(former), gone.merged_into) == (kept, kept)
    assert gone.user is not None
    assert not gone.user.is_active
    assert LoginSession.objects.get(user=gone.user).ended_why == SessionEnd.MERGED
    with pytest.raises(Refused) as refused:
        register_person(
            card=make_card(id_number=former, birth_date=gone.birth_date, sex=gone.sex),
            portrait=PORTRAIT,
            by=clerk,
            office=two.kept.registered_at_office or clerk.office,  # type: ignore[arg-type]
            now=NOW,
        )
    assert codes(refused) == ["card.former_number"]
    assert Message.objects.filter(mailbox=kept.mailbox, title="您的两份人员登记已合并").count() == 1
    assert AuditEntry.objects.filter(action="confirm_merge").count() == 2

    undo = ask_for_undoing(case, grounds=grounds(), by=second, now=LATER)
    decide_merge(undo, state=state_of(kept, gone), by=clerk, now=LATER)
    assert owners(two) == before
    with pytest.raises(Refused) as twice:
        ask_for_undoing(case, grounds=grounds(), by=second, now=LATER)
    assert codes(twice) == ["unmerge.undone"]


def test_merge_takes_two_people_and_what_was_seen(office: Office, clerk: User, second: User) -> None:
    kept, gone = make_person(), make_person()
    case = ask_for_merge(Pair(kept, gone), grounds=grounds(), by=clerk, now=NOW)
    seen = state_of(kept, gone)
    make_certificate(gone, make_enterprise(), "A")
    with pytest.raises(Refused) as refused:
        decide_merge(case, state=seen, by=clerk, now=NOW)
    assert codes(refused) == ["correction.same_clerk", "merge.changed"]
    with pytest.raises(Refused) as open_twice:
        ask_for_merge(Pair(gone, kept), grounds=grounds(), by=second, now=NOW)
    assert codes(open_twice) == ["merge.open_correction"]
    clerk.identity_index = gone.id_number_index
    clerk.save()
    with pytest.raises(Refused) as own:
        decide_merge(case, state=state_of(kept, gone), by=clerk, now=NOW)
    assert codes(own) == ["own_record"]


def test_a_merged_record_is_not_taken_on_by_a_page_that_was_open_before(clerk: User, second: User) -> None:
    kept, gone, firm = make_person(), make_person(), make_enterprise()
    assert why_not_now(gone, firm) == []
    merged(kept, gone, clerk, second)
    assert [finding.code for finding in why_not_now(fresh(gone), firm)] == ["person.merged"]
    assert why_not_now(fresh(kept), firm) == []


def test_a_number_is_not_corrected_while_a_merge_waits(clerk: User, second: User) -> None:
    kept, gone = make_person(), make_person()
    ask_for_merge(Pair(kept, gone), grounds=grounds(), by=clerk, now=NOW)
    with pytest.raises(Refused) as refused:
        ask_for_number(gone, id_number=make_id_number(), grounds=grounds(), by=second, now=NOW)
    assert codes(refused) == ["correction.open"]


def test_merge_conflicts_are_refused_with_their_cure_or_shown(clerk: User, second: User) -> None:
    one, other = ExtensionWorld(), ExtensionWorld()
    kept, gone = one.person, other.person
    one.file()
    other.file()
    batch = make_batch()
    make_entry(kept, one.enterprise, batch)
    make_entry(gone, other.enterprise, batch)
    with pytest.raises(Refused) as refused:
        ask_for_merge(Pair(kept, gone), grounds=grounds(), by=clerk, now=NOW)
    assert sorted(codes(refused)) == ["merge.both_employed", "merge.both_open", "merge.entered_twice"]
    assert all(finding.detail and finding.turn for finding in refused.value.findings)


def test_merge_of_two_certificates_of_one_category_shows_both_as_irregular(clerk: User, second: User) -> None:
    kept, gone, firm = make_person(), make_person(), make_enterprise()
    make_employment(kept, firm, "07")
    ours, theirs = make_certificate(kept, firm, "B"), make_certificate(gone, firm, "B")
    merged(kept, gone, clerk, second)
    rows = Certificate.objects.filter(pk__in=[ours.pk, theirs.pk])
    assert {row.person_id for row in rows} == {kept.pk}
    assert {row.display_status for row in rows} == {DisplayStatus.ABNORMAL}


def test_merge_is_not_undone_once_something_was_built_on_it_or_too_late(clerk: User, second: User) -> None:
    two = Two()
    case = merged(two.kept, two.gone, clerk, second)
    with pytest.raises(Refused) as late:
        ask_for_undoing(case, grounds=grounds(), by=clerk, now=NOW + timedelta(days=31))
    assert codes(late) == ["unmerge.late"]
    Bar.objects.filter(pk=two.bar.pk).update(person=make_person())
    ExamEntry.objects.filter(pk=two.entry.pk).update(state="approved", reviewed_at=LATER)
    with pytest.raises(Refused) as refused:
        ask_for_undoing(case, grounds=grounds(), by=clerk, now=LATER)
    assert sorted(codes(refused)) == ["unmerge.built_on", "unmerge.row_gone"]


def test_the_record_that_stays_may_take_the_number_of_the_other_and_give_it_back(clerk: User, second: User) -> None:
    kept, gone = make_person(), make_person()
    numbers = own, other = str(kept.id_number), str(gone.id_number)
    case = merged(kept, gone, clerk, second)
    correct(kept, other, clerk, second)
    assert User.objects.get(login=login_of(other)).pk == fresh(kept).user_id
    with pytest.raises(Refused) as refused:
        ask_for_undoing(case, grounds=grounds(), by=clerk, now=LATER)
    assert codes(refused) == ["unmerge.number_taken"]
    correct(kept, own, clerk, second)
    undo = ask_for_undoing(case, grounds=grounds(), by=second, now=LATER)
    decide_merge(undo, state=state_of(fresh(kept), fresh(gone)), by=clerk, now=LATER)
    for person, number in zip((fresh(kept), fresh(gone)), numbers, strict=True):
        assert person.user is not None
        assert (person.id_number, person.user.login, person.user.is_active) == (number, login_of(number), True)


def correct(person: Person, number: str, clerk: User, second: User) -> None:
    case = ask_for_number(fresh(person), id_number=number, grounds=grounds(), by=clerk, now=NOW)
    confirm_number(case, id_number=number, by=second, now=NOW)


def test_nobody_refuses_a_merge_of_the_own_second_record(clerk: User, second: User) -> None:
    kept, gone = make_person(), make_person()
    case = ask_for_merge(Pair(kept, gone), grounds=grounds(), by=clerk, now=NOW)
    second.identity_index = gone.id_number_index
    second.save()
    with pytest.raises(Refused) as refused:
        refuse_correction(case, answer="不办", by=second, now=NOW)
    assert codes(refused) == ["own_record"]


def test_a_course_of_both_records_counts_once(clerk: User, second: User) -> None:
    kept, gone = make_person(), make_person()
    for person in (kept, gone):
        make_training(person, ends_on=date(2026, 5, 2))
    merged(kept, gone, clerk, second)
    assert TrainingRecord.objects.filter(id_number_index=kept.id_number_index).count() == 1


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_merge_pages_from_the_counter_to_the_second_clerk_and_back(clerk: User, second: User) -> None:
    kept, gone = make_person(name="陈一"), make_person(name="陈一")
    make_certificate(gone, make_enterprise(), "A")
    client = browser(clerk)
    client.post("/office/counter/", {"id_number": kept.id_number})
    page = f"/office/counter/{kept.pk}/merge/"
    unknown = client.post(page, {"id_number": make_id_number(birth=date(1971, 2, 3))})
    assert unknown.status_code == 409
    assert "没有查到" in unknown.content.decode()
    assert client.get(f"{page}{gone.pk}/").status_code == 404, "only what this session has searched"
    found = client.post(page, {"id_number": gone.id_number})
    assert found["Location"] == f"{page}{gone.pk}/"
    shown = client.get(found["Location"]).content.decode()
    assert Certificate.objects.get().number in shown
    assert str(gone.id_number) not in shown
    values = {"document": "证明", "reason": "两次登记", "is_same_person": "on"}
    missing = client.post(found["Location"], {**values, "evidence": upload(photo_jpeg())})
    assert missing.status_code == 400
    assert "请选择保留哪一份" in missing.content.decode()
    done = client.post(found["Location"], {**values, "stays": "left"}, follow=True)
    assert "已提出合并" in done.content.decode()
    assert "撤回" in done.content.decode()
    case = RegisterCorrection.objects.get(kind=CorrectionKind.MERGE)
    other = browser(second)
    assert f"/office/merges/{case.pk}/" in other.get("/office/corrections/").content.decode()
    text = other.get(f"/office/merges/{case.pk}/").content.decode()
    assert "并入的登记" in text
    assert "核对无误，合并" in text
    unchecked = other.post(f"/office/merges/{case.pk}/", {"state": state_of(kept, gone), "action": "confirm"})
    assert unchecked.status_code == 400
    stale = other.post(f"/office/merges/{case.pk}/", {"state": "0", "is_checked": "on", "action": "confirm"})
    assert stale.status_code == 409
    assert "又有变化" in stale.content.decode()
    state = state_of(kept, gone)
    decided = other.post(
        f"/office/merges/{case.pk}/", {"state": state, "is_checked": "on", "action": "confirm"}, follow=True
    )
    assert "已办理" in decided.content.decode()
    assert client.get(f"/office/counter/{gone.pk}/").status_code == 404
    assert "撤销合并" in client.get(f"/office/counter/{kept.pk}/").content.decode()
    undo = client.get(f"/office/counter/{kept.pk}/unmerge/")
    assert undo.status_code == 200
    client.post(f"/office/counter/{kept.pk}/unmerge/", {**values, "evidence": upload(photo_jpeg())})
    assert RegisterCorrection.objects.filter(kind=CorrectionKind.UNMERGE, outcome="").count() == 1


def test_a_document_that_was_kept_for_two_records_is_none_for_a_third(clerk: User) -> None:
    one, two, three = make_person(), make_person(), make_person()
    client = browser(clerk)
    for person in (one, two, three):
        client.post("/office/counter/", {"id_number": person.id_number})
    page = f"/office/counter/{one.pk}/merge/"
    values = {"document": "证明", "reason": "两次登记", "is_same_person": "on"}
    client.post(f"{page}{two.pk}/", {**values, "evidence": upload(photo_jpeg())})
    assert "证明扫描件" in client.get(f"{page}{two.pk}/").content.decode()
    kept = client.get(f"{page}{two.pk}/").context["kept_scan"]
    assert kept is not None
    assert client.get(f"{page}{three.pk}/").context["kept_scan"] is None
    refused = client.post(f"{page}{three.pk}/", {**values, "stays": "left"})
    assert refused.status_code == 400
    assert "请上传证明扫描件" in refused.content.decode()
    assert not RegisterCorrection.objects.exists()


def test_an_approval_names_the_person_also_after_the_number_has_changed(clerk: User, second: User) -> None:
    """Four eyes: the second login of whoever has accepted a case decides on it neither before nor after a merge."""
    world = ExtensionWorld()
    application = world.file(now=NOW)
    province = world.province
    kept, gone = make_person("审一"), make_person("审一")
    User.objects.filter(pk=province.reviewer.pk).update(identity_index=gone.id_number_index)
    other = make_staff(province.provincial, Duty.DECIDE, name="审一")
    User.objects.filter(pk=other.pk).update(identity_index=gone.id_number_index)

    def may_decide() -> bool:
        case = Application.objects.get(pk=application.pk)
        found = actor_of(User.objects.get(pk=other.pk))
        assert found is not None
        listed = Application.objects.filter(awaiting(found)).exists()
        assert listed == holds(found, case)
        return listed

    act(application.pk, action=Action.APPROVE, actor=world.holder(application), now=NOW)
    reviewer = actor_of(User.objects.get(pk=province.reviewer.pk))
    assert reviewer is not None
    act(application.pk, action=Action.APPROVE, actor=reviewer, now=NOW)
    assert Application.objects.get(pk=application.pk).desk == Desk.PROVINCIAL
    assert not may_decide()
    case = merged(kept, gone, clerk, second)
    assert User.objects.get(pk=other.pk).identity_index == kept.id_number_index
    assert not may_decide()
    undo = ask_for_undoing(case, grounds=grounds(), by=clerk, now=LATER)
    decide_merge(undo, state=state_of(fresh(kept), fresh(gone)), by=second, now=LATER)
    assert not may_decide()
    number = make_id_number(birth=date(1975, 5, 6))
    asked = ask_for_number(fresh(gone), id_number=number, grounds=grounds(), by=clerk, now=LATER)
    confirm_number(asked, id_number=number, by=second, now=LATER)
    assert User.objects.get(pk=other.pk).identity_index == fresh(gone).id_number_index
    assert not may_decide()
    assert Application.objects.filter(awaiting(actor_of(province.decider) or SYSTEM)).exists()


def test_side_by_side_takes_a_constant_number_of_queries(
    db: None, django_assert_max_num_queries: Any, clerk: User
) -> None:
    kept, gone, firm = make_person(), make_person(), make_enterprise()
    for _ in range(12):
        make_certificate(gone, firm, "A")
    with django_assert_max_num_queries(3 * len(PARTS)):
        rows = side_by_side(kept, gone)
    (certificates,) = [row for row in rows if row.title == "证书"]
    assert (certificates.gone.count, certificates.gone.more) == (12, 4)
