"""The edge cases of the domain, each with its right behaviour, by number.

3, 14 and 32, and those of decisions by the authority (15 to 19), of imports (20) and exams (10, 26 to 28) are tested
beside what they concern.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from administration.models import ImportRun
from certificates.documents.services import make_document
from certificates.enums import Category, LegalState
from certificates.issuing.versions import issue_electronic
from certificates.models import (
    Certificate,
    CertificateTerm,
    CertificateVersion,
    Document,
    LegacyCertificate,
    NumberCounter,
)
from certificates.state.display import status_of
from common.findings import Finding, Refused
from devtools.demo_keys import pki as demo_pki
from devtools.demo_keys.pki import ensure_demo_pki
from employment.models import Employment
from enterprises.models import Enterprise, ProjectInProgress
from enterprises.register.dissolution import dissolve
from enterprises.register.services import change_name
from tests.clock import Clock
from tests.concurrency import at_once
from tests.factories import (
    actor,
    make_certificate,
    make_employment,
    make_enterprise,
    make_operator,
    make_person,
    make_staff,
)
from tests.workflow.browsing import browser, words
from tests.worlds.additional_a import AdditionalAWorld
from tests.worlds.base import NOW, PAYLOAD, TODAY, CertificateWorld, World, scan
from tests.worlds.c3_merge import C3MergeWorld
from tests.worlds.cancellation import CancellationWorld
from tests.worlds.correction import CorrectionWorld
from tests.worlds.employer_change import EmployerChangeWorld
from tests.worlds.employment_start import EmploymentStartWorld
from tests.worlds.extension import ExtensionWorld
from tests.worlds.late_entry import LateEntryWorld
from tests.worlds.transfer_in import TransferInWorld
from workflow.actors import SYSTEM
from workflow.business import business_of
from workflow.checks import Case
from workflow.enums import Action, CloseReason, Desk, Status
from workflow.models import Application, Event
from workflow.services.acting import act
from workflow.services.deadlines import apply_deadlines
from workflow.services.filing import create_draft, resubmit, save_draft

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(clock: Clock) -> None:
    clock.stop_at(NOW)


def at(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T10:00:00+08:00")


def approve(world: World, application: Application, now: datetime = NOW) -> None:
    act(
        application.pk,
        action=Action.APPROVE,
        actor=world.holder(application),
        detail=world.originals(application),
        now=now,
    )
    application.refresh_from_db()


def decide(world: World, application: Application, now: datetime = NOW) -> None:
    while application.is_open:
        approve(world, application, now)
    assert application.status == Status.APPROVED


def refused(call: Callable[[], object]) -> dict[str, Finding]:
    with pytest.raises(Refused) as caught:
        call()
    return {finding.code: finding for finding in caught.value.findings}


def ending(world: type[CertificateWorld], day: date) -> CertificateWorld:
    """The same world with a certificate that ends on that day."""
    return type(world.__name__, (world,), {"ends_on": day})()  # type: ignore[no-any-return]


def terms(certificate: Certificate) -> list[tuple[date, date]]:
    rows = CertificateTerm.objects.filter(certificate=certificate, reversed_at__isnull=True).order_by("starts_on")
    return [(row.starts_on, row.ends_on) for row in rows]


def propose(world: EmploymentStartWorld, enterprise: Enterprise) -> Application:
    other = EmploymentStartWorld(world.province, (enterprise, make_operator(enterprise)))
    other.person = world.person
    return other.file()


def test_edge_01_filed_in_time_and_decided_late_it_stays_usable_and_follows_the_old_term(
    clock: Clock, client: Client
) -> None:
    world = ending(ExtensionWorld, date(2026, 11, 30))
    application = world.file()
    late = at("2026-12-10")
    clock.stop_at(late)
    answer = status_of(world.certificate)
    assert (answer.is_normal, answer.label) == (True, "延续审查中")
    asked = {"number": world.certificate.number, "name": world.person.name}
    assert world.certificate.number in client.post("/lookup/", asked).text
    decide(world, application, late)
    assert terms(world.certificate) == [
        (date(2023, 12, 1), date(2026, 11, 30)),
        (date(2026, 12, 1), date(2029, 11, 30)),
    ]
    assert status_of(Certificate.objects.get()).label == "正常使用"


def test_edge_02_one_day_late_is_refused_and_points_to_the_exam(clock: Clock) -> None:
    world = ending(ExtensionWorld, date(2026, 11, 24))
    late = at("2026-11-25")
    clock.stop_at(late)
    found = refused(lambda: world.file(late))
    assert set(found) == {"extension.too_late"}
    assert "需要重新参加考核" in found["extension.too_late"].detail
    assert not status_of(world.certificate).is_normal
    clock.stop_at(at("2026-11-24"))
    assert world.file(at("2026-11-24")).desk == Desk.EMPLOYER


@pytest.mark.parametrize(
    ("ends_on", "too_early", "opens"),
    [
        (date(2027, 5, 31), "2027-02-27", "2027-02-28"),
        (date(2028, 5, 31), "2028-02-28", "2028-02-29"),
        (date(2027, 5, 30), "2027-02-27", "2027-02-28"),
        (date(2027, 3, 31), "2026-12-30", "2026-12-31"),
    ],
)
def test_edge_04_the_window_opens_on_the_last_day_of_a_short_month(
    clock: Clock, ends_on: date, too_early: str, opens: str
) -> None:
    world = ending(ExtensionWorld, ends_on)
    clock.stop_at(at(too_early))
    assert set(refused(lambda: world.file(at(too_early)))) == {"extension.too_early"}
    clock.stop_at(at(opens))
    assert world.file(at(opens)).desk == Desk.EMPLOYER


def test_edge_05_change_and_extension_at_once_are_one_open_application() -> None:
    world = ending(EmployerChangeWorld, date(2027, 1, 31))
    change = world.file()
    case = business_of("extension").prepare(world.filer, {"certificate": str(world.certificate.pk)}, today=TODAY)
    extension = create_draft(case=case, actor=world.filer, now=NOW)
    save_draft(extension.pk, payload=PAYLOAD, actor=world.filer)
    page = browser(world.person_user).post(
        f"/applications/{extension.number}/edit/", {"phone": "13800000000", "note": "", "commitment": "on"}
    )
    assert page.status_code == 409
    assert f"办件{change.number}办结或撤回后才能再次申请" in words(page)
    assert f'href="/applications/{change.number}/"' in page.content.decode()
    # Once the change is decided, the extension is filed with the new employer.
    decide(world, change)
    extension.delete()
    second = ExtensionWorld.__new__(ExtensionWorld)
    second.__dict__ = world.__dict__
    application = second.file()
    assert (application.desk, application.holder_enterprise) == (Desk.EMPLOYER, world.new)


def test_edge_05_a_change_filed_in_time_is_decided_after_the_end(clock: Clock) -> None:
    """It holds the expiry; what it prints begins with the term, since the day of decision lies behind the end."""
    world = ending(EmployerChangeWorld, date(2026, 11, 30))
    application = world.file()
    late = at("2026-12-03")
    clock.stop_at(late)
    assert status_of(world.certificate).in_extension_review
    decide(world, application, late)
    version = CertificateVersion.objects.get()
    assert (version.valid_from, version.valid_to, version.issued_on) == (
        date(2023, 12, 1),
        date(2026, 11, 30),
        date(2026, 12, 3),
    )
    assert Certificate.objects.get().enterprise == world.new


def test_edge_06_two_proposals_stand_until_one_is_accepted() -> None:
    world = EmploymentStartWorld()
    first, second = world.file(), propose(world, make_enterprise())
    assert first.is_open
    assert second.is_open
    approve(world, second)
    first.refresh_from_db()
    assert (first.status, first.close_reason) == (Status.CLOSED, CloseReason.OVERTAKEN)
    assert Employment.objects.active().get(person=world.person).enterprise == second.enterprise


def test_edge_07_accepting_while_employed_is_refused_and_shows_how_to_end() -> None:
    world = EmploymentStartWorld()
    present = make_enterprise("江西现单位建设有限公司")
    make_employment(world.person, present, "08")
    application = world.file()
    found = refused(lambda: approve(world, application))
    (finding,) = found.values()
    assert finding.message == "您现受聘于江西现单位建设有限公司"
    assert "请先由现单位在企业服务平台解除聘用" in finding.detail
    assert finding.cure is not None
    assert finding.cure.url_name == "employment:mine"
    Employment.objects.filter(enterprise=present).update(ended_at=NOW, end_reason="by_enterprise")
    approve(world, application)
    assert application.status == Status.APPROVED


def test_edge_08_a_dissolved_old_employer_is_skipped_and_its_employments_end() -> None:
    world = EmployerChangeWorld()
    colleague = make_person("李同事")
    make_employment(colleague, world.enterprise, "08")
    dissolve({world.enterprise.pk: ("dissolved", TODAY)})
    assert not Employment.objects.active().filter(enterprise=world.enterprise).exists()
    assert Employment.objects.get(person=colleague).end_reason == "enterprise_gone"
    application = world.file()
    assert application.desk == Desk.MUNICIPAL
    skip = Event.objects.get(application=application, action=Action.SKIP)
    assert (skip.desk, skip.actor_name) == (Desk.FORMER_EMPLOYER, "系统")
    assert "不需要其确认" in skip.comment


def test_edge_08_an_old_employer_that_is_dissolved_while_it_is_asked_is_skipped_too() -> None:
    world = EmployerChangeWorld()
    application = world.file()
    assert application.desk == Desk.FORMER_EMPLOYER
    dissolve({world.enterprise.pk: ("revoked", TODAY)})
    assert apply_deadlines(now=NOW) == {"skipped": 1}
    assert apply_deadlines(now=NOW) == {}
    application.refresh_from_db()
    assert (application.desk, application.flags) == (Desk.MUNICIPAL, [])
    decide(world, application)


def test_edge_08_a_present_employer_that_is_dissolved_while_it_is_asked_ends_the_case() -> None:
    world = ExtensionWorld()
    application = world.file()
    dissolve({world.enterprise.pk: ("dissolved", TODAY)})
    assert apply_deadlines(now=NOW) == {"enterprise_gone": 1}
    application.refresh_from_db()
    assert (application.status, application.close_reason) == (Status.CLOSED, CloseReason.ENTERPRISE_GONE)


def test_edge_08_a_cancellation_goes_on_without_its_dissolved_employer() -> None:
    world = CancellationWorld()
    application = world.file()
    assert application.desk == Desk.EMPLOYER
    dissolve({world.enterprise.pk: ("dissolved", TODAY)})
    assert apply_deadlines(now=NOW) == {"skipped": 1}
    application.refresh_from_db()
    assert application.desk == Desk.PROVINCIAL
    decide(world, application)
    world.check_effect()


def test_edge_09_a_rename_during_review_is_printed_at_the_decision() -> None:
    world = EmployerChangeWorld()
    application = world.file()
    approve(world, application)
    change_name(enterprise_id=world.new.pk, name="江西新红谷建工集团有限公司")
    change_name(enterprise_id=world.enterprise.pk, name="江西老赣江集团有限公司")
    approve(world, application)
    page = words(browser(world.province.decider).get(f"/office/applications/{application.number}/"))
    assert "江西新红谷建工集团有限公司" in page
    approve(world, application)
    assert CertificateVersion.objects.get().enterprise_name == "江西新红谷建工集团有限公司"
    certificate = Certificate.objects.get()
    assert certificate.enterprise_name == "江西新红谷建工集团有限公司"
    assert status_of(certificate).findings == ()


class LegalRepresentativeChange(EmployerChangeWorld):
    """Comes with an A certificate to be the legal representative of the new enterprise."""

    def build(self) -> None:
        old, self.old_operator = make_enterprise(), None
        self.enterprise, self.operator = old, make_operator(old)
        self.certificate = make_certificate(self.person, old, "A", ends_on=self.ends_on, post="02")
        self.new = make_enterprise()
        self.new_operator = make_operator(self.new)
        make_employment(self.person, self.new, "01")

    def case(self) -> Case:
        return replace(super().case(), payload=PAYLOAD | {"post": "01"})


def test_edge_11_a_new_legal_representative_waits_until_the_former_one_has_given_up_the_post() -> None:
    world = LegalRepresentativeChange()
    former = make_person("周前任")
    make_employment(former, world.new, "01")
    held = make_certificate(former, world.new, "A", post="01")
    found = refused(world.file)
    assert set(found) == {"holding.A-2"}
    assert found["holding.A-2"].message == "一家企业只能有一本职务为法定代表人的A证"
    Certificate.objects.filter(pk=held.pk).update(post="02")
    application = world.file()
    decide(world, application)
    certificate = Certificate.objects.get(pk=world.certificate.pk)
    assert (certificate.enterprise, certificate.post) == (world.new, "01")


def test_edge_11_two_who_come_at_once_do_not_both_become_legal_representative() -> None:
    """The rule is looked at once more under the enterprise's lock at the decision."""
    first = LegalRepresentativeChange()
    second = LegalRepresentativeChange(first.province)
    Employment.objects.filter(person=second.person).update(enterprise=first.new)
    second.new, second.new_operator = first.new, first.new_operator
    applications = [first.file(), second.file()]
    for world, application in zip((first, second), applications, strict=True):
        approve(world, application)
        approve(world, application)
    approve(first, applications[0])
    assert applications[0].status == Status.APPROVED
    assert set(refused(lambda: approve(second, applications[1]))) == {"holding.A-2"}
    applications[1].refresh_from_db()
    assert applications[1].desk == Desk.PROVINCIAL


