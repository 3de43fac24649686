"""Made-up people, enterprises and certificates for tests. Every number has a right check digit and is nobody's."""

from __future__ import annotations

import itertools
import time
from datetime import UTC, date, datetime
from functools import lru_cache
from io import BytesIO
from typing import Any

from django.core.files.base import ContentFile
from django.db.models import CharField, Value
from django.db.models.functions import Concat
from django.test import Client
from django.utils import timezone
from PIL import Image, ImageDraw

from accounts.credentials import totp
from accounts.enums import Duty, Sphere
from accounts.models import Person, SecondFactor, User
from accounts.verification.counter_codes import issue_counter_code
from administration.enums import OfficeKind, RouteDesk
from administration.models import Mailbox, Office, OfficeRoute
from certificates.enums import Category, Origin
from certificates.models import Certificate, CertificateTerm
from common.database.fields import EncryptedFileSystemStorage
from common.dates import term_end
from common.encryption import blind_index
from common.text.certificate_number import format_number
from common.text.id_number import id_check_character
from common.text.uscc import uscc_check_character
from employment.models import Employment
from enterprises.enums import OperatorRole, QualificationKind
from enterprises.models import CaKey, Enterprise, Qualification
from training.models import TrainingRecord
from workflow.actors import Actor, actor_of

PASSWORD = "Zheng-shu-2026"
TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
_serial = itertools.count(1)
INDEX_PURPOSE = "id_number"


def make_id_number(serial: int | None = None, *, birth: date = date(1985, 6, 15), region: str = "360102") -> str:
    body = f"{region}{birth:%Y%m%d}{(serial or next(_serial)) % 1000:03d}"
    return body + id_check_character(body)


def make_uscc(serial: int | None = None, *, region: str = "360102") -> str:
    body = f"91{region}MA{(serial or next(_serial)):07d}"
    return body + uscc_check_character(body)


@lru_cache(maxsize=1)
def photo_jpeg() -> bytes:
    """A drawn head on white, 25:35."""
    image = Image.new("RGB", (295, 413), "white")
    draw = ImageDraw.Draw(image)
    draw.ellipse((85, 70, 210, 240), fill=(222, 184, 150))
    draw.rectangle((60, 260, 235, 413), fill=(40, 60, 100))
    buffer = BytesIO()
    image.save(buffer, "JPEG", quality=90)
    return buffer.getvalue()


@lru_cache(maxsize=1)
def stored_photo() -> str:
    """One file for everybody: photo files are never changed or removed."""
    return EncryptedFileSystemStorage().save("photos/photo.jpg", ContentFile(photo_jpeg()))


def make_person(
    name: str = "张小明",
    *,
    id_number: str | None = None,
    registered: bool = True,
    photo: bool = True,
    user: bool = True,
    office: Office | None = None,
    **fields: Any,
) -> Person:
    while id_number is None:
        candidate = make_id_number(birth=fields.get("birth_date", date(1985, 6, 15)))
        if not Person.objects.filter(id_number_index=blind_index(candidate, INDEX_PURPOSE)).exists():
            id_number = candidate
    index = blind_index(id_number, INDEX_PURPOSE)
    account = None
    if user:
        account = User(login=f"p:{index}", sphere=Sphere.PERSON, name=name)
        account.set_password(PASSWORD)
        account.save()
    person = Person(
        user=account,
        name=name,
        id_number=id_number,
        id_number_index=index,
        **{
            "sex": "male" if int(id_number[16]) % 2 else "female",
            "birth_date": date(int(id_number[6:10]), int(id_number[10:12]), int(id_number[12:14])),
            "registered_at": datetime(2024, 5, 8, 2, tzinfo=UTC) if registered else None,
            "registered_at_office": office,
            "mailbox": Mailbox.objects.create(),
        }
        | fields,
    )
    if photo:
        person.id_photo.name = person.id_photo_small.name = stored_photo()
        person.id_photo_uploaded_at = timezone.now()
    person.save()
    return person


