"""docs/access.md lists every address with who may enter. Here everybody tries all of them, with the objects of somebody else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.sessions.backends.base import SessionBase
from django.core.files.base import ContentFile
from django.db import models
from django.http import HttpRequest
from django.test import Client
from django.urls import reverse
from PIL import Image

from accounts.enums import CorrectionKind, CorrectionOutcome, Duty, FaceCapture, FacePurpose, FaceResult, Sphere
from accounts.models import FaceCheck, FaceReview, Passkey, Person, RegisterCorrection, User
from accounts.people.identity import id_number_index
from accounts.registration.views import open_page
from administration.enums import AskerKind, ImportState, OfficeKind
from administration.messages.services import OutgoingMessage, send
from administration.models import Feedback, ImportProblem, ImportRun, LookupAlarm, Message, Office
from administration.notices.services import publish_notice
from certificates.enums import LegacyState
from certificates.models import Certificate, CertificateEvent, LegacyCertificate, ShareLink, VerificationKey
from common.database.fields import EncryptedFileSystemStorage
from devtools.documentation import ACCESS, access_document
from employment.models import Employment
from enterprises.enums import OperatorRole
from enterprises.models import CaKey, CodeChange, CodeChangeRequest, Enterprise, OperatorDelegation, RegistrySync
from exams.models import Evidence, Excuse
from tests.accounts.credentials.passkey_device import Device
from tests.clock import Clock
from tests.exams.exam_world import make_batch, make_entry, make_seat, make_session, make_site
from tests.factories import make_enterprise, make_id_number, make_office, make_operator, make_person, make_staff
from tests.worlds.base import NOW
from tests.worlds.extension import ExtensionWorld
from training.models import TrainingRecord
from workflow.models import Absence, Application, Attachment, BulkAct, DecisionReason, ExportRequest, HelpAnswer

from .test_addresses import ALL, access_of

pytestmark = pytest.mark.django_db

NAME = "欧阳䶮甲"
PHONE = "13987654321"
ADDRESS = "江西省南昌市东湖区演示路䶮号"
COUNTY_OFFICES = "360102"


def test_the_committed_table_is_the_one_that_the_views_declare() -> None:
    message = "run manage.py generate_docs, read the difference of docs/access.md, and commit it"
    assert ACCESS.read_text(encoding="utf-8") == access_document(), message


# --- whose objects ---


@cache
def own_picture() -> bytes:
    """Unlike the picture that all other people of the tests share."""
    buffer = BytesIO()
    Image.effect_noise((110, 154), 90).convert("RGB").save(buffer, "JPEG")
    return buffer.getvalue()


class Owner:
    """A person of Nanchang with a certificate and an extension in review, an enterprise, offices and their papers."""

    name, phone, address = NAME, PHONE, ADDRESS

    def __init__(self, clock: Clock) -> None:
        clock.stop_at(NOW)
        self.world = world = self.make_world()
        self.office = self.office_of(world)
        person = world.person
        Person.objects.filter(pk=person.pk).update(name=self.name)
        person.refresh_from_db()
        person.phone, person.address = self.phone, self.address
        name = EncryptedFileSystemStorage().save("photos/owner.jpg", ContentFile(own_picture()))
        person.portrait.name = person.id_photo.name = person.id_photo_small.name = name
        person.save()
        self.person = person
        world.certificate.refresh_from_db()
        self.application = world.file()
        self.attachment = Attachment.objects.create(
            application=self.application,
            kind="other",
            file=person.id_photo.name,
            original_name=f"{self.name}.jpg",
            content_type="image/jpeg",
            size=len(own_picture()),
            sha256="0" * 64,
            uploaded_by=person.user,
        )
        send([OutgoingMessage(person.mailbox_id, f"{self.name}的消息", self.address)])
        send([OutgoingMessage(world.enterprise.mailbox_id, f"{self.name}的消息", self.address)])
        send([OutgoingMessage(self.office.mailbox_id, f"{self.name}的消息", self.address)])
        self.entry = make_entry(person, world.enterprise, make_batch(), office=self.office, remark=self.name)
        self.seat = make_seat(self.entry, self.office)
        self.excuse = Excuse.objects.create(
            entry=self.entry,
            reason=self.address,
            file=name,
            original_name=f"{self.name}.jpg",
            content_type="image/jpeg",
            size=1,
            sha256="0" * 64,
            filed_as="person",
            filed_by=person.user,
        )
        self.delegation = self.delegated()
        self.exam_site = make_site(world.province.provincial, 30)
        self.exam_session = make_session(self.entry.batch, self.exam_site, world.province.provincial_actor)
        self.evidence = Evidence.objects.create(
            person=person,
            kind="education",
            file=name,
            original_name=f"{self.name}.jpg",
            content_type="image/jpeg",
            size=1,
            sha256="0" * 64,
            uploaded_by=person.user,
        )
        self.notice = publish_notice(kind="news", title="公告", body="公开", lines=[], office_id=None, now=NOW)
        check = FaceCheck.objects.create(
            person=person,
            purpose=FacePurpose.LOGIN,
            capture=FaceCapture.PHOTO,
            result=FaceResult.REVIEW,
            provider="local",
        )
        self.review = FaceReview.objects.create(check_record=check, person=person, city="360100", frame=name)
        clerk = make_staff(self.office, Duty.REGISTER)
        number = make_id_number()
        self.correction = RegisterCorrection.objects.create(
            kind=CorrectionKind.NUMBER,
            person=person,
            id_number=number,
            id_number_index=id_number_index(number),
            sex=person.sex,
            birth_date=person.birth_date,
            **self.grounds(clerk, name),
        )
        self.training = TrainingRecord.objects.get(id_number_index=person.id_number_index)
        self.twin = make_person("王五")
        self.merge = RegisterCorrection.objects.create(
            kind=CorrectionKind.MERGE, person=self.twin, other=person, **self.grounds(clerk, name)
        )
        self.death = RegisterCorrection.objects.create(
            kind=CorrectionKind.DEATH, person=make_person("赵七"), died_on=NOW.date(), **self.grounds(clerk, name)
        )
        self.joined, self.dead, self.finished = self.make_settled(clerk, name)
        self.sync = RegistrySync.objects.create(
            enterprise=world.enterprise,
            asked_by=world.operator,
            asked_at=NOW,
            name=f"{self.name}公司",
            status="existing",
        )
        self.code_change = CodeChange.objects.create(
            enterprise=world.enterprise,
            former_code=world.enterprise.uscc,
            code=world.enterprise.uscc,
            document=f"{self.name}的通知书",
            document_on=NOW.date(),
            reason=self.address,
            evidence=name,
            evidence_type="image/jpeg",
            changed_by=clerk,
        )
        self.code_request = CodeChangeRequest.objects.create(
            enterprise=world.enterprise,
            former_code=world.enterprise.uscc,
            code=f"9136{world.enterprise.pk:014d}",
            document=f"{self.name}的通知书",
            document_on=NOW.date(),
            reason=self.address,
            evidence=name,
            evidence_type="image/jpeg",
            requested_by=clerk,
        )
        device = Device()
        self.passkey = Passkey.objects.create(
            user=self.world.person_user,
            credential_id=device.credential_id,
            credential=bytes(device.held()),
            name=self.name,
            proven_by="face",
        )
        self.lookup_alarm = LookupAlarm.objects.create(
            kind=AskerKind.ENTERPRISE,
            key=str(world.enterprise.pk),
            name="所在企业",
            day=NOW.date(),
            reasons=["many"],
        )
        self.run = ImportRun.objects.create(
            kind="training", file_name=f"{self.name}.csv", sha256="1" * 64, office=self.office, by=self.name
        )
        self.legacy = LegacyCertificate.objects.create(
            id_number=str(person.id_number),
            id_number_index=person.id_number_index,
            name=self.name,
            number="赣建安B（2018）0000900",
            category="B",
            enterprise_name=f"{self.name}公司",
            valid_to=NOW.date(),
            state=LegacyState.QUARANTINED,
            import_run=ImportRun.objects.create(kind="legacy", file_name=f"{self.name}.csv", sha256="2" * 64),
            row_number=2,
            fingerprint=f"{person.pk:064d}",
        )
        self.absence = Absence.objects.create(
            user=clerk,
            deputy=world.province.reviewer,
            starts_on=NOW.date(),
            ends_on=NOW.date(),
            reason=self.address,
            recorded_by=clerk,
        )
        # Of no business, so that no review offers it.
        self.reason = DecisionReason.objects.create(
            kind=f"none-{person.pk}", action="return", words="请更正", added_by=clerk
        )
        self.answer = HelpAnswer.objects.create(
            kind=f"none-{person.pk}", question="怎么办？", answer="去办理。", changed_by=clerk
        )
        self.verification_key = VerificationKey.objects.create(
            holder="招标中心",
            purpose="资格审查",
            mark=f"jxv_{person.pk:06d}",
            key_hash=f"{person.pk:064d}",
            rows_per_day=1,
            expires_on=NOW.date(),
            created_by=clerk,
        )
        self.share_link = ShareLink.objects.create(
            certificate=world.certificate,
            purpose="投标",
            mark="x",
            token_hash=f"{person.pk:064d}",
            ends_on=NOW.date(),
        )
        self.feedback = Feedback.objects.create(
            kind="fault",
            page="/person/",
            text=f"{self.name}，{self.phone}",
            mailbox_id=person.mailbox_id,
            sender="个人",
        )
        self.export = ExportRequest.objects.create(
            asked_by=clerk, key="done", title="已办", form="xlsx", reason="核对发文。", asked_at=NOW
        )
        self.bulk = BulkAct.objects.create(
            key=uuid4(), user=world.operator, title="同意", back_url="/", picked=[self.application.pk]
        )
        ImportProblem.objects.create(run=self.run, row_number=2, column="姓名", value=self.name, sentence="重名")

    def make_settled(self, clerk: User, evidence: str) -> tuple[Person, Person, ImportRun]:
        """What has been decided opens the pages that take it back."""
        joined, gone, dead = make_person("孙八"), make_person("孙八"), make_person("钱七")
        done = {"outcome": CorrectionOutcome.DONE, "settled_by": make_staff(self.office), "settled_at": NOW}
        said = {**self.grounds(clerk, evidence), **done}
        RegisterCorrection.objects.create(kind=CorrectionKind.MERGE, person=joined, other=gone, **said)
        RegisterCorrection.objects.create(kind=CorrectionKind.DEATH, person=dead, died_on=NOW.date(), **said)
        Person.objects.filter(pk=gone.pk).update(merged_into=joined)
        Person.objects.filter(pk=dead.pk).update(died_on=NOW.date())
        run = ImportRun.objects.create(
            kind="training",
            file_name="3.csv",
            sha256="3" * 64,
            office=self.office,
            by=self.name,
            state=ImportState.DONE,
        )
        return joined, dead, run

    def come_to_the_counter(self, session: SessionBase) -> None:
        """Pages of a person open only after a search in the same session."""
        request = HttpRequest()
        request.session = session
        for person in (self.person, self.twin, self.joined, self.dead):
            open_page(request, person)

    def delegated(self) -> OperatorDelegation:
        clerk = make_operator(self.world.enterprise, f"{self.name}代", role=OperatorRole.CLERK)
        day = NOW.date() + timedelta(days=1)
        return OperatorDelegation.objects.create(
            key=clerk.ca_key, right="confirm", starts_on=day, ends_on=day, given_by=self.world.operator
        )

    def grounds(self, clerk: User, evidence: str) -> dict[str, Any]:
        return {
            "document": f"{self.name}的证明",
            "reason": self.address,
            "evidence": evidence,
            "evidence_type": "image/jpeg",
            "office": clerk.office,
            "requested_by": clerk,
        }

    def make_world(self) -> ExtensionWorld:
        return ExtensionWorld()

    def office_of(self, world: ExtensionWorld) -> Office:
        return world.province.municipal

    @property
    def secrets(self) -> list[bytes]:
        id_number = str(self.person.id_number)
        return [text.encode() for text in (NAME, id_number, id_number[6:], PHONE, ADDRESS)] + [own_picture()[-300:-100]]

    def arguments(self, route: str) -> dict[str, Any]:
        """The owner's own object for every argument; a new kind of argument has to be named here."""
        certificate = self.world.certificate.pk
        employment = Employment.objects.get(person=self.person).pk
        message = Message.objects.filter(mailbox_id=self.person.mailbox_id).values_list("pk", flat=True)[0]
        by_beginning: list[tuple[str, dict[str, Any]]] = [
            # Whatever is asked for there: without the signature of a device nothing is looked at.
            ("api/kiosk/", {"request_id": "00000000-0000-0000-0000-000000000000", "rest": "x"}),
            ("applications/new/", {"kind": "extension"}),
            ("applications/bulk/", {"key": self.bulk.pk}),
            ("applications/", {"number": self.application.number, "pk": self.attachment.pk}),
            ("office/applications/", {"number": self.application.number, "pk": self.attachment.pk, "page": 1}),
            ("enterprise/confirmations/", {"number": self.application.number}),
            # Whoever holds the real one is let in by it: that is what it is for.
            ("m/login/qr/", {"token": "x" * 32}),
            ("m/certificates/", {"pk": certificate}),
            ("m/applications/", {"number": self.application.number, "choice": "approve"}),
            ("messages/", {"pk": message}),
            ("security/passkeys/", {"pk": self.passkey.pk}),
            ("guides/", {"kind": "extension"}),
            ("beforehand/", {"kind": "extension"}),
            ("manual/", {"reader": "person", "code": "1.3.5"}),
            ("notices/", {"pk": self.notice.pk, "file": 1}),
            ("office/notices/", {"pk": self.notice.pk}),
            ("v/", {"token": "x" * 20}),
            ("s/", {"token": "x" * 24}),
            ("person/certificates/", {"pk": certificate, "link": self.share_link.pk}),
            ("person/exams/evidence/", {"pk": self.evidence.pk}),
            ("person/exams/", {"pk": self.entry.pk}),
            ("enterprise/staff/", {"pk": certificate}),
            ("enterprise/employment/new/", {"token": "x"}),
            ("enterprise/employment/", {"pk": employment}),
            ("enterprise/profile/keys/", {"pk": self.world.operator.ca_key.pk}),
            ("enterprise/profile/sync/", {"pk": self.sync.pk}),
            ("office/employment/restore/", {"pk": self.world.enterprise.pk}),
            ("office/enterprises/registry/", {"pk": self.sync.pk}),
            ("office/enterprises/code-requests/", {"pk": self.code_request.pk}),
            ("office/enterprises/code-changes/", {"pk": self.code_change.pk}),
            ("office/enterprises/", {"pk": self.world.enterprise.pk}),
            ("office/employment/", {"pk": employment}),
            ("enterprise/exams/entries/", {"pk": self.entry.pk}),
            ("enterprise/exams/", {"pk": self.entry.batch_id}),
            ("office/exams/rooms/", {"pk": self.seat.session_room_id, "kind": "door"}),
            ("office/exams/excuses/", {"pk": self.excuse.pk}),
            ("office/exams/evidence/", {"pk": self.evidence.pk}),
            ("office/exams/entries/", {"pk": self.entry.pk}),
            ("office/exams/", {"pk": self.entry.batch_id, "session": self.exam_session.pk, "room": 1}),
            ("office/exam-sites/", {"pk": self.exam_site.pk, "room": self.exam_site.rooms.order_by("pk")[0].pk}),
            # Whoever holds the real one is let in by it, as above.
            ("checkin/", {"token": "x" * 32, "seat": 1}),
            ("office/lookups/", {"pk": self.lookup_alarm.pk}),
            ("office/face-reviews/", {"pk": self.review.pk}),
            ("enterprise/keys/delegations/", {"pk": self.delegation.pk}),
            ("enterprise/keys/", {"pk": self.world.operator.ca_key.pk}),
            ("office/counter/<int:pk>/unmerge/", {"pk": self.joined.pk}),
            ("office/counter/<int:pk>/death/undo/", {"pk": self.dead.pk}),
            ("office/counter/", {"pk": self.person.pk, "other": self.twin.pk}),
            ("office/corrections/", {"pk": self.correction.pk}),
            ("office/merges/", {"pk": self.merge.pk}),
            ("office/deaths/", {"pk": self.death.pk}),
            ("office/certificates/export/", {"form": "csv"}),
            ("office/feedback/", {"pk": self.feedback.pk}),
            ("office/team/", {"form": "csv"}),
            ("office/undo/", {"key": self.bulk.pk}),
            ("office/done/", {"form": "csv"}),
            ("office/overdue/", {"form": "csv"}),
            ("office/exports/new/", {"key": "done"}),
            ("office/exports/lists/", {"key": "users", "form": "csv"}),
            ("office/exports/", {"pk": self.export.pk}),
            ("office/certificates/", {"pk": certificate, "action": "suspend", "event": 1}),
            ("office/policy/", {"pk": 1, "form": "csv"}),
            ("office/jobs/", {"name": "silence"}),
            ("office/imports/template/", {"kind": "training"}),
            ("office/imports/<int:pk>/reversal/", {"pk": self.finished.pk}),
            ("office/imports/", {"pk": self.run.pk}),
            ("office/settling/", {"pk": self.legacy.pk}),
            ("office/training/", {"pk": self.training.pk}),
            ("office/audit/", {"pk": self.person.pk}),
            ("office/users/", {"pk": self.person.user_id}),
            ("office/parameters/", {"key": "supplement_days", "pk": 1}),
            ("office/queue/", {"desk": "municipal", "form": "csv"}),
            ("office/absences/", {"pk": self.absence.pk}),
            ("office/reasons/", {"pk": self.reason.pk}),
            ("office/answers/", {"pk": self.answer.pk}),
            ("office/outbox/", {"event": "exam_result"}),
            ("statistics/", {"form": "csv"}),
            ("office/statistics/", {"form": "csv"}),
            ("office/verification-keys/", {"pk": self.verification_key.pk}),
        ]
        found = [values for beginning, values in by_beginning if route.startswith(beginning)]
        assert found, f"name here the owner's object for {route}"
        return found[0]


