"""Makes batches in every state, entries at every desk, and passes that wait for the province, by the services that
people use.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from decimal import Decimal

from accounts.enums import Duty
from certificates.enums import Category
from employment.models import Employment
from enterprises.enums import Post
from enterprises.models import CaKey
from exams.batches.services import announce_batch, call_off_batch, create_batch
from exams.enums import EntryState
from exams.first_issue.services import open_missing
from exams.models import ExamBatch, ExamEntry
from exams.results.services import Result, record_results
from exams.reviewing.services import approve_entries
from exams.seating.services import assign_seats
from exams.sign_up.eligibility import Candidate
from exams.sign_up.rules import POSTS_OF
from exams.sign_up.services import sign_up
from workflow.actors import SYSTEM, actor_of

from .builders import demo_builder
from .context import DemoContext
from .exam_sites import OFFICERS, SITE, organiser, plan_sessions, staff, starts_on

CAPITAL, PROVINCE = "360100", "360000"
PAST = "江西省安管人员考核（上一批）"
OPEN = "南昌市安管人员考核（报名中）"
FULL = "南昌市安管人员考核（名额少）"
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
    past = make_batch(context, PAST, opens=-60, exam=-30)
    # Some of them sit for two categories, so that the second session is for all.
    uses = ({"3号楼101": 30}, {"3号楼201": 20})
    plan_sessions(past, starts_on(past.exam_from), uses, now=now - timedelta(days=61), second=())
    current = make_batch(context, OPEN, opens=-3, exam=27, region=CAPITAL)
    uses = ({"3号楼101": 30, "3号楼102": 30}, {"3号楼201": 40})
    plan_sessions(current, starts_on(current.exam_from), uses, now=now - timedelta(days=4))
    full = make_batch(context, FULL, opens=-2, exam=28, region=CAPITAL, quota=1)
    off = make_batch(context, "江西省安管人员考核（取消）", opens=-10, exam=20)
    make_batch(context, "南昌市安管人员考核（草稿）", opens=20, exam=50, region=CAPITAL, is_draft=True)
    groups = holders(one.pk for one in context.hired)
    enter(past, groups, now - timedelta(days=55), limit=27)
    enter(current, groups, now, limit=12, region=CAPITAL)
    enter(off, groups, now, limit=4)
    _settle(past, now)
    call_off_batch(off.pk, reason="考点因天气原因停用（演示）", by=staff(Duty.DECIDE), now=now)
    open_missing(now=now)
    return [past, current, full, off]


def make_batch(
    context: DemoContext,
    name: str,
    *,
    opens: int,
    exam: int,
    region: str = PROVINCE,
    quota: int = 200,
    is_draft: bool = False,
) -> ExamBatch:
    """Sign-up opens and the exam is so many days from today; sign-up lasts for two weeks. The batch was announced the day
    before.
    """
    day, decider = context.today + timedelta(days=opens), staff(Duty.DECIDE)
    held_on, made = context.today + timedelta(days=exam), context.now + timedelta(days=min(opens - 1, 0))
    batch = ExamBatch(
        name=name,
        region_id=region,
        categories=list(Category.values),
        sign_up_from=day,
        sign_up_to=day + timedelta(days=14),
        exam_from=held_on,
        exam_to=held_on,
        site=SITE,
        quota=quota,
        organiser=organiser(),
        note="请携带身份证原件，提前 30 分钟到场。",
    )
    create_batch(batch, by=decider, now=made)
    return batch if is_draft else announce_batch(batch.pk, by=decider, now=made)


def holders(but: Iterable[int]) -> Groups:
    """Groups people by the posts of their employments; the rules refuse those who are not fit, and they are left out."""
    groups: Groups = defaultdict(list)
    operators = set(CaKey.objects.values_list("enterprise_id", flat=True))
    active = Employment.objects.active().filter(enterprise__in=operators).exclude(pk__in=list(but))
    for employment in active.order_by("pk"):
        for category in (Category.C2, Category.C1, Category.A, Category.B):
            post = next((one for one in employment.posts if one in POSTS_OF[category]), "")
            if post:
                groups[employment.enterprise_id].append(Candidate(employment.person_id, str(category), post))
    return dict(groups)


def hired_groups(employments: Iterable[Employment]) -> Groups:
    """Everybody may be signed up for the one category that goes with the post; officers take turns among C1 to C3."""
    groups: Groups = defaultdict(list)
    for position, one in enumerate(employments):
        (post,) = one.posts
        officer = OFFICERS[position % len(OFFICERS)]
        category = {Post.PROJECT_MANAGER: "B", Post.SAFETY_OFFICER: officer}.get(Post(post), "A")
        groups[one.enterprise_id].append(Candidate(one.person_id, category, str(post)))
    return dict(groups)


def enter(batch: ExamBatch, groups: Groups, when: datetime, *, limit: int, region: str = "") -> None:
    """Takes those that it enters out of the groups, so that each person is shown once."""
    for key in _operators(groups, region):
        if limit < 1:
            return
        own = groups[key.enterprise_id]
        entered = _sign_up(batch, own[: min(2 * limit, MOST_TRIED)], key, when)
        groups[key.enterprise_id] = [one for one in own if one.person_id not in entered]
        limit -= len(entered)


def enter_some(batch: ExamBatch, groups: Groups, when: datetime, *, of_each: int, region: str = "") -> None:
    """Has each enterprise sign up so many of its people; those that are refused are not tried again elsewhere."""
    for key in _operators(groups, region):
        own = groups[key.enterprise_id]
        _sign_up(batch, own[:of_each], key, when)
        groups[key.enterprise_id] = own[of_each:]


def _operators(groups: Groups, region: str) -> list[CaKey]:
    keys = CaKey.objects.select_related("enterprise", "user__office").order_by("pk")
    return [
        key
        for key in keys
        if groups.get(key.enterprise_id) and (not region or key.enterprise.region_id.startswith(region[:4]))
    ]


def _sign_up(batch: ExamBatch, people: list[Candidate], key: CaKey, when: datetime) -> Collection[int]:
    operator = actor_of(key.user)
    if operator is None or not people:
        return ()
    return {one.person_id for one in sign_up(batch.pk, people, actor=operator, now=when).entered}


def approve(entries: Iterable[ExamEntry], when: datetime) -> None:
    by_office: dict[int, list[int]] = defaultdict(list)
    for entry in entries:
        by_office[entry.office_id].append(entry.pk)
    for office_id, ids in by_office.items():
        approve_entries(ids, actor=staff(Duty.REVIEW, office_id), now=when)


def _settle(batch: ExamBatch, now: datetime) -> None:
    approve(batch.entries.order_by("pk"), now - timedelta(days=45))
    assign_seats(batch.pk, by=staff(Duty.ORGANISE), now=now - timedelta(days=38))
    results = []
    for position, entry in enumerate(batch.entries.filter(state=EntryState.APPROVED).order_by("pk")):
        state, score, remark = OUTCOMES[position % len(OUTCOMES)]
        results.append(Result(entry.pk, state, Decimal(score) if score else None, remark=remark))
    record_results(results, by=SYSTEM, now=now - timedelta(days=2))


@demo_builder("exams", order=90)
def build_exams(context: DemoContext) -> None:
    build(context, context.now)
