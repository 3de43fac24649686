"""B4: what belongs to a person follows a corrected ID number. B5: what a certificate prints is compared with the person."""

from __future__ import annotations

from datetime import UTC, date, datetime
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client

from accounts.corrections.services import Grounds, ask_for_number, confirm_number
from accounts.enums import Duty
from accounts.models import Person
from accounts.people.identity import id_number_index
from accounts.registration.services import confirm_name
from administration.enums import OfficeKind
from administration.imports.services import run_import
from administration.models import Message
from certificates.enums import DisplayStatus, LegacyState, Operation
from certificates.issuing.versions import Reissue, reissue
from certificates.legacy.rows import fingerprint_of_record
from certificates.legacy.settling.corrections import corrected_record
from certificates.models import Certificate, CertificateTerm, LegacyCertificate, OutOfProvinceCertificate
from certificates.public.lookup import by_id_number, version_state
from certificates.public.selectors import version_by_token
from certificates.state.display import reasons_of_codes, status_of
from certificates.state.snapshots import refresh_for_people
from common.files.uploads import check_upload
from common.text.certificate_number import parse_number
from enterprises.models import Enterprise, ProjectInProgress, Qualification
from tests.accounts.cards import upload
from tests.factories import (
    make_certificate,
    make_employment,
    make_enterprise,
    make_id_number,
    make_office,
    make_operator,
    make_person,
    make_staff,
    make_training,
    photo_jpeg,
)
from training.models import TrainingRecord
from workflow.actors import SYSTEM
from workflow.models import Bar

from .legacy.legacy_files import csv_bytes, id_number, row

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
OTHER_BIRTH = date(1985, 7, 14)
CORRECTED = (
    "category", "enterprise_name", "post", "first_issued_on", "issued_on", "valid_from", "valid_to", "source_state",
)  # fmt: skip


def correct(person: Person, number: str) -> Person:
    office = make_office("东湖区登记点", kind=OfficeKind.REGISTRATION)
    first, second = make_staff(office, Duty.REGISTER), make_staff(office, Duty.REGISTER, name="李静")
    grounds = Grounds("东公证〔2026〕12号", "号码录入有误", check_upload(upload(photo_jpeg())))
    case = ask_for_number(person, id_number=number, grounds=grounds, by=first, now=NOW)
    confirm_number(case, id_number=number, by=second, now=NOW)
    return Person.objects.get(pk=person.pk)


def rename(person: Person, name: str) -> None:
    clerk = make_staff(make_office(kind=OfficeKind.REGISTRATION), Duty.REGISTER)
    Person.objects.filter(pk=person.pk).update(quarantined_reason="姓名变了")
    confirm_name(person, name=name, reason="户口簿变更页", by=clerk, now=NOW)


def issued(person: Person, enterprise: Enterprise, category: str = "A") -> Certificate:
    """A certificate with a printed version, in normal use."""
    certificate = make_certificate(person, enterprise, category)
    term = CertificateTerm.objects.get(certificate=certificate)
    reissue([Reissue(certificate, term, Operation.CHANGE, term.starts_on)], by=SYSTEM, now=NOW)
    return certificate


def test_workflow_b4_what_other_systems_say_follows_the_corrected_number() -> None:
    enterprise = make_enterprise()
    person = make_person("葛花一")
    make_employment(person, enterprise, "07")
    certificate = make_certificate(person, enterprise, "B")
    make_training(person)
    former, index = str(person.id_number), person.id_number_index
    project = ProjectInProgress.objects.create(
        number="3601211811130101", name="演示项目", enterprise=enterprise, id_number_index=index
    )
    Enterprise.objects.filter(pk=enterprise.pk).update(legal_representative_index=index)
    elsewhere = OutOfProvinceCertificate.objects.create(
        id_number_index=index, number="浙建安A（2021）0001234", province="浙江", category="A", name="葛花一",
        valid_to=date(2099, 1, 1),
    )  # fmt: skip
    bar = Bar.objects.create(
        person=person, scope="exam", source="撤销", starts_on=date(2026, 1, 1), ends_on=date(2029, 1, 1)
    )
    number = make_id_number(birth=OTHER_BIRTH)
    after = correct(person, number)
    present = after.id_number_index
    assert present != index
    assert Certificate.objects.get().person == after
    assert certificate.person_id == Bar.objects.get(pk=bar.pk).person_id == after.pk
    followed = (
        TrainingRecord.objects.get().id_number_index,
        Qualification.objects.get().id_number_index,
        ProjectInProgress.objects.get(pk=project.pk).id_number_index,
        Enterprise.objects.get().legal_representative_index,
        OutOfProvinceCertificate.objects.get(pk=elsewhere.pk).id_number_index,
    )
    assert set(followed) == {present}
    assert [one.number for one in by_id_number(former, "葛花一")] == [
        one.number for one in by_id_number(number, "葛花一")
    ]


