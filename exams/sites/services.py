"""Writes sites and their rooms. What a coming session relies on stays."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.timezone import now as utc_now

from administration.audit.services import record_audits
from common.dates import chinese_datetime
from common.findings import Cure, Finding, Refused
from exams.enums import BatchStatus
from exams.models import ExamRoom, ExamSite, SessionRoom
from exams.permissions import is_results_of
from workflow.actors import Actor
from workflow.services.auditing import author_of

from .permissions import why_not_keep
from .selectors import coming_uses

PRINTED = frozenset({"name", "address"})
"""These stand on the notices and admit cards of whoever has been told to come here."""


def _authorised(by: Actor, site: ExamSite | None = None) -> None:
    if sentence := why_not_keep(by, site):
        raise Refused(Finding("exam_site.not_yours", sentence))


@transaction.atomic
def create_site(site: ExamSite, *, by: Actor, now: datetime | None = None) -> ExamSite:
    """Stores an unsaved site of the actor's office. Raises Refused with every reason."""
    _authorised(by)
    site.office_id, site.created_by_id, site.created_at = by.office_id or 0, by.user_id, now or utc_now()
    _save(site)
    _audit("exam_site.create", site, by, site=site.name)
    return site


@transaction.atomic
def change_site(site_id: int, *, by: Actor, now: datetime | None = None, **values: object) -> ExamSite:
    """Name and address stay while a coming session of an announced batch is held there; so does a site in use."""
    site = _locked_site(site_id)
    _authorised(by, site)
    changed = sorted(name for name, value in values.items() if getattr(site, name) != value)
    uses = coming_uses(_locked_rooms(site), now=now or utc_now())
    told = [use for use in uses if use.session.batch.status == BatchStatus.ANNOUNCED]
    if told and not PRINTED.isdisjoint(changed):
        detail = "报名的人已经按原来的名称和地址得到通知。换地方的，请新建考点，再在批次中更换考场。"
        raise Refused(_in_use(told, "这个考点有还没有结束的考试，名称和地址不能修改", detail, by, "address"))
    if uses and values.get("is_active") is False:
        detail = "请先在批次中更换考场。"
        raise Refused(_in_use(uses, "这个考点有还没有结束的考试，不能停用", detail, by, "is_active"))
    for name, value in values.items():
        setattr(site, name, value)
    _save(site)
    _audit("exam_site.change", site, by, site=site.name, changed=changed)
    return site


@transaction.atomic
def add_room(site_id: int, *, name: str, seats: int, by: Actor) -> ExamRoom:
    site = _locked_site(site_id)
    _authorised(by, site)
    room = ExamRoom(site=site, name=name, seats=seats)
    _save(room)
    _audit("exam_site.room", room, by, site=site.name, room=name, seats=seats)
    return room


@transaction.atomic
def change_room(
    room_id: int, *, name: str, seats: int, is_active: bool, by: Actor, now: datetime | None = None
) -> ExamRoom:
    """Sessions lock their rooms before they use them, so that nobody is given a seat that is just taken away."""
    site = _locked_site(ExamRoom.objects.values_list("site_id", flat=True).get(pk=room_id))
    _authorised(by, site)
    room = next(one for one in _locked_rooms(site) if one.pk == room_id)
    uses = coming_uses([room], now=now or utc_now())
    told = [use for use in uses if use.session.batch.status == BatchStatus.ANNOUNCED]
    more = [use for use in uses if use.seats > seats]
    reasons: list[Finding] = []
    if told and name != room.name:
        detail = "报名的人会按原来的房间找考场。请先在批次中更换考场。"
        reasons.append(_in_use(told, "这个房间有还没有结束的考试，名称不能修改", detail, by, "name"))
    if more:
        most = max(use.seats for use in more)
        detail = f"请先在批次中减少使用的座位，最多的一场使用 {most} 个。"
        reasons.append(_in_use(more, "座位数不能少于已安排使用的座位", detail, by, "seats"))
    if uses and not is_active:
        detail = "请先在批次中更换考场。"
        reasons.append(_in_use(uses, "这个房间有还没有结束的考试，不能停用", detail, by, "is_active"))
    if reasons:
        raise Refused(*reasons)
    room.name, room.seats, room.is_active = name, seats, is_active
    _save(room)
    _audit("exam_site.change_room", room, by, site=site.name, room=name, seats=seats, is_active=is_active)
    return room


def _in_use(uses: list[SessionRoom], message: str, detail: str, by: Actor, field: str) -> Finding:
    """Names the first session and how many there are; only whoever may open its batch gets the link."""
    first = uses[0].session
    others = f"等 {len(uses)} 个场次" if len(uses) > 1 else ""
    named = f"{first.batch.name}{first}（{chinese_datetime(first.starts_at)}）{others}"
    own = is_results_of(by, first.batch)
    cure = Cure("查看批次", url_name="exams:batch", kwargs={"pk": first.batch_id}) if own else None
    return Finding("exam_site.in_use", message, f"{named}使用。{detail}", cure=cure, facts={"field": field})


def _locked_site(site_id: int) -> ExamSite:
    return ExamSite.objects.select_for_update(no_key=True).get(pk=site_id)


def _locked_rooms(site: ExamSite) -> list[ExamRoom]:
    return list(ExamRoom.objects.filter(site=site).order_by("pk").select_for_update(no_key=True))


def _save(row: ExamSite | ExamRoom) -> None:
    try:
        row.full_clean(exclude={"created_by"})
    except ValidationError as error:
        raise Refused(*(Finding("exam_site.wrong", sentence) for sentence in error.messages)) from error
    row.save()


def _audit(action: str, row: ExamSite | ExamRoom, by: Actor, **detail: object) -> None:
    told: dict[str, object] = {"acting_for": by.acting_for, **detail}
    record_audits(action, [(row._meta.label_lower, row.pk, told)], by=author_of(by))
