"""What certificates put on the home pages of persons and enterprises."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils.timezone import localdate

from accounts.home import Box
from accounts.models import Person
from enterprises.models import Enterprise

from .board import Board
from .pages import cards_of


def person_box(request: HttpRequest, person: Person) -> Box:
    return Box("我的证书", "certificates/home_person.html", {"cards": cards_of(person.pk)}, order=10)


def enterprise_box(request: HttpRequest, enterprise: Enterprise) -> Box:
    figures = Board(enterprise.pk, localdate()).figures()
    context = {"figures": figures, "address": reverse("certificates:staff")}
    return Box("人员与证书", "certificates/home_enterprise.html", context, order=40)
