"""Makes two changes of the register of persons that wait for their second clerk: a merge and a death."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from accounts.corrections.services import Grounds
from accounts.deaths.services import ask_for_death
from accounts.enums import Duty, Sphere
from accounts.merging.services import Pair, ask_for_merge
from accounts.models import Person, User
from administration.enums import OfficeKind
from certificates.enums import LegalState
from common.files.uploads import CheckedUpload, check_upload
from employment.models import Employment
from workflow.models import Application

from .accounts import make_person
from .builders import demo_builder
from .context import DemoContext


@demo_builder("register corrections", order=115)
def build_corrections(context: DemoContext) -> None:
    clerk = User.objects.filter(
        sphere=Sphere.STAFF,
        duties__contains=[Duty.REGISTER],
        office__kind=OfficeKind.REGISTRATION,
        office__region__code__startswith="3601",
    ).earliest("pk")
    twice, dead = _people_at_rest()
    twin = make_person(context, by=clerk, name=twice.name, birth=twice.birth_date)
    said = Grounds(
        "《户籍证明》（东公证〔2026〕15号）", "换证时号码读错，登记了两次；人像、户口簿一致。", scan("户籍证明")
    )
    ask_for_merge(Pair(twin, twice), grounds=said, by=clerk, now=context.now)
    said = Grounds("《居民死亡医学证明书》第 00123 号", "凭证明原件核对，姓名、号码一致。", scan("死亡证明"))
    day = context.today - timedelta(days=5)
    ask_for_death(dead, died_on=day, grounds=said, by=clerk, now=context.now)
    context.record(
        "合并、死亡登记", "/office/corrections/", note=f"待复核：合并{twice.name}，登记{dead.name}死亡（省厅审核）"
    )


def _people_at_rest() -> list[Person]:
    """Answers two people with an employment and a certificate whom no open application concerns."""
    people = Person.objects.filter(
        pk__in=Employment.objects.active().values("person"),
        certificates__legal_state=LegalState.VALID,
        registered_at__isnull=False,
        exam_entries__isnull=True,
    ).exclude(pk__in=Application.objects.filter(is_open=True, person__isnull=False).values("person"))
    return list(people.distinct().order_by("-pk")[:2])


def scan(title: str) -> CheckedUpload:
    image = Image.new("RGB", (620, 877), "white")
    draw = ImageDraw.Draw(image)
    draw.rectangle((40, 40, 580, 837), outline="#444", width=3)
    for line in range(8):
        draw.line((90, 180 + 70 * line, 530, 180 + 70 * line), fill="#999", width=2)
    stream = BytesIO()
    image.save(stream, "JPEG", quality=85)
    return check_upload(SimpleUploadedFile(f"{title}.jpg", stream.getvalue(), content_type="image/jpeg"))