def fill(route: str, owner: Owner) -> str:
    if "<" not in route:
        return "/" + route
    values = owner.arguments(route)
    parts = []
    for part in route.split("/"):
        name = part.strip("<>").rpartition(":")[2]
        parts.append(str(values[name]) if part.startswith("<") else part)
    return "/" + "/".join(parts)


@pytest.fixture
def owner(clock: Clock) -> Owner:
    return Owner(clock)


# --- who tries ---


def everybody_else(owner: Owner) -> Iterator[tuple[str, User | None]]:
    """Nobody of them has anything to do with the owner; the office has every duty but those of the province, its head too."""
    yield "nobody", None
    yield "person", make_person("李四").user
    yield "operator", make_operator(make_enterprise(region="360402"))
    elsewhere = Office.objects.get(name="九江市住房和城乡建设局")
    duties = (Duty.REVIEW, Duty.COUNTER, Duty.REGISTER, Duty.TRAINING, Duty.ORGANISE, Duty.HEAD)
    yield "city", make_staff(elsewhere, *duties)
    yield "county", make_staff(make_office("都昌县住房和城乡建设局", kind=OfficeKind.COUNTY, region="360428"), *duties)
    yield "training", make_staff(make_office("培训机构", kind=OfficeKind.TRAINING, region="360400"), Duty.TRAINING)
    for sphere in (Sphere.SYSTEM_ADMIN, Sphere.SECURITY_ADMIN):
        yield sphere.value, User.objects.create(login=f"{sphere}-x", sphere=sphere, name="管理员")