def make_enterprise(name: str | None = None, *, region: str = "360102", **fields: Any) -> Enterprise:
    serial = next(_serial)
    return Enterprise.objects.create(
        uscc=fields.pop("uscc", make_uscc(serial)),
        name=name or f"江西赣江建设工程第{serial}有限公司",
        region_id=region,
        mailbox=Mailbox.objects.create(),
        **fields,
    )


def make_operator(
    enterprise: Enterprise,
    name: str = "企业操作员",
    *,
    role: OperatorRole = OperatorRole.MANAGER,
    may_confirm: bool | None = None,
) -> User:
    serial = next(_serial)
    user = User(login=f"e:{serial}", sphere=Sphere.OPERATOR, name=name)
    user.set_unusable_password()
    user.save()
    CaKey.objects.create(
        enterprise=enterprise,
        user=user,
        fingerprint=f"{serial:064x}",
        serial_number=f"{serial:x}",
        issuer="CN=演示",
        operator_name=name,
        certificate_name=name,
        valid_from=datetime(2024, 1, 1, tzinfo=UTC),
        valid_to=datetime(2034, 1, 1, tzinfo=UTC),
        role=role,
        may_confirm=role == OperatorRole.MANAGER if may_confirm is None else may_confirm,
    )
    return user


def make_office(
    name: str | None = None,
    *,
    kind: OfficeKind = OfficeKind.MUNICIPAL,
    region: str = "360100",
    route: tuple[RouteDesk, ...] = (),
) -> Office:
    office = Office.objects.create(
        name=name or f"第{next(_serial)}住房和城乡建设局", kind=kind, region_id=region, mailbox=Mailbox.objects.create()
    )
    OfficeRoute.objects.bulk_create(OfficeRoute(region_id=region, desk=desk, office=office) for desk in route)
    return office


def make_staff(office: Office, *duties: Duty, name: str = "王敏") -> User:
    user = User(login=f"staff{next(_serial)}", sphere=Sphere.STAFF, name=name, office=office, duties=list(duties))
    user.set_password(PASSWORD)
    user.save()
    return user


def enrol_totp(user: User) -> User:
    """With a second factor that was confirmed long ago."""
    SecondFactor.objects.get_or_create(user=user, defaults={"secret": TOTP_SECRET})
    return user


def next_code(user: User) -> str:
    """The present one, as if the user had not used it before: after two logins within a minute all codes are used."""
    present = int(time.time()) // totp.STEP
    SecondFactor.objects.filter(user=user, last_step__gte=present).update(last_step=present - 1)
    return totp.code_of_step(SecondFactor.objects.get(user=user).secret, present)


def log_in_at_office(client: Client, user: User, *, password: str = "", **more: str) -> Any:
    """Both steps of the page; the answer to the last one."""
    enrol_totp(user)
    client.post("/office/login/", {"login": user.login, "password": password or PASSWORD, **more})
    return client.post("/office/login/code/", {"code": next_code(user), **more})


def make_counter_code(person: Person) -> str:
    """What a clerk hands to a person who stands at the counter, as the second verification on the phone."""
    return issue_counter_code(person, by=make_staff(make_office(), Duty.REGISTER), now=timezone.now())


