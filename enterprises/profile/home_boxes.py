"""Adds the boxes of an enterprise's home page; apps that depend on this one add theirs in their own `home_boxes.py`."""

from __future__ import annotations

from django.http import HttpRequest

from accounts.models import Person
from accounts.people.home_boxes import PROFILE
from common.home_page import Box, HomePage
from enterprises.models import Enterprise, Qualification

ENTERPRISE_HOME: HomePage[Enterprise] = HomePage("enterprise")


@PROFILE.box()
def qualification_box(request: HttpRequest, person: Person) -> Box:
    """The profile shows the person's registration as constructor and other certificates of the imported registry."""
    rows = Qualification.objects.filter(id_number_index=person.id_number_index).select_related("enterprise")
    return Box("注册建造师等执业信息", "enterprises/profile_qualifications.html", {"rows": list(rows)}, order=20)