WHO = ("nobody", "person", "operator", "city", "county", "training", "system_admin", "security_admin")


def state() -> list[Any]:
    """What nobody of them may have changed."""
    rows: list[models.QuerySet[Any, Any]] = [
        Application.objects.values_list("pk", "status", "desk", "holder_office_id", "payload"),
        Attachment.objects.values_list("pk", "removed_at"),
        Certificate.objects.values_list("pk", "legal_state", "enterprise_id", "latest_version"),
        CertificateEvent.objects.values_list("pk"),
        LegacyCertificate.objects.values_list("pk", "state"),
        Employment.objects.values_list("pk", "ended_at", "end_reason", "posts", "contract_to"),
        Enterprise.objects.values_list("pk", "name", "status", "uscc"),
        Person.objects.values_list("pk", "name", "id_number_index", "id_photo", "portrait", "quarantined_reason"),
        Person.objects.values_list("pk", "died_on", "merged_into"),
        User.objects.values_list("pk", "password", "is_active", "duties"),
        Message.objects.values_list("pk", "read_at"),
        RegisterCorrection.objects.values_list("pk", "outcome"),
        Absence.objects.values_list("pk", "ended_at"),
        CaKey.objects.values_list("pk", "operator_name", "role", "may_confirm", "blocked_at"),
        OperatorDelegation.objects.values_list("pk", "ended_at"),
    ]
    return [list(query.order_by("pk")) for query in rows]