def test_edge_12_the_legal_representative_of_five_firms_holds_an_a_for_each() -> None:
    world = AdditionalAWorld()
    Employment.objects.filter(person=world.person).update(posts=["01"])
    Certificate.objects.filter(pk=world.certificate.pk).update(post="01")
    for _ in range(4):
        decide(world, world.file())
        world.other = make_enterprise(legal_representative_index=world.person.id_number_index)
        world.other_operator = make_operator(world.other)
    held = Certificate.objects.filter(person=world.person, category=Category.A)
    assert held.values("enterprise").distinct().count() == 5
    for certificate in held:
        assert status_of(certificate).is_normal, status_of(certificate).reasons
        assert certificate.ends_on == world.certificate.ends_on


def test_edge_13_c1_and_c2_both_held_ask_for_the_merge() -> None:
    world = C3MergeWorld()
    (reason,) = status_of(world.first).reasons
    assert reason.code == "holding.C-1"
    assert reason.cure is not None
    assert (reason.cure.business, reason.cure.query) == ("c3_merge", {"certificate": world.first.pk})
    decide(world, world.file())
    world.check_effect()
    merged = Certificate.objects.get(category=Category.C3)
    assert merged.number not in (world.first.number, world.second.number)


def test_edge_13_the_merge_is_decided_on_the_holiday_after_the_end(clock: Clock) -> None:
    world = C3MergeWorld()
    saturday, sunday = date(2026, 11, 21), at("2026-11-22")
    CertificateTerm.objects.update(ends_on=saturday)
    Certificate.objects.update(ends_on=saturday)
    clock.stop_at(sunday)
    decide(world, world.file(sunday), sunday)
    merged = Certificate.objects.get(category=Category.C3)
    assert terms(merged) == [(saturday, saturday)]
    version = CertificateVersion.objects.get()
    assert (version.valid_from, version.valid_to) == (saturday, saturday)


