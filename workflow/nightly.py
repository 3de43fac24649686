"""Runs the nightly job on deadlines that have passed."""

from __future__ import annotations

from django.utils import timezone

from administration.models import JobRun
from administration.nightly import nightly

from .services.answers import count_answers
from .services.bulk import forget_old_bulk_acts
from .services.case_use import forget_old_uses
from .services.deadlines import apply_deadlines
from .services.figures import count_times
from .services.recounting import recount_clocks
from .services.stuck_again import RETRY_STUCK, retry_stuck


@nightly(
    "silence",
    "逾期未处理的办件",
    at=(1, 0),
    labels={
        "lapsed": "逾期终止",
        "escalated": "转办",
        "unanswered": "视为撤回",
        "deemed_accepted": "视为受理",
        "stuck": "不能继续",
    },
    formerly=["workflow.tasks.run_silence_daily"],
)
def run_nightly_deadlines(run: JobRun) -> dict[str, int]:
    return apply_deadlines()


@nightly(
    RETRY_STUCK,
    "停住的办件再办",
    at=(1, 20),
    labels={"moved": "已转到下一环节或办结", "told": "已通知办理人再办", "left": "仍不能继续"},
)
def run_retry_stuck(run: JobRun) -> dict[str, int]:
    """The province starts it by hand too, and a change of the routing does."""
    return retry_stuck()


@nightly("calendar_clocks", "按工作日历核对办理期限", at=(0, 40), labels={"moved": "期限已调整"})
def run_recount_clocks(run: JobRun) -> dict[str, int]:
    """A calendar that came otherwise than by the registry is followed too, before deadlines are applied."""
    return recount_clocks()


@nightly("bulk_results", "批量办理结果清理", at=(3, 40), labels={"forgotten": "已删除", "uses": "过时的占用"})
def run_forget_bulk_acts(run: JobRun) -> dict[str, int]:
    return {"forgotten": forget_old_bulk_acts(), "uses": forget_old_uses()}


@nightly("desk_times", "受理、决定用时", at=(4, 40), labels={"closed": "近 30 天办结"})
def run_count_times(run: JobRun) -> dict[str, int]:
    return {"closed": count_times(now=timezone.now())}


@nightly("help_answers", "常见问题的件数", at=(4, 50), labels={"notices": "近 12 个月的退回和不予通过"})
def run_count_answers(run: JobRun) -> dict[str, int]:
    """Orders the questions of the guides by how often they were the reason of a notice."""
    return {"notices": count_answers(now=timezone.now())}
