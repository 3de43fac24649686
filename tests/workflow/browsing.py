"""What the page tests share: clients of every party, a business with evidence and originals."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from accounts.models import User
from certificates.businesses.base import CertificateBusiness
from certificates.filing.commitment import CommitmentForm
from certificates.filing.desks import ID_CARD, OLD_CERTIFICATE
from common.findings import Finding
from tests.factories import make_certificate, make_employment, make_person
from tests.worlds.base import NOW, CertificateWorld, originals_seen
from workflow.actors import Actor
from workflow.checks import Case, Facts
from workflow.enums import Desk
from workflow.models import Application
from workflow.originals import seen_in
from workflow.rules import has_id_photo, real_name_registered
from workflow.steps import AttachmentKind, Comparison, Step

FORM = {"phone": "13800000000", "note": "请尽快办理", "commitment": "on"}


def browser(user: User | None, *, verified: bool = False, csrf: bool = False) -> Client:
    client = Client(enforce_csrf_checks=csrf)
    if user is not None:
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    if verified and user is not None:
        session = client.session
        session["verified_at"] = timezone.now().timestamp()
        session["verified_user"] = user.pk
        session.save()
    return client


def words(response: Any) -> str:
    """The text of a page as it is read, without tags and blanks."""
    body = re.sub(r"<script.*?</script>|<style.*?</style>|<[^>]+>", "", response.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", "", body)


def seen_on(client: Client, address: str) -> dict[str, str]:
    """The mark of what a page shows, as its form sends it."""
    (mark,) = set(re.findall(r'name="seen" value="([^"]+)"', client.get(address).content.decode()))
    return {"seen": mark}


def picture(
    color: str = "white", *, size: tuple[int, int] = (400, 300), name: str = "证书 第1页.png"
) -> SimpleUploadedFile:
    buffer = BytesIO()
    Image.new("RGB", size, color).save(buffer, "PNG")
    return SimpleUploadedFile(name, buffer.getvalue(), content_type="image/png")


def originals_form(application: Application, **results: str) -> dict[str, str]:
    """What a clerk fills in on the review page: every original in order, unless `results` says otherwise."""
    data: dict[str, str] = {}
    for one in seen_in(originals_seen(application, **results)):
        data |= {f"result_{one.key}": one.result, f"remark_{one.key}": one.remark}
        data |= {f"archive_{one.key}": one.archive_number} if one.archive_number else {}
    return data


class Inspection(CertificateBusiness):
    """A business with evidence and originals, declared for tests only."""

    kind, title = "inspection", "证书核验"
    summary = "测试用业务。"
    form_class = CommitmentForm
    steps = (
        Step(Desk.COUNTER, days="acceptance_days", accepts=True, originals=(ID_CARD, OLD_CERTIFICATE)),
        Step(Desk.PROVINCIAL, days="decision_days_other"),
    )
    checks = (real_name_registered, has_id_photo)
    attachments = (
        AttachmentKind("scan", "证书扫描件", "每一页都要清楚。"),
        AttachmentKind("other", "其他材料", required=False),
    )

    def compare(self, case: Case, facts: Facts) -> list[Comparison]:
        return []

    def on_approve(
        self, applications: Sequence[Application], facts: Facts, *, by: Actor, now: datetime
    ) -> dict[int, list[Finding]]:
        return {}


class InspectionWorld(CertificateWorld):
    kind = "inspection"


def extra_certificate(world: CertificateWorld, name: str) -> tuple[User, Any]:
    """Another person of the same enterprise with a certificate of their own."""
    person = make_person(name)
    make_employment(person, world.enterprise, "07")
    assert person.user is not None
    return person.user, make_certificate(person, world.enterprise, "B", ends_on=world.ends_on)


__all__ = [
    "FORM",
    "NOW",
    "Inspection",
    "InspectionWorld",
    "browser",
    "extra_certificate",
    "originals_form",
    "picture",
    "words",
]
