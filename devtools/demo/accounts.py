"""Makes demonstration logins: staff for each role of every office that answers for a region, the three
administrators.

`make_person` registers made-up people for the demo builders of the apps to the right.
"""

from __future__ import annotations

import json
import random
from base64 import b32encode
from dataclasses import asdict
from datetime import date, timedelta
from hashlib import sha256
from io import BytesIO
from pathlib import Path

from django.conf import settings
from django.core.files.base import ContentFile
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from PIL import Image, ImageDraw

from accounts.enums import Duty, Education, ProfessionalTitle, Sphere
from accounts.kiosk.services import create_device
from accounts.models import KioskDevice, Person, SecondFactor, User
from accounts.people.rules import CardData
from accounts.registration.services import register_person
from accounts.staff.services import create_administrator, create_staff
from administration.enums import OfficeKind
from administration.models import Office, OfficeRoute
from common.files.images import id_photo_master
from common.text.id_number import read_id_number

from .builders import demo_builder
from .context import DemoContext

DUTIES = {
    OfficeKind.PROVINCIAL: (
        ("decide", "省厅审核", (Duty.DECIDE,)),
        ("registry", "台账管理", (Duty.REGISTRY,)),
        ("head", "省厅科室负责人", (Duty.HEAD,)),
    ),
    OfficeKind.MUNICIPAL: (
        ("review", "地市审核", (Duty.REVIEW,)),
        ("counter", "地市窗口", (Duty.COUNTER, Duty.REGISTER)),
        ("head", "地市科室负责人", (Duty.HEAD,)),
    ),
    OfficeKind.COUNTY: (("counter", "县区窗口", (Duty.COUNTER, Duty.REGISTER)),),
    OfficeKind.REGISTRATION: (("register", "实名登记点", (Duty.REGISTER,)),),
    OfficeKind.TRAINING: (("training", "培训机构", (Duty.TRAINING,)),),
    # Whoever records a result decides on no appeal against it, and an unlikely file needs a second person.
    OfficeKind.ORGANISER: (
        ("organise", "考试机构", (Duty.ORGANISE,)),
        ("recheck", "考试机构复核", (Duty.ORGANISE,)),
    ),
}
ADMINISTRATORS = (
    ("sysadmin", "系统管理员", Sphere.SYSTEM_ADMIN),
    ("secadmin", "安全管理员", Sphere.SECURITY_ADMIN),
    ("audadmin", "审计管理员", Sphere.AUDIT_ADMIN),
)
REGION = "360102"
CODE_COMMAND = ".venv/bin/python manage.py demo_code"


def build(context: DemoContext) -> list[User]:
    """Offices exist by now (administration's demo). One login of each role is listed; the others follow its pattern."""
    made: list[User] = []
    listed: set[str] = set()
    for office in _answering_offices():
        for key, role, duties in DUTIES[OfficeKind(office.kind)]:
            user = create_staff(
                login=f"{key}-{office.region_id}",
                name=context.person_name(),
                office=office,
                duties=duties,
                password=context.password,
                must_change_password=False,
            )
            made.append(user)
            secret = _enrol(user)
            if role not in listed:
                listed.add(role)
                _record_office_login(context, role, user, secret, office.name)
    for login, role, sphere in ADMINISTRATORS:
        user = create_administrator(
            login=login, name=role, sphere=sphere, password=context.password, must_change_password=False
        )
        made.append(user)
        _record_office_login(context, role, user, _enrol(user), "三员之一，不办理业务")
    return made


def _enrol(user: User) -> str:
    """The secret follows from the login, so that scripts that visit the demonstration need no telephone."""
    secret = b32encode(sha256(f"demonstration:{user.login}".encode()).digest()[:20]).decode()
    SecondFactor.objects.create(user=user, secret=secret)
    return secret


def _record_office_login(context: DemoContext, role: str, user: User, secret: str, note: str) -> None:
    context.record(
        role,
        reverse("accounts:office_login"),
        user.login,
        context.password,
        note,
        totp_secret=secret,
        code=f"{CODE_COMMAND} {user.login}",
    )


def make_kiosk(context: DemoContext, folder: Path) -> KioskDevice:
    """Makes a machine of the first registration point, with its key, a card and a portrait to try it with."""
    office = Office.objects.filter(kind=OfficeKind.REGISTRATION, is_active=True).order_by("region_id", "pk")[0]
    device, private_key = create_device(
        name=f"{office.name}1号机",
        office=office,
        public_key="",
        valid_until=context.today + timedelta(days=730),
        by=None,
    )
    folder.mkdir(parents=True, exist_ok=True)
    card = made_up_card(context)
    key_file = {"server": settings.PUBLIC_BASE_URL, "office": office.pk, "private_key": private_key}
    for name, content in (("kiosk-key.json", key_file), ("card.json", asdict(card))):
        text = json.dumps(content, ensure_ascii=False, indent=2, default=date.isoformat)
        (folder / name).write_text(text + "\n", encoding="utf-8")
    (folder / "kiosk-key.json").chmod(0o600)
    (folder / "face.jpg").write_bytes(draw_face(context.random))
    files = " ".join(
        f"--{option} {folder / name}"
        for option, name in (
            ("key", "kiosk-key.json"),
            ("card", "card.json"),
            ("portrait", "face.jpg"),
            ("receipt", "receipt.pdf"),
        )
    )
    context.record(
        "登记一体机",
        reverse("accounts:kiosk_openapi"),
        note=f"{office.name}；登记一位新人员，回执存为 receipt.pdf",
        key_file=str(folder / "kiosk-key.json"),
        command=f"python -m clients.kiosk register {files}",
    )
    return device


