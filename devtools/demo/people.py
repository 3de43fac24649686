"""Makes people whose portraits are drawn heads. All share one password, which is hashed once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from io import BytesIO

from django.contrib.auth.hashers import make_password
from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image, ImageDraw

from accounts.enums import Education, Sex, Sphere
from accounts.models import Person, User
from accounts.people.identity import id_number_index, login_of
from administration.enums import OfficeKind
from administration.models import Mailbox, Office, Region
from common.database.fields import EncryptedFileSystemStorage
from common.files.images import id_photo_master

from .builders import demo_builder
from .context import DOTTED_NAMES, RARE_NAMES, DemoContext

COUNT = 430
NEWCOMERS = 20
FORMER_PREFECTURES = ("362101", "362321", "362421", "362501")
"""No division has these codes any more, but people's numbers still begin with them."""
LOOKS = (
    ((236, 200, 168), (52, 60, 92)),
    ((222, 184, 150), (30, 84, 60)),
    ((240, 208, 180), (96, 40, 48)),
    ((214, 170, 136), (40, 44, 52)),
    ((232, 190, 160), (20, 70, 120)),
    ((226, 196, 170), (70, 70, 74)),
)


@dataclass(frozen=True)
class Photo:
    master: str
    small: str


def draw_photos() -> list[Photo]:
    """Draws a few heads into the private storage; people of the demonstration share them."""
    storage = EncryptedFileSystemStorage()
    photos = []
    for skin, coat in LOOKS:
        made = id_photo_master(_head(skin, coat))
        photos.append(
            Photo(
                storage.save("photos/id.jpg", ContentFile(made.master)),
                storage.save("photos/id.jpg", ContentFile(made.small)),
            )
        )
    return photos


def _head(skin: tuple[int, int, int], coat: tuple[int, int, int]) -> bytes:
    image = Image.new("RGB", (500, 700), (252, 252, 252))
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle((70, 500, 430, 760), 110, fill=coat)
    draw.polygon(((200, 500), (300, 500), (250, 590)), fill="white")
    draw.rectangle((212, 430, 288, 520), fill=tuple(int(part * 0.93) for part in skin))
    draw.ellipse((140, 150, 360, 460), fill=skin)
    draw.pieslice((132, 120, 368, 400), 180, 360, fill=(34, 30, 30))
    for x in (205, 295):
        draw.ellipse((x - 12, 295, x + 12, 311), fill=(40, 34, 34))
        draw.line((x - 22, 276, x + 22, 272), fill=(50, 40, 36), width=6)
    draw.line((250, 305, 244, 352, 256, 354), fill=(170, 130, 104), width=4)
    draw.arc((216, 360, 284, 400), 20, 160, fill=(168, 84, 80), width=6)
    buffer = BytesIO()
    image.save(buffer, "JPEG", quality=92)
    return buffer.getvalue()


def generate(context: DemoContext) -> list[Person]:
    """The people are not saved yet, because old records of some arrive before they register."""
    photos = draw_photos()
    regions = list(Region.objects.filter(pk__endswith="1").values_list("pk", flat=True)) + list(FORMER_PREFECTURES)
    offices = list(Office.objects.filter(kind__in=[OfficeKind.REGISTRATION, OfficeKind.COUNTY]).order_by("pk"))
    names = [*RARE_NAMES, *DOTTED_NAMES]
    return [
        person_at(
            context,
            names[position] if position < len(names) else context.person_name(),
            regions,
            offices,
            photos,
            position,
        )
        for position in range(COUNT)
    ]


def register(context: DemoContext, people: list[Person]) -> list[Person]:
    password = make_password(context.password)
    users = User.objects.bulk_create(
        User(login=login_of(person.id_number), sphere=Sphere.PERSON, name=person.name, password=password)
        for person in people
    )
    boxes = Mailbox.objects.bulk_create(Mailbox() for _ in people)
    for person, user, box in zip(people, users, boxes, strict=True):
        person.user, person.mailbox = user, box
    return Person.objects.bulk_create(people)


def person_at(
    context: DemoContext,
    name: str,
    regions: Sequence[str],
    offices: Sequence[Office],
    photos: Sequence[Photo],
    position: int,
    birth: date | None = None,
) -> Person:
    """The person is not saved; every ninth has no ID photo."""
    number = context.id_number(context.pick(regions), birth=birth)
    photo = photos[position % len(photos)]
    has_photo = position % 9 != 8
    return Person(
        name=name,
        id_number=number,
        id_number_index=id_number_index(number),
        sex=Sex.MALE if int(number[16]) % 2 else Sex.FEMALE,
        ethnicity="汉族",
        birth_date=date(int(number[6:10]), int(number[10:12]), int(number[12:14])),
        address=f"江西省演示地址{position + 1}号",
        card_valid_from=context.today - timedelta(days=2000),
        card_valid_to=context.today + timedelta(days=5000),
        phone=f"1390000{position:04d}",
        education=context.pick([Education.BACHELOR, Education.JUNIOR_COLLEGE, Education.SECONDARY_VOCATIONAL]),
        portrait=photo.master,
        id_photo=photo.master if has_photo else "",
        id_photo_small=photo.small if has_photo else "",
        id_photo_uploaded_at=timezone.now() if has_photo else None,
        registered_at=timezone.now() - timedelta(days=400 + position),
        registered_at_office=context.pick(offices),
    )


@demo_builder("people", order=40)
def build_people(context: DemoContext) -> None:
    context.people = generate(context)
    context.newcomers = context.people[-NEWCOMERS:]


@demo_builder("registrations", order=60)
def build_registrations(context: DemoContext) -> None:
    register(context, context.people)
