"""Says how imports of results are taken back: entries get back what they had, and the bars of the results go."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.timezone import localdate
from django.utils.timezone import now as utc_now

from accounts.models import User
from administration.imports.reversing import WAYS, Obstacles
from administration.imports.row_ways import Made, RowWay
from administration.messages.services import OutgoingMessage, send
from administration.models import ImportReversal, ImportRow, ImportRun
from common.dates import chinese_date
from common.findings import Cure, Finding
from exams.enums import PENDING, EntryState
from exams.models import ExamEntry
from exams.selectors import being_issued
from exams.sign_up.services import LINK
from workflow.actors import SYSTEM, actor_of
from workflow.models import Bar

from .bars import PARAMETERS, cause_of, lift, restore
from .history import Changed, Standing, keep_changes
from .importing import TITLES
from .selectors import KIND
from .services import MAX_REASON, locked_entries, why_not_change


class ResultsWay(RowWay):
    model = ExamEntry
    titles = TITLES | {"settled_at": "登记时间", "settled_by_id": "登记人", "import_run_id": "成绩"}
    promise = "这些成绩撤回，报名恢复导入前的结果；由这些成绩产生的报名限制随之解除，考生收到消息。"

    def words(self, row: ImportRow) -> str:
        was = EntryState((row.trace or {}).get("before", {}).get("state", EntryState.APPROVED)).label
        return f"结果改回“{was}”"

    def built_on(self, there: Sequence[Made], run: ImportRun, user_id: int | None) -> Obstacles:
        user = User.objects.select_related("office").filter(pk=user_id or 0).first()
        by = (actor_of(user) if user is not None else None) or SYSTEM
        entries = [made.one for made in there]
        busy, today = being_issued(entries), localdate(utc_now())
        bars, pending = _bars_of(entries), _pending_of(entries)
        found: Obstacles = {}
        for made in there:
            stop = why_not_change(made.one, by, made.one.pk in busy, today)
            findings = [] if stop is None else [stop]
            findings += _bar_findings(made, bars.get(cause_of(made.one.pk), []), today)
            findings += _entry_findings(made, pending.get(made.one.person_id, []))
            found[made.row.pk] = findings
        return found

    def obstacles(self, rows: Sequence[ImportRow], run: ImportRun, user_id: int | None) -> Obstacles:
        entries = ExamEntry.objects.select_related("batch", "person")
        objects = entries.in_bulk([row.object_id for row in rows if row.object_id])
        return self._judge(rows, objects, run, user_id)

    def lock(self, ids: Collection[int]) -> dict[int, Any]:
        return dict(locked_entries(list(ids)))

    def undo(self, free: Sequence[Made], reversal: ImportReversal, now: datetime) -> None:
        lift([made.one.pk for made in free if made.one.state in PARAMETERS], now=now)
        restore({made.one.pk: made.one.settled_at for made in free if made.before["state"] in PARAMETERS})
        former = {made.one.pk: Standing.of(made.one) for made in free}
        self.restore(free)
        reason = f"撤回成绩文件：{reversal.reason}"[:MAX_REASON]
        changes = [Changed(made.one, former[made.one.pk], reason) for made in free]
        keep_changes(changes, by_user_id=reversal.user_id, at=now)
        send(
            OutgoingMessage(
                made.one.person.mailbox_id,
                f"考试结果已撤回：{made.one.batch.name}，{made.one.category}证",
                f"成绩文件有误，考试机构撤回了导入的结果，现在为“{made.one.get_state_display()}”。",
                LINK,
                event="exam_result",
            )
            for made in free
        )


def _bars_of(entries: Sequence[ExamEntry]) -> Mapping[str, list[Bar]]:
    found: dict[str, list[Bar]] = defaultdict(list)
    for bar in Bar.objects.filter(cause__in=[cause_of(entry.pk) for entry in entries]).order_by("pk"):
        found[bar.cause].append(bar)
    return found


def _pending_of(entries: Sequence[ExamEntry]) -> Mapping[int, list[ExamEntry]]:
    found: dict[int, list[ExamEntry]] = defaultdict(list)
    people = {entry.person_id for entry in entries}
    for entry in ExamEntry.objects.filter(person__in=people, state__in=PENDING).select_related("batch").order_by("pk"):
        found[entry.person_id].append(entry)
    return found


def _bar_findings(made: Made, bars: Sequence[Bar], today: Any) -> list[Finding]:
    """The bar that the result has set is the latest one of the entry."""
    if made.one.state not in PARAMETERS or not bars:
        return []
    bar = bars[-1]
    if bar.lifted_at is not None and bar.lifted_at > made.one.settled_at:
        detail = "限制已另行处理，请由考试机构逐条更正成绩。"
        return [Finding("reversal.bar_lifted", f"由它产生的报名限制已于{chinese_date(bar.lifted_at)}解除", detail)]
    if bar.ends_on < today:
        detail = "限制已经生效并期满，请由考试机构逐条更正成绩。"
        return [Finding("reversal.bar_over", f"由它产生的报名限制已于{chinese_date(bar.ends_on)}期满", detail)]
    return []


def _entry_findings(made: Made, pending: Sequence[ExamEntry]) -> list[Finding]:
    """An entry that is pending again must be the only one, and a bar that comes back must not meet a later entry."""
    if not made.before:
        return []
    was, findings = made.before["state"], []
    since = parse_datetime(str(made.after["settled_at"]))
    for other in pending:
        if other.pk == made.one.pk:
            continue
        again = was == EntryState.APPROVED and other.category == made.one.category
        barred = was in PARAMETERS and since is not None and other.entered_at >= since
        if again or barred:
            cure = Cure("查看批次", "exams:batch", kwargs={"pk": other.batch_id})
            detail = "成绩公布后又报了名，撤回会使这次报名不成立。请先取消这次报名，或逐条更正成绩。"
            findings.append(Finding("reversal.entered_again", f"已报名{other.batch.name}", detail, cure=cure))
    return findings


WAYS.register(KIND, ResultsWay())
