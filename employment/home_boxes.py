"""Adds the boxes about employment on the home pages of persons and enterprises."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.timezone import localdate

from accounts.models import Person
from accounts.people.home_boxes import PERSON_HOME
from common.home_page import Box
from employment.proposing.selectors import proposal_rows
from employment.relations.selectors import CONTRACT_SOON
from employment.renewing.selectors import awaiting_person, changes_of, waiting_changes_to
from enterprises.models import Enterprise
from enterprises.profile.home_boxes import ENTERPRISE_HOME
from workflow.models import Application

from .models import Employment
from .proposing.selectors import waiting_proposals_to


def _active(person: Person) -> QuerySet[Employment]:
    return Employment.objects.active().filter(person=person).select_related("enterprise")[:1]


def _proposals(person: Person) -> QuerySet[Application]:
    return _in_words(waiting_proposals_to(person.pk))


def _changes(person: Person) -> QuerySet[Application]:
    return _in_words(waiting_changes_to(person.pk))


def _in_words(applications: QuerySet[Application]) -> QuerySet[Application]:
    """Reads what the rows of the box are made of."""
    shown = applications.select_related(None).select_related("enterprise")
    return shown.only("payload", "status", "close_reason", "is_open", "due_on", "enterprise", "enterprise__name")


@PERSON_HOME.box(_active, _proposals, _changes)
def person_box(
    request: HttpRequest,
    person: Person,
    active: Sequence[Employment],
    proposals: Sequence[Application],
    changes: Sequence[Application],
) -> Box:
    extra = {
        "active": active[0] if active else None,
        "waiting": proposal_rows(proposals),
        "changes": changes_of(changes),
    }
    return Box("聘用关系", "employment/person_box.html", extra, order=30)


@ENTERPRISE_HOME.box()
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
