"""Writes the sign-up of one or many people, and its withdrawal."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.timezone import now as utc_now

from administration.audit.services import record_audits
from administration.enums import RouteDesk
from administration.messages.services import OutgoingMessage, send
from administration.models import Office
from administration.offices.selectors import Routing
from common.database.constraints import refused_by_constraints
from common.dates import chinese_date
from common.findings import Cure, Finding, Refused, blocking
from employment.selectors import people_of
from enterprises.models import Enterprise
from exams.enums import EntryState
from exams.models import ExamBatch, ExamEntry, ExamSession
from exams.permissions import why_not_enter, why_not_withdraw
from exams.sign_up.naming import ENTRIES
from workflow.actors import Actor
from workflow.enums import Party
from workflow.services.auditing import author_of
from workflow.services.locking import lock_parties, lock_rows

from .eligibility import Candidate, of_candidates
from .exam_times import at_one_time
from .leaving import left_entries
from .places import free_places
from .rules import no_place


@dataclass
class SignUpResult:
    """Reports on each candidate; a refused one never blocks the others.

    `unknown` counts candidates that do not exist or are not of the enterprise, which learns nothing else about them.
    """

    entered: dict[Candidate, int] = field(default_factory=dict)
    refused: dict[Candidate, list[Finding]] = field(default_factory=dict)
    unknown: int = 0


def sign_up(
    batch_id: int, candidates: Sequence[Candidate], *, actor: Actor, now: datetime | None = None
) -> SignUpResult:
    """Places go in the order of the candidates. Raises Refused where the actor may sign nobody up."""
    if sentence := why_not_enter(actor):
        raise Refused(Finding("exam.not_yours", sentence))
    wanted = list(dict.fromkeys(candidates))
    if not wanted:
        raise Refused(Finding("exam.nobody", "请先勾选要报名的人员"))
    own = _of_the_enterprise(wanted, actor)
    if not own:
        raise Refused(not_of_the_enterprise(len(wanted)))
    # The locks exclude a conflict, except for rows that were not written by these services.
    with refused_by_constraints("exam.conflict"):
        result = _sign_up_locked(batch_id, own, actor, now or utc_now())
    result.unknown = len(wanted) - len(own)
    return result


def _of_the_enterprise(wanted: Sequence[Candidate], actor: Actor) -> list[Candidate]:
    """Leaves out other enterprises' people, whose conditions must not be shown to this one."""
    enterprise = Enterprise.objects.get(pk=actor.enterprise_id or 0)
    named = people_of(enterprise).filter(pk__in=[one.person_id for one in wanted])
    own = set(named.values_list("pk", flat=True))
    return [one for one in wanted if one.person_id in own]


def not_of_the_enterprise(count: int) -> Finding:
    detail = "名单可能已经变化，请刷新后重新勾选。没有登记聘用关系的，请先发起聘用，本人在手机端确认后即可报名。"
    cure = Cure("发起聘用", url_name="employment:propose")
    return Finding("exam.not_staff", f"勾选的人员中有 {count} 人不在本企业的人员名单中", detail, turn="企业", cure=cure)


def _sign_up_locked(batch_id: int, wanted: Sequence[Candidate], actor: Actor, now: datetime) -> SignUpResult:
    """Locks persons, enterprise and batch in this order, so that neither other entries nor the places change meanwhile."""
    persons, enterprises = lock_parties(
        person_ids=[one.person_id for one in wanted], enterprise_ids=[actor.enterprise_id]
    )
    enterprise = enterprises[actor.enterprise_id or 0]
    office, today = reviewer_of(enterprise), localdate(now)
    batch, found = _locked_batch(batch_id, wanted, enterprise, today)
    result = SignUpResult()
    entries: list[tuple[Candidate, ExamEntry]] = []
    taken: dict[int, list[str]] = defaultdict(list)
    sessions = _sessions_of(batch) if len(persons) < len(wanted) else []
    for one in wanted:
        stops = blocking(found[one]) or _beside(taken[one.person_id], one, batch, sessions)
        if not stops and len(entries) >= batch.places_left:
            stops = [no_place(batch)]
        if stops:
            result.refused[one] = stops
            continue
        taken[one.person_id].append(one.category)
        entries.append((one, _entry(batch, one, enterprise, office, actor, now)))
    ExamEntry.objects.bulk_create(entry for _, entry in entries)
    batch.taken += len(entries)
    batch.save(update_fields=["taken"])
    result.entered = {one: entry.pk for one, entry in entries}
    told: list[tuple[str, object, dict[str, object]]] = [
        (ExamEntry._meta.label_lower, entry.pk, {"batch": batch.pk, "category": one.category}) for one, entry in entries
    ]
    record_audits("exam_entry.sign_up", told, by=author_of(actor))
    _tell_entered([entry for _, entry in entries], batch, {pk: person.mailbox_id for pk, person in persons.items()})
    return result


def _sessions_of(batch: ExamBatch) -> list[ExamSession]:
    return list(ExamSession.objects.filter(batch=batch).order_by("starts_at", "pk"))