def test_workflow_b4_training_known_under_both_numbers_counts_once() -> None:
    person = make_person()
    make_training(person)
    number = make_id_number(birth=OTHER_BIRTH)
    other = make_person("李大海", id_number=make_id_number(birth=date(1991, 1, 1)))
    twin = make_training(other)
    TrainingRecord.objects.filter(pk=twin.pk).update(id_number_index=id_number_index(number))
    after = correct(person, number)
    assert TrainingRecord.objects.filter(id_number_index=after.id_number_index).count() == 1


def test_workflow_b4_old_record_under_the_former_number_still_matches() -> None:
    make_enterprise("江西甲建筑有限公司")
    person = make_person("张三", id_number=id_number(1))
    after = correct(person, make_id_number(birth=OTHER_BIRTH))
    file = csv_bytes(row("张三", 1))
    book = run_import("legacy", file, "f.csv")
    assert (book.new, book.bad) == (1, 0)
    assert Certificate.objects.get().person == after
    assert LegacyCertificate.objects.get().id_number_index == after.id_number_index
    assert run_import("legacy", file, "again.csv").new == 0, "the same file changes nothing"


def test_a_file_read_before_a_correction_is_known_after_names_were_cleaned() -> None:
    person = make_person("张三", id_number=id_number(1))
    file = csv_bytes(row("张三", 1), row("李四", 2, 2))
    run_import("legacy", file, "f.csv")
    for record in LegacyCertificate.objects.all():
        record.enterprise_name += "\u200b"  # as an earlier reading has stored it
        record.fingerprint = fingerprint_of_record(record)
        record.save()
    gone = LegacyCertificate.objects.get(name="李四")
    LegacyCertificate.objects.filter(pk=gone.pk).update(state=LegacyState.DISCARDED, fingerprint="2" * 64)
    after = correct(person, make_id_number(birth=OTHER_BIRTH))
    call_command("clean_names", "--apply", stdout=StringIO())
    assert not LegacyCertificate.objects.filter(enterprise_name__contains="\u200b").exists()
    assert LegacyCertificate.objects.get(name="张三").id_number_index == after.id_number_index
    book = run_import("legacy", file, "again.csv")
    assert (book.known, book.new) == (1, 1), "what an import was taken back for comes in anew"


def test_a_record_corrected_by_a_clerk_stays_with_whoever_had_its_number() -> None:
    person = make_person("张三", id_number=id_number(1))
    run_import("legacy", csv_bytes(row("张三", 1)), "f.csv")
    after = correct(person, make_id_number(birth=OTHER_BIRTH))
    record = LegacyCertificate.objects.get()
    values = {name: getattr(record, name) for name in CORRECTED} | {"id_number": "", "name": "张叁"}
    corrected = corrected_record(record, values | {"number": parse_number(record.number)})
    assert (corrected.name, corrected.id_number_index) == ("张叁", after.id_number_index)
    assert corrected.id_number == id_number(1)


def test_workflow_b4_old_record_under_the_new_number_matches_at_the_correction() -> None:
    make_enterprise("江西甲建筑有限公司")
    person = make_person("张三", id_number=make_id_number(birth=OTHER_BIRTH))
    run_import("legacy", csv_bytes(row("张三", 1)), "f.csv")
    assert not Certificate.objects.exists()
    assert correct(person, id_number(1)) == Certificate.objects.get().person


@pytest.mark.parametrize(
    ("kind", "header", "line"),
    [
        (
            "training",
            "姓名,身份证号,培训机构,课程,学时,开始日期,结束日期",
            "张三,{number},江西建设培训中心,继续教育,24,2026-01-01,2026-01-03",
        ),
        ("constructors", "姓名,身份证号,注册编号,专业", "张三,{number},赣236000000001,建筑工程"),
        ("outside", "姓名,身份证号,证书编号,省份,有效期止", "张三,{number},浙建安A（2021）0001234,浙江,2029-01-01"),
    ],
)
def test_workflow_b4_tables_with_the_former_number_reach_the_person(kind: str, header: str, line: str) -> None:
    person = make_person("张三")
    former = str(person.id_number)
    after = correct(person, make_id_number(birth=OTHER_BIRTH))
    file = f"{header}\n{line.format(number=former)}\n".encode()
    book = run_import(kind, file, "f.csv")
    assert (book.new, book.bad) == (1, 0)
    model = {"training": TrainingRecord, "constructors": Qualification, "outside": OutOfProvinceCertificate}[kind]
    assert [one.id_number_index for one in model._default_manager.all()] == [after.id_number_index]
    assert run_import(kind, file, "again.csv").new == 0


