"""The home page of an enterprise. Apps to the right add theirs in their `home_boxes.py`."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.http import HttpRequest

from accounts.models import Person
from accounts.people.home_boxes import PROFILE
from common.dates import chinese_date
from common.findings import Cure, Finding, Level
from common.home_page import Box, HomePage
from enterprises.models import CaKey, Enterprise, Qualification

ENTERPRISE_HOME: HomePage[Enterprise] = HomePage("enterprise")

KEY_WARNING = timedelta(days=30)


@PROFILE.box
def qualification_box(request: HttpRequest, person: Person) -> Box:
    """Registered constructors and other certificates of the imported registry, on the person's profile."""
    rows = Qualification.objects.filter(id_number_index=person.id_number_index).select_related("enterprise")
    return Box("注册建造师等执业信息", "enterprises/profile_qualifications.html", {"rows": list(rows)}, order=20)


def key_ends(key: CaKey, now: datetime) -> Finding | None:
    if key.valid_to - now > KEY_WARNING:
        return None
    return Finding(
        "key.ends_soon",
        f"您的 CA 锁将于{chinese_date(key.valid_to)}到期",
        "请在到期前向 CA 机构续期。续期后的证书首次登录时选择接替这把锁，操作员和办理记录不变。",
        Level.ADVISORY,
        turn="企业",
        cure=Cure("查看 CA 锁", "enterprises:keys"),
    )