def _beside(taken: Sequence[str], one: Candidate, batch: ExamBatch, sessions: Sequence[ExamSession]) -> list[Finding]:
    """The conditions ask the database, which does not know yet for what else the same submission signs the person up."""
    if one.category in taken:
        return [Finding("exam.entered", f"同一人的{one.category}证只能报名一次", "职务请只选一个。", turn="企业")]
    found = (at_one_time(batch, one.category, other, sessions) for other in taken)
    return [stop for stop in found if stop is not None]


def _tell_entered(entries: Iterable[ExamEntry], batch: ExamBatch, boxes: Mapping[int, int | None]) -> None:
    title = f"已报名考试：{batch.name}"[:200]
    send(
        OutgoingMessage(boxes[entry.person_id], title, _words(entry, batch), LINK, event="exam_entry")
        for entry in entries
    )


def _locked_batch(
    batch_id: int, wanted: Sequence[Candidate], enterprise: Enterprise, today: date
) -> tuple[ExamBatch, dict[Candidate, list[Finding]]]:
    """Many enterprises compete for the last places, so the batch is locked only after the conditions have been asked;
    they are asked again if it has changed meanwhile.
    """
    read = ExamBatch.objects.get(pk=batch_id)
    found = of_candidates(read, wanted, enterprise_id=enterprise.pk, on=today)
    batch = ExamBatch.objects.select_for_update(no_key=True).get(pk=batch_id)
    if _offer(batch) != _offer(read):
        found = of_candidates(batch, wanted, enterprise_id=enterprise.pk, on=today)
    return batch, found


def _offer(batch: ExamBatch) -> tuple[object, ...]:
    """Answers what conditions read of a batch, besides its places, which are counted under its lock."""
    days = (batch.sign_up_from, batch.sign_up_to, batch.exam_from, batch.exam_to)
    return (batch.status, batch.region_id, batch.exam_type, batch.moved_at, *batch.categories, *days)


LINK = "/person/exams/"


def reviewer_of(enterprise: Enterprise) -> Office:
    """Answers the municipal office of the enterprise's region, as for every other business."""
    office = Routing().office(enterprise.region_id, RouteDesk.MUNICIPAL)
    if office is None:
        detail = "请联系省厅在“受理范围”中补充后再报名。"
        raise Refused(Finding("workflow.no_office", "企业注册地没有设置报名审核部门", detail, turn="省厅系统管理员"))
    return office


def _entry(
    batch: ExamBatch, one: Candidate, enterprise: Enterprise, office: Office, actor: Actor, now: datetime
) -> ExamEntry:
    return ExamEntry(
        batch=batch,
        person_id=one.person_id,
        enterprise=enterprise,
        category=one.category,
        post=one.post,
        office=office,
        entered_at=now,
        entered_by_id=actor.user_id,
    )


def _words(entry: ExamEntry, batch: ExamBatch) -> str:
    when = chinese_date(batch.exam_from)
    return f"{entry.enterprise.name}为您报名{entry.category}证考试，{when}，{batch.site}。报名须经主管部门审核。"


@transaction.atomic
def withdraw_entry(entry_id: int, *, actor: Actor, now: datetime | None = None) -> ExamEntry:
    """The place is free again. The person and the reviewing office may do it where the person has left the enterprise."""
    read = ExamEntry.objects.get(pk=entry_id)
    persons, _ = lock_parties(person_ids=[read.person_id])
    batch = ExamBatch.objects.select_for_update(no_key=True).get(pk=read.batch_id)
    (entry,) = lock_rows(ExamEntry, [entry_id])
    entry.batch, entry.person = batch, persons[entry.person_id]
    has_left = bool(left_entries([entry]))
    if sentence := why_not_withdraw(actor, entry, today=localdate(now or utc_now()), has_left=has_left):
        raise Refused(Finding("exam.not_now", sentence))
    entry.state = EntryState.WITHDRAWN
    if actor.party != Party.ENTERPRISE:
        by = "本人" if actor.party == Party.PERSON else actor.acting_for
        why = "已离开报名企业" if has_left else "考试时间或地点有变"
        entry.comment = f"由{by}取消报名：{why}。"
    _tell_withdrawn(entry, by_enterprise=actor.party == Party.ENTERPRISE)
    entry.save(update_fields=["state", "comment"])
    free_places([entry])
    detail: dict[str, object] = {"batch": batch.pk, "acting_for": actor.acting_for, "comment": entry.comment}
    record_audits("exam_entry.withdraw", [(ExamEntry._meta.label_lower, entry.pk, detail)], by=author_of(actor))
    return entry


def _tell_withdrawn(entry: ExamEntry, *, by_enterprise: bool) -> None:
    """Whoever withdraws knows it."""
    title = f"报名已取消：{entry.person.name}，{entry.batch.name}"[:200]
    what = f"{entry.enterprise.name}取消了您的{entry.category}证考试报名，名额已退回。有疑问的，请联系单位。"
    text = what if by_enterprise else entry.comment
    posts = [OutgoingMessage(entry.person.mailbox_id, title, text, LINK, event="exam_entry")]
    if not by_enterprise:
        posts.append(OutgoingMessage(entry.enterprise.mailbox_id, title, text, ENTRIES, event="exam_entry"))
    send(posts)
