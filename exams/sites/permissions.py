"""Says who keeps which sites, by None or the sentence to show, without reading the database."""

from __future__ import annotations

from django.db.models import Q

from accounts.enums import Duty
from exams.models import ExamSite
from workflow.actors import Actor
from workflow.enums import Party

KEEPERS = (Duty.DECIDE, Duty.ORGANISE)


def may_keep_sites(actor: Actor) -> bool:
    return actor.party == Party.OFFICE and not actor.duties.isdisjoint(KEEPERS)


def sites_of(actor: Actor) -> Q:
    """Filters ExamSite by those that the actor keeps: an organiser its own, the province all."""
    if not may_keep_sites(actor):
        return Q(pk__in=[])
    return Q() if Duty.DECIDE in actor.duties else Q(office=actor.office_id)


def why_not_keep(actor: Actor, site: ExamSite | None = None) -> str | None:
    """Keep it equal to `sites_of`. Without a site it answers about new ones."""
    if not may_keep_sites(actor):
        return "考点由考试机构登记。"
    if site is not None and Duty.DECIDE not in actor.duties and site.office_id != actor.office_id:
        return "这个考点由登记它的考试机构修改。"
    return None