def test_edge_21_the_sequence_skips_numbers_that_old_records_bear() -> None:
    run = ImportRun.objects.create(kind="legacy", file_name="旧证.csv", sha256="0" * 64)
    for serial in (1, 2, 4):
        LegacyCertificate.objects.create(
            id_number="x",
            id_number_index=f"{serial:064}",
            name="旧持证人",
            number=f"赣建安B（2026）{serial:07d}",
            number_year=2026,
            number_serial=serial,
            category="B",
            enterprise_name="旧企业",
            valid_to=date(2029, 1, 31),
            row_number=serial,
            fingerprint=f"{serial:064}",
            import_run=run,
        )
    numbers = []
    for _ in range(2):
        world = TransferInWorld()
        decide(world, world.file())
        numbers.append(Certificate.objects.get(person=world.person).number)
    assert numbers == ["赣建安C2（2026）0000003", "赣建安C2（2026）0000005"]
    assert NumberCounter.objects.get(year=2026).last == 5


def filled(world: LateEntryWorld, number: str) -> Any:
    """The form of the manual, sent."""
    case = world.case()
    draft = create_draft(case=case, actor=world.filer, now=NOW)
    form = {**{key: value for key, value in world.paper.items() if value}, "number": number, "commitment": "on"}
    browser(world.person_user).post(
        f"/applications/{draft.number}/edit/",
        {"upload": "1", "file_certificate": SimpleUploadedFile("证书.jpg", scan().data, content_type="image/jpeg")},
    )
    return browser(world.person_user).post(f"/applications/{draft.number}/edit/", form)


