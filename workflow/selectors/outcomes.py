"""Says to whoever filed an application how it ended: the result to take, or what may be done next, by whom and until when."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.timezone import localdate

from common.dates import add_months, chinese_date
from common.findings import Cure
from common.registry import Registry
from workflow.business import Business, business_of
from workflow.permissions import is_filer
from workflow.steps import Way

from ..actors import Actor
from ..enums import ENTERPRISE_DESKS, OFFICE_DESKS, CloseReason, Desk, Status
from ..models import Application, Event
from .awaited import awaited_of
from .events import last_event

RECONSIDERATION = timedelta(days=60)
"""行政复议法 gives so many days from the day on which the decision became known."""
LAWSUIT_MONTHS = 6
"""行政诉讼法 gives so many months."""


@dataclass(frozen=True)
class Result:
    """Is what an approved application has brought: a sentence, and links of which the first is the button."""

    sentence: str
    cures: tuple[Cure, ...]


RESULTS: Registry[Callable[[Application], Result | None]] = Registry("what an approved application has brought")
"""Each answers by the application, by a constant number of queries, and None where it knows of nothing."""


@dataclass(frozen=True)
class Outcome:
    """`tone` is good, bad or warn. `quote` are the words of whoever refused."""

    tone: str
    sign: str
    title: str
    sentence: str
    quote: str = ""
    quoted: str = ""
    at: datetime | None = None
    results: Sequence[Result] = ()
    ways: Sequence[Way] = ()


def outcome_of(application: Application, viewer: Actor) -> Outcome | None:
    """Answers None while it is open, and for offices, which read the record instead."""
    if application.is_open or application.closed_at is None or not is_filer(viewer, application):
        return None
    business = business_of(application.kind)
    if application.status == Status.APPROVED:
        return _approved(application, business)
    ending = last_event(application)
    desk = ending.desk if ending is not None else ""
    every = [*business.ways_after(application, desk), *_ways(application, business, desk)]
    ways = sorted(every, key=lambda way: way.order)
    title, sentence = _words(application, business, desk)
    is_refusal = application.status == Status.REJECTED
    return Outcome(
        tone="warn" if application.status == Status.WITHDRAWN else "bad",
        sign="↺" if application.status == Status.WITHDRAWN else "!",
        title=title,
        sentence=sentence,
        quote=ending.comment if is_refusal and ending is not None else "",
        quoted=_who(ending),
        at=application.closed_at,
        ways=ways,
    )


def _approved(application: Application, business: Business) -> Outcome:
    results = [found for ask in RESULTS if (found := ask(application)) is not None]
    awaited = awaited_of(application.pk)
    sentence = f"{awaited.text}，完成后在这里下载。" if awaited else "".join(one.sentence for one in results)
    return Outcome(
        "good", "✓", "已办结", sentence or f"结果：{business.outcome}。", results=results, at=application.closed_at
    )


def _who(ending: Event | None) -> str:
    return "" if ending is None else ending.acting_for or ending.actor_name


def _words(application: Application, business: Business, desk: str) -> tuple[str, str]:
    """Answers the heading, and what it means."""
    kept = "这次申请没有改变任何登记。"
    if application.status == Status.WITHDRAWN:
        return "已撤回", f"{kept}需要时可以重新申请。"
    if application.status == Status.REJECTED:
        who = (
            {Desk.FORMER_EMPLOYER: "原单位", Desk.EMPLOYER: "受聘企业", Desk.PERSON: "本人"}.get(Desk(desk))
            if desk
            else None
        )
        return (f"{who}不同意，这次申请已结束" if who else "没有通过"), kept
    return f"已终止：{CloseReason(application.close_reason).label}", kept


def _ways(application: Application, business: Business, desk: str) -> Iterator[Way]:
    again = business.start_again(application)
    if application.status == Status.REJECTED and desk in ENTERPRISE_DESKS:
        yield Way(
            "先和单位说清楚，再重新申请",
            "对方写明的问题解决以后，随时可以再申请，不用等。",
            again,
        )
    elif application.status == Status.REJECTED and desk in OFFICE_DESKS:
        yield Way("按原因补齐后重新申请", "问题解决以后可以再次申请，次数不限。", again)
        yield _remedies(localdate(application.closed_at))
    elif application.close_reason in (CloseReason.PERSON_DIED, CloseReason.CERTIFICATE_ENDED):
        return
    elif application.close_reason == CloseReason.LAPSED:
        yield Way("联系单位后重新申请", "单位在期限内没有确认。请先说好由谁登录企业服务平台确认，再申请一次。", again)
    elif again:
        yield Way("重新申请", "需要时随时可以再申请。", again)


def _remedies(decided_on: date | None) -> Way:
    known = decided_on or localdate()
    until, suit = chinese_date(known + RECONSIDERATION), chinese_date(add_months(known, LAWSUIT_MONTHS))
    return Way(
        "对主管部门的处理不服",
        f"收到之日起 60 日内（当天收到的，到{until}）可以申请行政复议，六个月内（到{suit}）可以向人民法院起诉。",
        order=20,
    )
