"""Sums results up for enterprises: one message for each batch, also where results are recorded one by one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.timezone import localtime

from administration.messages.services import OutgoingMessage, recent_messages, send, take_back
from enterprises.models import Enterprise
from exams.enums import RESULTS, EntryState
from exams.sign_up.naming import ENTRIES, listed

from .history import Changed, Standing
from .selectors import changes_since, former_of
from .telling import CONSEQUENCES, EVENT

Key = tuple[int, int]
"""Stands for an enterprise and a batch."""


@dataclass(frozen=True)
class Told:
    """Keeps of one result what the summary for the enterprise says, so that a large file is summed up at its end."""

    entry_id: int
    enterprise_id: int
    batch_id: int
    batch: str
    state: str
    line: str


def told(changes: Iterable[Changed]) -> list[Told]:
    return [
        Told(
            one.entry.pk,
            one.entry.enterprise_id,
            one.entry.batch_id,
            one.entry.batch.name,
            one.entry.state,
            f"{_who(one)}{_former(one)}",
        )
        for one in changes
    ]


def _who(one: Changed) -> str:
    scores = Standing.of(one.entry).words.partition("，")[2]
    return f"{one.entry.person.name}（{one.entry.category}证{'，' if scores else ''}{scores}）"


def _former(one: Changed) -> str:
    return f"，原为{one.former.words}" if one.former.state in RESULTS else ""


def tell_enterprises(lines: Sequence[Told], *, at: datetime) -> None:
    """Each enterprise gets one message for each batch, whatever the number of its people.

    One of the same day that nobody has read yet is replaced by one that says what both say.
    """
    grouped = _grouped(lines)
    boxes = dict(Enterprise.objects.filter(pk__in={pk for pk, _ in grouped}).values_list("pk", "mailbox_id"))
    names = {line.batch_id: line.batch for line in lines}
    for key, before in _unread(boxes, names, at).items():
        now = {line.entry_id for line in grouped.get(key, ())}
        grouped[key] = [line for line in before if line.entry_id not in now] + grouped.get(key, [])
    send(
        OutgoingMessage(
            boxes[enterprise],
            f"{_title(names[batch])}{len(found)} 人",
            _summary(found),
            ENTRIES,
            event=EVENT,
        )
        for (enterprise, batch), found in grouped.items()
    )


def _grouped(lines: Iterable[Told]) -> dict[Key, list[Told]]:
    grouped: dict[Key, list[Told]] = defaultdict(list)
    for line in lines:
        grouped[line.enterprise_id, line.batch_id].append(line)
    return dict(grouped)


def _title(batch: str) -> str:
    return f"考试结果：{batch}，"


def _unread(boxes: Mapping[int, int | None], names: Mapping[int, str], at: datetime) -> dict[Key, list[Told]]:
    """Takes back what was written on this day and not read yet, and answers what it said."""
    day = localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    titles = {batch: _title(name) for batch, name in names.items()}
    messages = recent_messages(boxes.values(), titles=titles.values(), since=day)
    of_box = {box: enterprise for enterprise, box in boxes.items()}
    waiting, said_until = set(), {}
    for message in messages:
        batch = next(pk for pk, title in titles.items() if message.title.startswith(title))
        key = of_box[message.mailbox_id], batch
        if message.read_at is None:
            waiting.add(key)
        else:
            said_until[key] = message.created_at
    take_back(message for message in messages if message.read_at is None)
    return _said(waiting, said_until, day)


def _said(keys: Collection[Key], said_until: Mapping[Key, datetime], day: datetime) -> dict[Key, list[Told]]:
    """Answers what was recorded on this day, after the latest message that was read."""
    if not keys:
        return {}
    first: dict[int, Changed] = {}
    rows = changes_since(day, enterprises={pk for pk, _ in keys}, batches={pk for _, pk in keys})
    for row in rows:
        key = row.entry.enterprise_id, row.entry.batch_id
        if key in keys and row.changed_at > said_until.get(key, day) and row.entry.state in RESULTS:
            first.setdefault(row.entry_id, Changed(row.entry, former_of(row)))
    return {key: [] for key in keys} | _grouped(told(first.values()))


def _summary(lines: Sequence[Told]) -> str:
    parts = []
    for state in CONSEQUENCES:
        found = [line.line for line in lines if line.state == state]
        if found:
            parts.append(f"{EntryState(state).label} {len(found)} 人：{listed(found)}。")
    return "".join(parts)