def test_edge_22_late_entry_of_another_province_points_to_the_exchange() -> None:
    page = filled(LateEntryWorld(), "浙建安C2（2019）0009001")
    assert page.status_code == 409
    assert "浙建安C2（2019）0009001不是本省的证书编号" in words(page)
    assert "其他省份的证书不在这里录入，请办理进赣换证" in words(page)
    assert 'href="/applications/new/transfer_in/"' in page.content.decode()


def test_edge_23_late_entry_of_a_matched_certificate_puts_the_evidence_on_it() -> None:
    world = LateEntryWorld()
    known = make_certificate(world.person, world.enterprise, "C2", ends_on=date(2028, 2, 29), year=2019)
    page = filled(world, known.number)
    assert page.status_code == 409
    assert f"{known.number}已在“我的证书”中" in words(page)
    assert f'href="/applications/new/correction/?certificate={known.pk}"' in page.content.decode()
    assert Certificate.objects.filter(person=world.person).count() == 1


def test_edge_23_the_number_of_somebody_else_is_not_told_apart_from_its_holder() -> None:
    world = LateEntryWorld()
    foreign = make_certificate(make_person("周别人"), world.enterprise, "C2", ends_on=date(2028, 2, 29))
    page = filled(world, foreign.number)
    assert "该证书编号已登记在他人名下" in words(page)
    assert "周别人" not in words(page)


