"""Adds the boxes about employment on the home pages of persons and enterprises."""

from __future__ import annotations

from django.db.models import Count, Q
from django.http import HttpRequest
from django.utils.timezone import localdate

from accounts.models import Person
from accounts.people.home_boxes import PERSON_HOME
from common.home_page import Box
from employment.proposing.selectors import proposal_rows
from employment.relations.selectors import CONTRACT_SOON
from employment.renewing.selectors import awaiting_person, waiting_changes_to
from enterprises.models import Enterprise
from enterprises.profile.home_boxes import ENTERPRISE_HOME

from .models import Employment
from .proposing.selectors import waiting_proposals_to


@PERSON_HOME.box
def person_box(request: HttpRequest, person: Person) -> Box:
    active = Employment.objects.active().filter(person=person).select_related("enterprise").first()
    waiting = proposal_rows(waiting_proposals_to(person.pk))
    extra = {"active": active, "waiting": waiting, "changes": waiting_changes_to(person.pk)}
    return Box("聘用关系", "employment/person_box.html", extra, order=30)


@ENTERPRISE_HOME.box
def enterprise_box(request: HttpRequest, enterprise: Enterprise) -> Box:
    today = localdate()
    soon = Q(contract_to__range=(today, today + CONTRACT_SOON))
    numbers = (
        Employment.objects.active()
        .filter(enterprise=enterprise)
        .aggregate(staff=Count("pk"), soon=Count("pk", filter=soon), over=Count("pk", filter=Q(contract_to__lt=today)))
    )
    waiting = awaiting_person(enterprise.pk, is_open=True).count()
    return Box("人员聘用", "employment/enterprise_box.html", {**numbers, "waiting": waiting}, order=20)
