"""Says why somebody has no seat, and where seats can be added."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from accounts.models import Person
from common.findings import Finding
from exams.models import ExamBatch, SessionRoom

from .arranging import Sitter

NAMED = 10


def no_room(batch: ExamBatch) -> Finding:
    detail = f"请先为{batch.name}设置场次和考场；已经开始的场次不再安排人员。"
    return Finding("exam.no_rooms", "没有可以安排座位的考场", detail, turn="考试机构")


def too_few_seats(lacking: Sequence[Sitter], rooms: Sequence[SessionRoom]) -> list[Finding]:
    """Names the rooms in which unused seats stand; other seats come from further rooms or sessions."""
    if not lacking:
        return []
    counts = sorted(Counter(one.category for one in lacking).items())
    words = "、".join(f"{category}证 {count} 人" for category, count in counts)
    usable = [room for room in rooms if any(room.session.is_for(category) for category, _ in counts)]
    spare = [
        f"{room.session}{room}（{room.room.name}）可以再用 {room.room.seats - room.seats} 个座位"
        for room in usable
        if room.room.seats > room.seats
    ]
    where = f"{'；'.join(spare[:NAMED])}。" if spare else "已设的考场都已用满。"
    detail = f"{words}没有座位。{where}请增加使用的座位、考场或场次后再编排；已编排的不变。"
    return [Finding("exam.no_seats", f"还缺 {len(lacking)} 个座位", detail, turn="考试机构")]


def clash(sitters: Sequence[Sitter]) -> list[Finding]:
    """These people could only sit while they sit another exam."""
    if not sitters:
        return []
    people = Person.objects.filter(pk__in=[one.person_id for one in sitters[:NAMED]]).in_bulk()
    names = "、".join(f"{people[one.person_id].name}（{one.category}证）" for one in sitters[:NAMED])
    more = f"等 {len(sitters)} 人" if len(sitters) > NAMED else ""
    detail = f"{names}{more}：有空座位的场次与本人另一场考试时间重叠。请增加其他时间的场次。"
    return [Finding("exam.clash", f"{len(sitters)} 人的考试时间重叠", detail, turn="考试机构")]