class EnterpriseCorrectionWorld(CorrectionWorld):
    """The holder works elsewhere; the correction takes the certificate there."""

    def build(self) -> None:
        super().build()
        self.new = make_enterprise()
        self.new_operator = make_operator(self.new)
        Employment.objects.filter(person=self.person).update(enterprise=self.new)
        _registered_there(self.person, self.new)

    def operators(self) -> dict[int, Any]:
        return {**super().operators(), self.new.pk: self.new_operator}

    def case(self) -> Case:
        return replace(super().case(), payload=PAYLOAD | {"corrects_enterprise": True, "evidence": "award"})


def _registered_there(person: Any, enterprise: Enterprise) -> None:
    """A holder of B is a registered constructor where the certificate goes."""
    from enterprises.models import Qualification

    Qualification.objects.filter(id_number_index=person.id_number_index).update(enterprise=enterprise)


def test_edge_24_a_correction_does_not_dodge_the_cool_down() -> None:
    world = EnterpriseCorrectionWorld()
    Certificate.objects.update(last_change_on=date(2026, 7, 2))
    found = refused(world.file)
    assert set(found) == {"change.cool_down"}
    assert "2027年1月2日起可再次申请" in found["change.cool_down"].detail


def test_edge_24_a_correction_of_the_enterprise_starts_the_cool_down_and_another_does_not() -> None:
    world = EnterpriseCorrectionWorld()
    application = world.file()
    assert application.desk == Desk.MUNICIPAL
    decide(world, application)
    certificate = Certificate.objects.get()
    assert (certificate.enterprise, certificate.last_change_on) == (world.new, TODAY)
    Employment.objects.filter(person=world.person).update(enterprise=world.enterprise)
    _registered_there(world.person, world.enterprise)
    change = EmployerChangeWorld.__new__(EmployerChangeWorld)
    change.__dict__ = world.__dict__
    assert set(refused(change.file)) == {"change.cool_down"}
    plain = CorrectionWorld()
    decide(plain, plain.file())
    assert Certificate.objects.get(pk=plain.certificate.pk).last_change_on is None


def in_progress(world: CertificateWorld, number: str, name: str) -> ProjectInProgress:
    return ProjectInProgress.objects.create(
        number=number,
        name=name,
        enterprise=world.enterprise,
        id_number_index=world.person.id_number_index,
        post="项目负责人",
        started_on=date(2026, 3, 1),
    )


def test_edge_25_a_project_in_progress_blocks_the_cancellation_and_is_listed() -> None:
    world = CancellationWorld()
    projects = [in_progress(world, f"36010020260000{n}", f"红谷滩{n}号楼") for n in (1, 2)]
    with pytest.raises(Refused) as caught:
        world.file()
    assert [finding.message for finding in caught.value.findings] == [
        f"有在建项目：{project.name}" for project in projects
    ]
    ProjectInProgress.objects.update(finished_on=TODAY)
    application = world.file()
    approve(world, application)
    third = in_progress(world, "360100202600003", "赣江新区学校")
    found = refused(lambda: approve(world, application))
    assert found["cancellation.project"].message == "有在建项目：赣江新区学校"
    third.delete()
    decide(world, application)
    world.check_effect()