def test_workflow_b5_changed_name_is_an_advisory_with_the_cure_and_a_message() -> None:
    enterprise, person = make_enterprise(), make_person("欧阳·䶮")
    make_employment(person, enterprise, "02")
    certificate = issued(person, enterprise)
    rename(person, "欧阳海")
    certificate.refresh_from_db()
    assert certificate.display_status == DisplayStatus.NORMAL, "a printed snapshot stays usable (F21)"
    assert [(one.words, one.blocking) for one in reasons_of_codes(certificate.display_codes)] == [
        ("证书姓名与实名登记不一致，待纠错", False)
    ]
    finding = next(one for one in status_of(certificate).findings if one.code == "person.name_differs")
    assert finding.cure is not None
    assert (finding.cure.business, finding.cure.query) == ("correction", {"certificate": certificate.pk})
    message = Message.objects.get(mailbox=person.mailbox, title="证书姓名与实名登记不一致")
    assert certificate.number in message.body
    assert message.link == f"/applications/new/correction/?certificate={certificate.pk}"


def test_workflow_b5_list_detail_and_staffing_board_show_it() -> None:
    enterprise, person = make_enterprise(), make_person("欧阳·䶮")
    make_employment(person, enterprise, "02")
    certificate = issued(person, enterprise)
    rename(person, "欧阳海")
    holder, operator = Client(), Client()
    holder.force_login(person.user, backend="django.contrib.auth.backends.ModelBackend")  # type: ignore[arg-type]
    operator.force_login(make_operator(enterprise), backend="django.contrib.auth.backends.ModelBackend")
    for address in ("/person/certificates/", f"/person/certificates/{certificate.pk}/"):
        page = holder.get(address)
        assert "证书姓名与实名登记不一致" in page.text, address
        assert f"/applications/new/correction/?certificate={certificate.pk}" in page.text, address
    assert "证书姓名与实名登记不一致" in operator.get("/enterprise/staff/").text


def test_workflow_b5_corrected_number_compares_sex_and_birth_date() -> None:
    enterprise, person = make_enterprise(), make_person("张三")
    make_employment(person, enterprise, "02")
    certificate = issued(person, enterprise)
    number = next(
        one for one in iter(lambda: make_id_number(birth=OTHER_BIRTH), None)
        if int(one[16]) % 2 != int(str(person.id_number)[16]) % 2
    )  # fmt: skip
    correct(person, number)
    certificate.refresh_from_db()
    assert certificate.display_codes == ["person.sex_differs", "person.birth_date_differs"]
    assert Message.objects.filter(mailbox=person.mailbox, title="证书性别、出生日期与实名登记不一致").exists()


def test_workflow_b5_new_version_ends_the_advisory_and_the_qr_page_agrees() -> None:
    enterprise, person = make_enterprise(), make_person("欧阳·䶮")
    make_employment(person, enterprise, "02")
    certificate = issued(person, enterprise)
    rename(person, "欧阳海")
    version = certificate.versions.get()
    found = version_by_token(version.token)
    assert found is not None
    assert (found.version.name, version_state(found).verdict) == ("欧阳·䶮", "有效")
    certificate.refresh_from_db()
    term = CertificateTerm.objects.get(certificate=certificate)
    reissue([Reissue(certificate, term, Operation.CHANGE, term.starts_on)], by=SYSTEM, now=NOW)
    certificate.refresh_from_db()
    assert certificate.display_codes == []
    assert certificate.versions.get(version=2).name == "欧阳海"


def test_workflow_b5_certificates_that_agree_or_have_ended_send_no_message() -> None:
    enterprise, person = make_enterprise(), make_person("张三")
    certificate = issued(person, enterprise)
    Certificate.objects.filter(pk=certificate.pk).update(legal_state="04")
    make_certificate(person, enterprise, "C1")
    rename(person, "张山")
    refresh_for_people({person.pk})
    assert not Message.objects.filter(mailbox=person.mailbox, title__contains="不一致").exists()