class Province:
    """The offices and reviewers that most tests need: Nanchang, the province, and one elsewhere.

    A second one in the same test takes the place of the first.
    """

    def __init__(self) -> None:
        OfficeRoute.objects.all().delete()
        former = Concat("name", Value("（原）"), "pk", output_field=CharField())
        Office.objects.exclude(name__contains="（原）").update(name=former)
        self.municipal = make_office("南昌市住房和城乡建设局", route=(RouteDesk.MUNICIPAL, RouteDesk.COUNTER))
        self.provincial = make_office(
            "江西省住房和城乡建设厅", kind=OfficeKind.PROVINCIAL, region="360000", route=(RouteDesk.PROVINCIAL,)
        )
        self.reviewer = make_staff(self.municipal, Duty.REVIEW, Duty.COUNTER, name="王敏")
        self.decider = make_staff(self.provincial, Duty.DECIDE, name="刘洋")
        elsewhere = make_office(
            "九江市住房和城乡建设局", region="360400", route=(RouteDesk.MUNICIPAL, RouteDesk.COUNTER)
        )
        self.stranger = make_staff(elsewhere, Duty.REVIEW, Duty.COUNTER, name="陈九")

    @property
    def municipal_actor(self) -> Actor:
        return actor(self.reviewer)

    @property
    def provincial_actor(self) -> Actor:
        return actor(self.decider)


def make_employment(person: Person, enterprise: Enterprise, *posts: str, **fields: Any) -> Employment:
    return Employment.objects.create(
        person=person,
        enterprise=enterprise,
        posts=list(posts or ("07", "08")),
        contract_from=date(2024, 1, 1),
        **fields,
    )


POSTS = {"A": "02", "B": "07", "C1": "08", "C2": "08", "C3": "08"}


def make_certificate(
    person: Person,
    enterprise: Enterprise | None,
    category: Category | str = Category.B,
    *,
    ends_on: date | None = None,
    starts_on: date | None = None,
    year: int = 2019,
    serial: int | None = None,
    constructor: bool = True,
    **fields: Any,
) -> Certificate:
    """A holder of B is made a registered constructor of the enterprise, as the law asks."""
    serial = serial or next(_serial)
    if starts_on is None:
        starts_on = date(2024, 1, 1) if ends_on is None else _start_of(ends_on)
    ends_on = ends_on or term_end(starts_on)
    certificate = Certificate.objects.create(
        number=format_number(str(category), year, serial),
        category=category,
        year=year,
        serial=serial,
        identifier_serial=serial,
        person=person,
        enterprise=enterprise,
        enterprise_name=fields.pop("enterprise_name", enterprise.name if enterprise else "不明企业"),
        ends_on=ends_on,
        origin=Origin.LEGACY,
        **{"post": POSTS[str(category)], "first_issued_on": date(2019, 3, 1)} | fields,
    )
    CertificateTerm.objects.create(certificate=certificate, starts_on=starts_on, ends_on=ends_on)
    if category == Category.B and constructor:
        make_constructor(person, enterprise)
    return certificate


def make_constructor(person: Person, enterprise: Enterprise | None, **fields: Any) -> Qualification:
    return Qualification.objects.create(
        number=f"赣2{next(_serial):011d}",
        name=person.name,
        id_number_index=person.id_number_index,
        enterprise=enterprise,
        **{"kind": QualificationKind.CONSTRUCTOR, "specialty": "建筑工程"} | fields,
    )


def _start_of(ends_on: date) -> date:
    """A start whose three-year term ends then, whatever the leap years."""
    for start in (date.fromordinal(ends_on.toordinal() - 1095), date.fromordinal(ends_on.toordinal() - 1094)):
        if term_end(start) == ends_on:
            return start
    raise ValueError(f"no term of three years ends on {ends_on}")


def make_training(
    person: Person, *, hours: int = 24, ends_on: date | None = None, category: str = ""
) -> TrainingRecord:
    ends_on = ends_on or timezone.localdate()
    return TrainingRecord.objects.create(
        id_number_index=person.id_number_index,
        name=person.name,
        institution_name="江西建设培训中心",
        course="安全生产继续教育",
        category=category,
        hours=hours,
        starts_on=ends_on,
        ends_on=ends_on,
    )


def actor(user: User, *, is_verified: bool = False) -> Actor:
    answer = actor_of(user, is_verified=is_verified)
    if answer is None:
        raise ValueError(f"{user} does not act on cases")
    return answer