@pytest.mark.django_db(transaction=True)
def test_edge_29_two_reviewers_press_at_once_one_decides_and_the_other_is_told() -> None:
    world = ExtensionWorld()
    colleague = actor(make_staff(world.province.municipal, "review", name="李娜"))
    application = world.file()
    approve(world, application)
    outcomes = at_once(
        [
            partial(act, application.pk, action=Action.APPROVE, actor=one, now=NOW)
            for one in (world.province.municipal_actor, colleague)
        ]
    )
    (told,) = [outcome for outcome in outcomes if outcome is not None]
    assert isinstance(told, Refused)
    assert "省厅审核" in told.findings[0].message
    assert Event.objects.filter(application=application, desk=Desk.MUNICIPAL).count() == 1
    late = browser(world.province.reviewer).get(f"/office/applications/{application.number}/")
    assert "省厅审核" in words(late)


def test_edge_30_old_file_and_old_code_say_that_they_are_superseded(client: Client) -> None:
    world = ExtensionWorld()
    first = issue_electronic(certificate_id=world.certificate.pk, by=SYSTEM, now=NOW)
    with make_document(first.pk).file.open("rb") as file:
        old = file.read()
    decide(world, world.file())
    page = client.post("/verify/", {"file": SimpleUploadedFile("旧.pdf", old, content_type="application/pdf")}).text
    assert "真实，但不是最新版本" in page
    assert "第 2 版" in page
    page = client.get(f"/v/{first.token}/").text
    assert "已被第 2 版取代" in page
    assert "2030年1月31日" in page
    second = CertificateVersion.objects.get(version=2)
    assert "已被" not in client.get(f"/v/{second.token}/").text
    Certificate.objects.update(legal_state=LegalState.REVOKED)
    assert "撤销" in client.get(f"/v/{first.token}/").text


def test_edge_31_after_a_rotation_old_signatures_stay_valid_and_new_ones_are_made(
    client: Client, tmp_path: Path, settings: Any
) -> None:
    pki = ensure_demo_pki(tmp_path / "own-pki")
    for name, value in {
        "ECERT_SIGNER_KEY": pki.signer_key,
        "ECERT_SIGNER_CERT": pki.signer_certificate,
        "ECERT_CHAIN": pki.chain,
        "ECERT_ROOT": pki.root,
        "ECERT_CRLS": pki.crls,
        "ECERT_TSA_URL": "",
    }.items():
        setattr(settings, name, value)

    def issue() -> Document:
        world = ExtensionWorld()
        return make_document(issue_electronic(certificate_id=world.certificate.pk, by=SYSTEM, now=NOW).pk)

    before = issue()
    demo_pki._issue_signer(pki.directory)
    after = issue()
    assert before.signer != after.signer
    files = []
    for document in (before, after):
        with document.file.open("rb") as file:
            files.append(file.read())
    Document.objects.filter(pk=before.pk).update(sha256="0" * 64)
    Document.objects.filter(pk=after.pk).update(sha256="1" * 64)
    for content in files:
        upload = SimpleUploadedFile("证书.pdf", content, content_type="application/pdf")
        assert "核验结果：真实有效" in client.post("/verify/", {"file": upload}).text


@pytest.mark.parametrize("desk", [Desk.MUNICIPAL, Desk.PROVINCIAL])
def test_edge_33_a_photo_missing_at_approval_waits_with_its_reason_and_loses_nothing(desk: Desk) -> None:
    world = ExtensionWorld()
    application = world.file()
    while application.desk != desk:
        approve(world, application)
    reviewer = world.province.reviewer if desk == Desk.MUNICIPAL else world.province.decider
    photo, payload = world.person.id_photo.name, dict(application.payload)
    world.person.id_photo.name = ""
    world.person.save()
    found = refused(lambda: approve(world, application))
    assert set(found) == {"person.no_id_photo"}
    assert found["person.no_id_photo"].turn == "本人"
    page = words(browser(reviewer).get(f"/office/applications/{application.number}/"))
    assert "未上传个人证件照" in page
    application.refresh_from_db()
    assert (application.status, application.desk, application.payload) == (Status.IN_REVIEW, desk, payload)
    assert not CertificateVersion.objects.exists()
    world.person.id_photo.name = photo
    world.person.save()
    decide(world, application)
    world.check_effect()


def test_edge_33_a_return_for_the_photo_does_not_lose_the_place_in_the_queue() -> None:
    world = ExtensionWorld()
    application = world.file()
    approve(world, application)
    act(application.pk, action=Action.RETURN, actor=world.holder(application), comment="请上传证件照", now=NOW)
    resubmit(application.pk, actor=world.filer, now=NOW + timedelta(days=1))
    application.refresh_from_db()
    assert application.desk == Desk.MUNICIPAL
    assert application.first_submitted_at == NOW