def text_of(response: Any) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else bytes(response.content)


@pytest.mark.parametrize("who", WHO)
def test_nothing_of_somebody_else_leaks_from_any_address(client: Client, owner: Owner, who: str) -> None:
    user = dict(everybody_else(owner))[who]
    if user is not None:
        client.force_login(user)
        session = client.session
        session["verified_at"], session["verified_user"] = NOW.timestamp(), user.pk
        session.save()
    before = state()
    for route in ALL:
        address = fill(route, owner)
        for call in (client.get, client.head, client.post):
            if address == "/logout/" and call == client.post:
                continue
            response = call(address)
            assert response.status_code < 500, (address, response.status_code)
            body = text_of(response) + str(response.headers).encode()
            leaked = [secret[:20] for secret in owner.secrets if secret in body]
            assert leaked == [], (call.__name__, address, response.status_code, leaked)
    assert state() == before


def test_the_owner_and_the_offices_in_charge_do_see_them(client: Client, owner: Owner) -> None:
    """The other half: what is searched for above is on the pages of those whom it concerns."""
    seen: list[tuple[User, str]] = [
        (owner.world.person_user, reverse("workflow:detail", args=[owner.application.number])),
        (owner.world.person_user, reverse("accounts:profile")),
        (owner.world.operator, reverse("workflow:confirm", args=[owner.application.number])),
        (owner.world.province.decider, reverse("certificates:office_detail", args=[owner.world.certificate.pk])),
        (owner.world.province.reviewer, reverse("certificates:office_detail", args=[owner.world.certificate.pk])),
        (owner.world.province.decider, reverse("workflow:photo", args=[owner.application.number])),
        (owner.world.province.decider, reverse("workflow:portrait", args=[owner.application.number])),
    ]
    for user, address in seen:
        client.force_login(user)
        response = client.get(address)
        assert response.status_code == 200, address
        body = text_of(response)
        assert any(secret in body for secret in owner.secrets), address


