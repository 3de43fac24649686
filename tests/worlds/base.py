"""For each kind of business a small world in which it can be filed: who files, who holds which desk, what it does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import User
from administration.models import Notice
from certificates.models import Certificate, CertificateVersion, RenameBatch, TransferProof
from certificates.renaming.services import run_block
from common.files.uploads import CheckedUpload, check_upload
from employment.businesses.employment_start import EmploymentStart
from employment.models import Employment
from enterprises.models import Enterprise
from enterprises.register.services import EnterpriseFacts, save_enterprise
from tests.exams.exam_world import make_batch, make_entry
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
    photo_jpeg,
)
from workflow.actors import Actor
from workflow.business import business_of
from workflow.checks import Case
from workflow.enums import Desk, OriginalResult
from workflow.models import Application
from workflow.originals import Seen, detail_of, step_of
from workflow.services.filing import attach, create_draft, save_draft, submit

NOW = datetime.fromisoformat("2026-11-23T10:00:00+08:00")
TODAY = NOW.date()
PAYLOAD: dict[str, Any] = {"phone": "13800000000", "note": "", "commitment": True}


class World:
    """A person with a certificate at an enterprise, and everybody who may have a say."""

    kind = ""

    def __init__(self, province: Province | None = None, enterprise: tuple[Enterprise, User] | None = None) -> None:
        self.province = province or Province()
        if enterprise is None:
            made = make_enterprise()
            enterprise = (made, make_operator(made))
        self.enterprise, self.operator = enterprise
        self.person = make_person()
        self.build()

    def build(self) -> None:
        raise NotImplementedError

    def another(self) -> World:
        """One more person of the same enterprise and province, for batches."""
        return type(self)(self.province, (self.enterprise, self.operator))

    @property
    def filer(self) -> Actor:
        return actor(self.person_user)

    @property
    def person_user(self) -> User:
        if self.person.user is None:
            raise ValueError("the person has no login")
        return self.person.user

    @staticmethod
    def originals(application: Application) -> dict[str, Any]:
        """Every original that the present desk looks at, in order and archived."""
        return originals_seen(application)

    def operators(self) -> dict[int, User]:
        return {self.enterprise.pk: self.operator}

    def holder(self, application: Application) -> Actor:
        if application.desk in (Desk.EMPLOYER, Desk.FORMER_EMPLOYER):
            return actor(self.operators()[application.holder_enterprise_id or 0])
        if application.desk == Desk.PERSON:
            return actor(self.person_user, is_verified=True)
        if application.desk == Desk.PROVINCIAL:
            return self.province.provincial_actor
        return self.province.municipal_actor

    def everybody(self) -> list[Actor]:
        """Everyone concerned, and a stranger of each sort."""
        stranger = make_person("路人甲")
        elsewhere = make_operator(make_enterprise())
        users = [self.person_user, *self.operators().values(), self.province.reviewer, self.province.decider]
        assert stranger.user is not None
        return [actor(user) for user in (*users, stranger.user, elsewhere)] + [actor(self.province.stranger)]

    def case(self) -> Case:
        raise NotImplementedError

    def file(self, now: datetime = NOW) -> Application:
        """Draft, attachments, submission, as the pages do it."""
        case = self.case()
        application = create_draft(case=case, actor=self.filer, now=now)
        save_draft(application.pk, payload=dict(case.payload), actor=self.filer)
        for kind in sorted(case.business.required_attachments(case.payload)):
            attach(application.pk, kind=kind, upload=scan(), actor=self.filer)
        submit(application.pk, actor=self.filer, now=now)
        application.refresh_from_db()
        return application

    def check_effect(self) -> None:
        raise NotImplementedError


def originals_seen(application: Application, **results: str) -> dict[str, Any]:
    """`results`: key → anything but "agrees"."""
    step = step_of(application)
    seen = [
        Seen(
            one.key,
            one.title,
            results.get(one.key, OriginalResult.AGREES),
            "" if one.key not in results else "缺第二页",
            f"档{application.number}" if one.kept else "",
        )
        for one in (step.originals if step is not None else ())
    ]
    return detail_of(seen)


@cache
def scan() -> CheckedUpload:
    return check_upload(SimpleUploadedFile("证书.jpg", photo_jpeg(), content_type="image/jpeg"))


class CertificateWorld(World):
    ends_on = date(2028, 4, 30)

    def build(self) -> None:
        make_employment(self.person, self.enterprise, "07")
        self.certificate = make_certificate(self.person, self.enterprise, "B", ends_on=self.ends_on)
        make_training(self.person, ends_on=date(2026, 6, 1))

    def case(self) -> Case:
        prepared = business_of(self.kind).prepare(self.filer, {"certificate": str(self.certificate.pk)}, today=TODAY)
        return replace(prepared, payload=PAYLOAD)

    def check_effect(self) -> None:
        assert CertificateVersion.objects.filter(certificate=self.certificate).count() == 1


class ExtensionWorld(CertificateWorld):
    kind = "extension"
    ends_on = date(2027, 1, 31)

    def check_effect(self) -> None:
        super().check_effect()
        assert Certificate.objects.get(pk=self.certificate.pk).ends_on == date(2030, 1, 31)


class EmployerChangeWorld(CertificateWorld):
    kind = "employer_change"

    def build(self) -> None:
        super().build()
        Employment.objects.filter(person=self.person).update(ended_at=NOW, end_reason="by_enterprise")
        self.new, self.new_operator = _new_employer(self.province)
        make_employment(self.person, self.new, "07")
        make_constructor(self.person, self.new)

    def operators(self) -> dict[int, User]:
        return {**super().operators(), self.new.pk: self.new_operator}

    def check_effect(self) -> None:
        super().check_effect()
        assert Certificate.objects.get(pk=self.certificate.pk).enterprise == self.new


def _new_employer(province: Province) -> tuple[Enterprise, User]:
    made: tuple[Enterprise, User] | None = getattr(province, "new_employer", None)
    if made is None:
        enterprise = make_enterprise("江西新红谷建设有限公司")
        made = (enterprise, make_operator(enterprise))
        province.new_employer = made  # type: ignore[attr-defined]
    return made


class EmploymentStartWorld(World):
    kind = "employment_start"

    def build(self) -> None:
        return None

    @property
    def filer(self) -> Actor:
        return actor(self.operator)

    def case(self) -> Case:
        return EmploymentStart().case(
            person_id=self.person.pk,
            enterprise_id=self.enterprise.pk,
            region_id=self.enterprise.region_id,
            payload={"posts": ["07"], "contract_from": "2026-11-01", "contract_to": None},
            today=TODAY,
        )

    def check_effect(self) -> None:
        assert Employment.objects.active().get(person=self.person).enterprise == self.enterprise


class EmploymentEndWorld(World):
    kind = "employment_end"

    def build(self) -> None:
        self.employment = make_employment(self.person, self.enterprise, "08")

    def case(self) -> Case:
        prepared = business_of(self.kind).prepare(self.filer, {}, today=TODAY)
        return replace(
            prepared, payload={"reason": "resigned", "left_on": "2026-11-20", "note": "", "commitment": True}
        )

    def check_effect(self) -> None:
        ended = Employment.objects.get(pk=self.employment.pk)
        assert (ended.ended_at, ended.end_reason) == (NOW, "by_person")
        assert ended.ended_by is not None


class CancellationWorld(CertificateWorld):
    kind = "cancellation"

    def case(self) -> Case:
        return replace(super().case(), payload=PAYLOAD | {"reason": "leaving"})

    def check_effect(self) -> None:
        assert Certificate.objects.get(pk=self.certificate.pk).legal_state == "04"
        assert Notice.objects.get().lines.count() == 1


PAPER = PAYLOAD | {
    "category": "C2",
    "post": "",
    "first_issued_on": "2019-03-01",
    "valid_from": "2025-03-01",
    "valid_to": "2028-02-29",
}


class LateEntryWorld(World):
    kind = "late_entry"
    number = "赣建安C2（2019）{:07d}"

    def build(self) -> None:
        make_employment(self.person, self.enterprise, "08")
        self.paper = PAPER | {
            "number": self.number.format(9000 + self.person.pk),
            "enterprise_name": self.enterprise.name,
        }

    def case(self) -> Case:
        return replace(business_of(self.kind).prepare(self.filer, {}, today=TODAY), payload=self.paper)

    def check_effect(self) -> None:
        certificate = Certificate.objects.get(number=self.paper["number"])
        assert (certificate.enterprise, certificate.ends_on) == (self.enterprise, date(2028, 2, 29))
        assert certificate.latest_version == 1


class TransferInWorld(LateEntryWorld):
    kind = "transfer_in"
    number = "浙建安C2（2019）{:07d}"

    def check_effect(self) -> None:
        certificate = Certificate.objects.get(person=self.person)
        assert certificate.number == "赣建安C2（2026）0000001"
        assert (certificate.enterprise, certificate.ends_on) == (self.enterprise, date(2028, 2, 29))


class CorrectionWorld(CertificateWorld):
    kind = "correction"

    def case(self) -> Case:
        return replace(super().case(), payload=PAYLOAD | {"first_issued_on": "2018-03-01"})

    def check_effect(self) -> None:
        super().check_effect()
        certificate = Certificate.objects.get(pk=self.certificate.pk)
        assert (certificate.first_issued_on, certificate.ends_on) == (date(2018, 3, 1), self.ends_on)


class TransferOutWorld(CertificateWorld):
    kind = "transfer_out"

    def case(self) -> Case:
        return replace(super().case(), payload=PAYLOAD | {"destination": "浙江省", "new_enterprise": "浙江演示公司"})

    def check_effect(self) -> None:
        assert Certificate.objects.get(pk=self.certificate.pk).legal_state == "06"
        assert TransferProof.objects.get().destination == "浙江省"


class C3MergeWorld(World):
    kind = "c3_merge"

    def build(self) -> None:
        make_employment(self.person, self.enterprise, "08")
        self.first = make_certificate(self.person, self.enterprise, "C1", ends_on=date(2027, 4, 30))
        self.second = make_certificate(self.person, self.enterprise, "C2", ends_on=date(2028, 4, 30))

    def case(self) -> Case:
        prepared = business_of(self.kind).prepare(self.filer, {"certificate": str(self.first.pk)}, today=TODAY)
        return replace(prepared, payload=PAYLOAD)

    def check_effect(self) -> None:
        merged = Certificate.objects.get(person=self.person, category="C3")
        assert (merged.ends_on, merged.display_status) == (date(2028, 4, 30), "normal")
        parts = Certificate.objects.filter(person=self.person).exclude(pk=merged.pk)
        assert {part.legal_state for part in parts} == {"04"}


class PostChangeWorld(World):
    kind = "post_change"

    def build(self) -> None:
        make_employment(self.person, self.enterprise, "02", "03")
        self.certificate = make_certificate(self.person, self.enterprise, "A", ends_on=date(2028, 4, 30))

    def case(self) -> Case:
        prepared = business_of(self.kind).prepare(self.filer, {"certificate": str(self.certificate.pk)}, today=TODAY)
        return replace(prepared, payload=PAYLOAD | {"post": "03"})

    def check_effect(self) -> None:
        certificate = Certificate.objects.get(pk=self.certificate.pk)
        assert (certificate.post, certificate.latest_version) == ("03", 1)


class AdditionalAWorld(World):
    kind = "additional_a"

    def build(self) -> None:
        make_employment(self.person, self.enterprise, "02")
        self.certificate = make_certificate(self.person, self.enterprise, "A", ends_on=date(2028, 4, 30))
        self.other = make_enterprise(legal_representative_index=self.person.id_number_index)
        self.other_operator = make_operator(self.other)

    def operators(self) -> dict[int, User]:
        return {**super().operators(), self.other.pk: self.other_operator}

    def case(self) -> Case:
        query = {"certificate": str(self.certificate.pk), "enterprise": str(self.other.pk)}
        prepared = business_of(self.kind).prepare(self.filer, query, today=TODAY)
        return replace(prepared, payload=PAYLOAD | {"enterprise": self.other.pk})

    def check_effect(self) -> None:
        added = Certificate.objects.get(person=self.person, enterprise=self.other)
        assert (added.post, added.additional_to, added.ends_on) == ("01", self.certificate, self.certificate.ends_on)


class FirstIssueWorld(World):
    kind = "first_issue"

    def build(self) -> None:
        make_employment(self.person, self.enterprise, "08")
        batch = make_batch(
            exam_from=date(2026, 11, 14),
            exam_to=date(2026, 11, 14),
            sign_up_to=date(2026, 11, 10),
            sign_up_from=date(2026, 11, 1),
        )
        self.entry = make_entry(self.person, self.enterprise, batch, state="passed", office=self.province.municipal)

    def case(self) -> Case:
        return business_of(self.kind).prepare(self.filer, {"entry": str(self.entry.pk)}, today=TODAY)

    def check_effect(self) -> None:
        self.entry.refresh_from_db()
        certificate = Certificate.objects.get(person=self.person)
        assert self.entry.certificate == certificate
        assert (certificate.number, certificate.category) == ("赣建安C2（2026）0000001", "C2")
        assert (certificate.first_issued_on, certificate.ends_on) == (TODAY, date(2029, 11, 22))


class EnterpriseRenameWorld(CertificateWorld):
    """An enterprise whose registry name has changed, with a person's certificate that prints the former one."""

    kind = "enterprise_rename"

    def build(self) -> None:
        super().build()
        self.former_name = self.enterprise.name
        save_enterprise(
            EnterpriseFacts(self.enterprise.uscc, f"{self.former_name}（更名）", self.enterprise.region_id),
            now=NOW - timedelta(days=1),
            synced=True,
        )
        self.enterprise.refresh_from_db()

    def another(self) -> World:
        """An enterprise files one rename at a time."""
        return type(self)(self.province)

    @property
    def filer(self) -> Actor:
        return actor(self.operator)

    def case(self) -> Case:
        return replace(business_of(self.kind).prepare(self.filer, {}, today=TODAY), payload=PAYLOAD)

    def check_effect(self) -> None:
        run_block(RenameBatch.objects.get(enterprise=self.enterprise).application_id, now=NOW)
        super().check_effect()
        certificate = Certificate.objects.get(pk=self.certificate.pk)
        assert (certificate.enterprise_name, certificate.ends_on) == (self.enterprise.name, self.ends_on)


WORLDS: dict[str, Callable[..., World]] = {
    world.kind: world
    for world in (
        AdditionalAWorld,
        C3MergeWorld,
        CancellationWorld,
        CorrectionWorld,
        EmployerChangeWorld,
        EmploymentEndWorld,
        EmploymentStartWorld,
        EnterpriseRenameWorld,
        ExtensionWorld,
        FirstIssueWorld,
        LateEntryWorld,
        PostChangeWorld,
        TransferInWorld,
        TransferOutWorld,
    )
}