def _answering_offices() -> list[Office]:
    """Leaves out most of a hundred counties, because hashing their passwords would take longer than everything else."""
    has_route = Exists(OfficeRoute.objects.filter(office=OuterRef("pk")))
    special = Q(kind__in=(OfficeKind.REGISTRATION, OfficeKind.TRAINING, OfficeKind.ORGANISER))
    return list(Office.objects.filter(has_route | special, is_active=True).order_by("region_id", "kind", "pk"))


def make_person(
    context: DemoContext,
    *,
    by: User,
    name: str = "",
    region: str = REGION,
    birth: date | None = None,
    has_photo: bool = True,
) -> Person:
    """Makes a registered person with the context's password and, unless told otherwise, everything filled in."""
    if by.office is None:
        raise ValueError("persons are registered by staff of an office")
    face = draw_face(context.random)
    card = made_up_card(context, name=name, region=region, birth=birth)
    person = register_person(card=card, portrait=face, by=by, office=by.office, now=timezone.now()).person
    if person.user is not None:
        person.user.set_password(context.password)
        person.user.must_change_password = False
        person.user.save(update_fields=["password", "must_change_password"])
    person.phone = f"139{context.random.randrange(10**8):08d}"
    person.education = context.pick([Education.JUNIOR_COLLEGE, Education.BACHELOR])
    person.professional_title = context.pick([ProfessionalTitle.JUNIOR, ProfessionalTitle.INTERMEDIATE])
    if has_photo:
        photo = id_photo_master(face)
        person.id_photo.save("photo.jpg", ContentFile(photo.master), save=False)
        person.id_photo_small.save("photo.jpg", ContentFile(photo.small), save=False)
        person.id_photo_uploaded_at = timezone.now()
    person.save()
    return person


def record_person(context: DemoContext, person: Person, note: str) -> None:
    context.record(
        "个人",
        reverse("accounts:login"),
        person.id_number,
        context.password,
        f"{person.name}：{note}",
        phone="登录后打开 /person/phone/ 看到二维码；没有手机的，另开一个无痕窗口打开二维码下面的网址，点“确认登录”",
    )


def made_up_card(context: DemoContext, *, name: str = "", region: str = REGION, birth: date | None = None) -> CardData:
    id_number = context.id_number(region, birth=birth)
    facts = read_id_number(id_number)
    issued = date(2019, 1, 1) + timedelta(days=context.random.randrange(1500))
    return CardData(
        name=name or context.person_name(),
        id_number=id_number,
        sex=facts.sex or "male",
        ethnicity="汉",
        birth_date=facts.birth_date,
        address=f"江西省南昌市东湖区演示路{context.random.randrange(1, 300)}号",
        valid_from=issued,
        valid_to=issued.replace(year=issued.year + 20, day=min(issued.day, 28)),
    )


def draw_face(source: random.Random) -> bytes:
    """Draws head and shoulders on white, 25:35, which are the likeness of nobody."""
    image = Image.new("RGB", (500, 700), "#fdfdfd")
    draw = ImageDraw.Draw(image)
    skin, hair = source.choice(["#f0cdb0", "#e8bd98", "#d9a982"]), source.choice(["#20201f", "#3a2f28", "#55504b"])
    shirt = source.choice(["#27476e", "#3b5d50", "#5b3a4a", "#444a55"])
    draw.rounded_rectangle((60, 520, 440, 780), radius=120, fill=shirt)
    draw.polygon([(205, 520), (295, 520), (250, 610)], fill="white")
    draw.rectangle((212, 440, 288, 545), fill=skin)
    draw.ellipse((140, 130, 360, 400), fill=hair)
    draw.ellipse((155, 165, 345, 475), fill=skin)
    draw.pieslice((140, 130, 360, 380), 180, 360, fill=hair)
    for x in (205, 295):
        draw.ellipse((x - 18, 300, x + 18, 322), fill="white")
        draw.ellipse((x - 9, 301, x + 9, 321), fill="#222")
        draw.line((x - 24, 280, x + 24, 278), fill=hair, width=7)
    draw.line((250, 320, 244, 368), fill="#b98767", width=5)
    draw.arc((215, 375, 285, 425), 20, 160, fill="#a3504a", width=7)
    stream = BytesIO()
    image.save(stream, "JPEG", quality=90)
    return stream.getvalue()


@demo_builder("staff", order=20)
def build_staff(context: DemoContext) -> None:
    build(context)


@demo_builder("kiosk", order=110)
def build_kiosk(context: DemoContext) -> None:
    make_kiosk(context, settings.VAR / "demo" / "kiosk")
