"""What enterprises put on a person's profile: registered constructors and other certificates of the imported registry."""

from __future__ import annotations

from django.http import HttpRequest

from accounts.models import Person
from accounts.people.home_boxes import Box
from enterprises.models import Qualification


def qualification_box(request: HttpRequest, person: Person) -> Box:
    rows = Qualification.objects.filter(id_number_index=person.id_number_index).select_related("enterprise")
    return Box("注册建造师等执业信息", "enterprises/profile_qualifications.html", {"rows": list(rows)}, order=20)
