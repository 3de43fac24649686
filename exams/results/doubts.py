"""Finds results of a file that contradict what was said at the door of the exam room."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from administration.imports.previews import Doubts
from common.dates import SHANGHAI
from exams.checkin.selectors import Presence, entries_with_strangers, presence_of_entries
from exams.enums import MARKED, EntryState

from .services import Result

DOUBTS = Doubts("签到记录", "和签到记录不一致的，已逐人核对，确实按这份表登记。")
ABSENT = (EntryState.ABSENT, EntryState.EXCUSED)


def doubts_about(results: Iterable[Result], done: Collection[int]) -> dict[int, str]:
    """Answers a sentence for each entry in doubt, in two queries: absent people who were checked in, and people with a
    score at whose seat somebody else was noted.
    """
    written = {result.entry_id: result for result in results if result.entry_id in done}
    absent = {pk for pk, result in written.items() if result.state in ABSENT}
    marked = {pk for pk, result in written.items() if result.state in MARKED}
    presence = presence_of_entries(absent | entries_with_strangers(marked))
    said = {pk: _sentence(written[pk], one) for pk, one in presence.items()}
    return {pk: sentence for pk, sentence in said.items() if sentence}


def _sentence(result: Result, presence: Presence) -> str:
    if result.state in ABSENT and presence.present_at is not None:
        at = f"{presence.present_at.astimezone(SHANGHAI):%H:%M}"
        return f"{at}在{presence.where}签到（{presence.by_name}），表里却是{result.state.label}。请核对签到表和答卷。"
    if result.state in MARKED and presence.strangers:
        by = presence.strangers[-1].by_name
        return f"签到时记为“不是本人”（{by}），表里却有成绩。请核对是否替考。"
    return ""
