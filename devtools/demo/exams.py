"""Makes batches in every state, entries at every desk, and passes that wait for the province, by the services that
people use.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta
from decimal import Decimal

from accounts.enums import Duty
from accounts.models import User
from administration.enums import OfficeKind
from administration.models import Office
from certificates.enums import Category
from employment.models import Employment
from enterprises.models import CaKey
from exams.batches.services import announce_batch, call_off_batch, create_batch
from exams.enums import EntryState
from exams.first_issue.services import open_missing
from exams.models import ExamBatch, ExamEntry
from exams.results.services import Result, record_results
from exams.reviewing.services import approve_entries
from exams.sign_up.eligibility import Candidate
from exams.sign_up.rules import POSTS_OF
from exams.sign_up.services import sign_up
from workflow.actors import SYSTEM, Actor, actor_of

from .builders import demo_builder
from .context import DemoContext

CAPITAL, PROVINCE = "360100", "360000"
SITE = "江西建设考试中心（演示）第一考场"
OUTCOMES = (
    (EntryState.PASSED, "88", ""),
    (EntryState.PASSED, "76.5", ""),
    (EntryState.FAILED, "52", ""),
    (EntryState.PASSED, "91", ""),
    (EntryState.ABSENT, "", ""),
    (EntryState.PASSED, "80", ""),
    (EntryState.EXCUSED, "", "突发疾病，已提交住院证明"),
    (EntryState.PASSED, "69", ""),
    (EntryState.CHEATED, "", "携带手机进入考场"),
)
MOST_TRIED = 12
Groups = dict[int, list[Candidate]]


def build(context: DemoContext, now: datetime) -> list[ExamBatch]:
    decider = _staff(Duty.DECIDE)
    organiser = Office.objects.filter(kind=OfficeKind.ORGANISER).order_by("pk").first()
    today = context.today
    past = _batch("江西省安管人员考核（上一批）", PROVINCE, today - timedelta(days=60), organiser, decider, now)
    current = _batch("南昌市安管人员考核（报名中）", CAPITAL, today - timedelta(days=3), organiser, decider, now)
    full = _batch(
        "南昌市安管人员考核（名额少）",
        CAPITAL,
        today - timedelta(days=2),
        organiser,
        decider,
        now,
        quota=1,
    )
    off = _batch("江西省安管人员考核（取消）", PROVINCE, today - timedelta(days=10), organiser, decider, now)
    create_batch(
        _unsaved("南昌市安管人员考核（草稿）", CAPITAL, today + timedelta(days=20), organiser), by=decider, now=now
    )
    groups = _groups()
    _enter(past, groups, now - timedelta(days=55), limit=27)
    _enter(full, groups, now, limit=1, region=CAPITAL)
    _enter(current, groups, now, limit=12, region=CAPITAL)
    _enter(off, groups, now, limit=4)
    _settle(past, now)
    _review_some(current, now)
    call_off_batch(off.pk, reason="考点因天气原因停用（演示）", by=decider, now=now)
    open_missing(now=now)
    return [past, current, full, off]


def _staff(duty: Duty, office_id: int | None = None) -> Actor:
    users = User.objects.filter(duties__contains=[duty], is_active=True).select_related("office").order_by("pk")
    user = (users.filter(office=office_id) if office_id else users).first()
    actor = actor_of(user) if user is not None else None
    if actor is None:
        raise ValueError(f"nobody has the duty {duty}")
    return actor


def _unsaved(name: str, region: str, opens: date, organiser: Office | None, quota: int = 200) -> ExamBatch:
    return ExamBatch(
        name=name,
        region_id=region,
        categories=list(Category.values),
        sign_up_from=opens,
        sign_up_to=opens + timedelta(days=14),
        exam_from=opens + timedelta(days=30),
        exam_to=opens + timedelta(days=30),
        site=SITE,
        quota=quota,
        organiser=organiser,
        note="请携带身份证原件，提前 30 分钟到场。",
    )


def _batch(
    name: str,
    region: str,
    opens: date,
    organiser: Office | None,
    by: Actor,
    now: datetime,
    *,
    quota: int = 200,
) -> ExamBatch:
    batch = _unsaved(name, region, opens, organiser, quota)
    create_batch(batch, by=by, now=now)
    return announce_batch(batch.pk, by=by, now=now)


def _groups() -> Groups:
    """Groups people by the posts of their employments; the rules refuse those who are not fit, and they are left out."""
    groups: Groups = defaultdict(list)
    operators = set(CaKey.objects.values_list("enterprise_id", flat=True))
    for employment in Employment.objects.active().filter(enterprise__in=operators).order_by("pk"):
        for category in (Category.C2, Category.C1, Category.A, Category.B):
            post = next((one for one in employment.posts if one in POSTS_OF[category]), "")
            if post:
                groups[employment.enterprise_id].append(Candidate(employment.person_id, str(category), post))
    return dict(groups)


def _enter(batch: ExamBatch, groups: Groups, when: datetime, *, limit: int, region: str = "") -> None:
    """Takes those that it enters out of the groups, so that each person is shown once."""
    for key in CaKey.objects.select_related("enterprise", "user__office").order_by("pk"):
        if limit < 1:
            return
        own = groups.get(key.enterprise_id, [])
        operator = actor_of(key.user)
        if not own or operator is None or (region and not key.enterprise.region_id.startswith(region[:4])):
            continue
        entered = sign_up(batch.pk, own[: min(2 * limit, MOST_TRIED)], actor=operator, now=when).entered
        people = {one.person_id for one in entered}
        groups[key.enterprise_id] = [one for one in own if one.person_id not in people]
        limit -= len(entered)


def _settle(batch: ExamBatch, now: datetime) -> None:
    reviewed, settled = now - timedelta(days=45), now - timedelta(days=2)
    _approve(list(batch.entries.order_by("pk")), reviewed)
    entries = batch.entries.filter(state=EntryState.APPROVED).order_by("pk")
    results = []
    for position, entry in enumerate(entries):
        state, score, remark = OUTCOMES[position % len(OUTCOMES)]
        results.append(Result(entry.pk, state, Decimal(score) if score else None, remark=remark))
    record_results(results, by=SYSTEM, now=settled)


def _review_some(batch: ExamBatch, now: datetime) -> None:
    _approve(list(batch.entries.order_by("pk")[:3]), now)


def _approve(entries: list[ExamEntry], when: datetime) -> None:
    by_office: dict[int, list[int]] = defaultdict(list)
    for entry in entries:
        by_office[entry.office_id].append(entry.pk)
    for office_id, ids in by_office.items():
        approve_entries(ids, actor=_staff(Duty.REVIEW, office_id), now=when)


@demo_builder("exams", order=90)
def build_exams(context: DemoContext) -> None:
    build(context, context.now)
