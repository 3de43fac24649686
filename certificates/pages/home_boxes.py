"""Adds the boxes about certificates to the home pages of persons and enterprises."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.timezone import localdate

from accounts.models import Person
from accounts.people.home_boxes import PERSON_HOME
from accounts.photo.sample import NAME, SAMPLES
from certificates.ecert.sample import sample_png
from certificates.enums import IN_FORCE_STATES
from certificates.models import Certificate, CertificateItem
from certificates.renaming.report import ready_count, rename_claim
from common.findings import Cure, Finding, Level
from common.home_page import Box
from enterprises.models import Enterprise
from enterprises.profile.home_boxes import ENTERPRISE_HOME

from .detail import cards_of
from .roster import Roster
from .situations.reading import READS, known_of


@PERSON_HOME.box(*READS)
def person_box(request: HttpRequest, person: Person, *rows: Any) -> Box:
    """The box does not say how far the e-certificates are, so that their papers are not read."""
    cards = cards_of(person, known=known_of(person, *rows), papers={})
    current = [card for card in cards if not card.situation.is_ended]
    context = {"cards": current, "ended": [card for card in cards if card.situation.is_ended]}
    more = Cure("全部证书与办理记录", url_name="certificates:mine")
    return Box("我的证书", "certificates/home_person.html", context, order=10, more=more)


@ENTERPRISE_HOME.box()
def enterprise_box(request: HttpRequest, enterprise: Enterprise) -> Box:
    figures = Roster(enterprise.pk, localdate()).figures()
    context = {"figures": figures, "address": reverse("certificates:staff")}
    return Box("人员与证书", "certificates/home_enterprise.html", context, order=40)


@ENTERPRISE_HOME.task()
def rename_waits(enterprise: Enterprise) -> Finding | None:
    """Answers a finding while certificates that can be reissued print a former name and nobody has applied for new ones.

    Those that cannot have their reason and cure on the board.
    """
    if enterprise.is_gone:
        return None
    count = ready_count(enterprise.pk, on=localdate())
    if not count or CertificateItem.objects.filter(is_open=True, claim_key=rename_claim(enterprise.pk)).exists():
        return None
    return Finding(
        "enterprise.renamed",
        f"企业名称已变更，{count} 本证书仍印着原名称",
        "证书仍可正常使用。办理企业名称变更，一次换发全部证书。",
        Level.ADVISORY,
        turn="企业",
        cure=Cure("企业名称变更", business="enterprise_rename"),
    )


def photo_sample(person: Person, photo: bytes) -> bytes:
    """The holder's page shows this sample beside an ID photo, with the category and post of the own certificate."""
    own = Certificate.objects.filter(person=person, legal_state__in=IN_FORCE_STATES).order_by("-ends_on", "pk").first()
    printed = {"category": own.category, "post": own.get_post_display()} if own else {}
    return sample_png(
        name=person.name,
        sex=person.get_sex_display(),
        birth_date=person.birth_date,
        photo_jpeg=photo,
        today=localdate(),
        **printed,
    )


SAMPLES.register(NAME, photo_sample)
