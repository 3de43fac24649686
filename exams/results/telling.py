"""Writes what people and enterprises are told of results: each person of the own, each enterprise once of all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta

from administration.messages.services import OutgoingMessage, send
from administration.models import Office
from common.dates import chinese_date
from exams.enums import RESULTS, EntryState
from exams.sign_up.services import LINK
from workflow.models import Bar

from .history import Changed, Standing

EVENT = "exam_result"
CONSEQUENCES = {
    EntryState.PASSED: "系统已自动提交首次发证申请，由省厅审核后签发电子证书。",
    EntryState.FAILED: "可以由受聘企业报名参加以后的考试。",
    EntryState.ABSENT: "报名审核通过后无故缺考。确有正当理由的，本人可以在“我的考试”、企业可以在“报名情况”中提交证明，采纳后限制解除。",
    EntryState.EXCUSED: "因故缺考不影响以后报名。",
    EntryState.CHEATED: "考试作弊经查实。对决定不服的，可以依法申请行政复议或者提起行政诉讼。",
}


def tell_people(changes: Iterable[Changed], bars: Mapping[int, Bar]) -> None:
    send(
        OutgoingMessage(one.entry.person.mailbox_id, _title(one), "".join(_sentences(one, bars)), LINK, event=EVENT)
        for one in changes
    )


def _title(one: Changed) -> str:
    what = "考试结果更正" if one.former.state in RESULTS else "考试结果"
    return f"{what}：{one.entry.batch.name}，{one.entry.category}证，{one.entry.get_state_display()}"


def _sentences(one: Changed, bars: Mapping[int, Bar]) -> Iterable[str]:
    if one.former.state in RESULTS:
        yield f"由“{one.former.words}”更正为“{Standing.of(one.entry).words}”。"
        if one.reason:
            yield f"原因：{one.reason.rstrip('。')}。"
    elif scores := Standing.of(one.entry).words.partition("，")[2]:
        yield f"成绩：{scores}。"
    yield CONSEQUENCES[EntryState(one.entry.state)]
    if (bar := bars.get(one.entry.pk)) is not None:
        yield f"{chinese_date(bar.ends_on + timedelta(days=1))}起可以再报名。"


def tell_offices(ended: Mapping[int, int], reason: str) -> None:
    """`ended` maps an office to the number of first issues at its desk that a correction has ended."""
    boxes = dict(Office.objects.filter(pk__in=ended).values_list("pk", "mailbox_id"))
    send(
        OutgoingMessage(boxes[pk], f"更正成绩，{number} 件首次发证终止办理", reason, "/office/", event="office_work")
        for pk, number in ended.items()
    )