@pytest.mark.parametrize("who", WHO[1:])
def test_every_role_is_answered_as_the_table_says(client: Client, owner: Owner, who: str) -> None:
    user = dict(everybody_else(owner))[who]
    assert user is not None
    client.force_login(user)
    for route, pattern in ALL.items():
        access = access_of(pattern)
        if access is None:
            continue
        status = client.get(fill(route, owner)).status_code
        refusal = access.why_not(user)
        if refusal:
            assert status in ((401,) if access.is_for_devices else (403, 405)), (route, status)
        elif "<" not in route and not access.is_public:
            # 403: views ask more than the decorator says; 404: there is nothing of their own yet.
            assert status in (200, 302, 400, 403, 404, 405), (route, status)


@pytest.mark.parametrize("who", WHO)
def test_the_registries_are_closed_to_everybody_without_that_duty(client: Client, owner: Owner, who: str) -> None:
    user = dict(everybody_else(owner))[who]
    if user is not None:
        client.force_login(user)
    if who == "system_admin":
        assert client.get("/office/registry/").status_code == 200
        return
    for page in ("", "accounts/person/", f"accounts/person/{owner.person.pk}/change/", "accounts/user/"):
        response = client.get(f"/office/registry/{page}")
        assert response.status_code in (302, 403, 404), (page, response.status_code)
        assert NAME.encode() not in text_of(response)
