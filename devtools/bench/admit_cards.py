"""Measures what an admit card costs, in files as large as the ones that enterprises take."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from exams.papers.admit_card import Card, draw_cards

from .certificates import SAMPLE, Figure, sample_photo

DAY = date(2026, 12, 12)
STARTS = datetime(2026, 12, 12, 1, tzinfo=UTC)
RULES = (
    "带身份证原件和这张准考证，手机上的准考证也可以。",
    "请提前到场，按考场和座位号入座，听从监考人员安排。",
    "手机关机，放在指定的地方。考试作弊的，12 个月内不能报名。",
    "来不了的，考试前告知考试机构并保留证明；无故缺考的，6 个月内不能报名。",
)


def figures(count: int, *, in_file: int = 100) -> Iterator[Figure]:
    """Answers milliseconds of CPU and bytes of one card; the first file also loads the fonts."""
    photo = sample_photo()
    spent, sizes = [], []
    for start in range(0, count, in_file):
        cards = [_card(number, photo) for number in range(start, min(start + in_file, count))]
        begun = time.process_time()
        content = draw_cards(cards, title="准考证", day=DAY)
        spent.append(1000 * (time.process_time() - begun) / len(cards))
        sizes.append(len(content) // len(cards))
    yield Figure("first file, with its fonts", spent[0], spent[0], sizes[0])
    later = spent[1:] or spent
    yield Figure("admit card", statistics.median(later), min(later), max(sizes))
    yield Figure("all admit cards", statistics.mean(spent), min(spent), max(sizes))


def _card(number: int, photo: bytes) -> Card:
    choice = random.Random(number)  # noqa: S311 - invented names
    return Card(
        number=f"20260012{number:05d}",
        code=f"Qm3x9ZkT7vB2nLp{number:07d}",
        batch="南昌市2026年第五批安管人员考核",
        name="".join(choice.sample(SAMPLE, 3)),
        id_number=f"360000198503{number % 100_000:05d}X",
        category="C2 土建类专职安全生产管理人员",
        enterprise=f"江西{''.join(choice.sample(SAMPLE, 6))}有限公司",
        photo=photo,
        starts_at=STARTS,
        ends_at=STARTS + timedelta(minutes=90),
        room=f"第{number // 40 + 1}考场",
        room_name="3号楼102",
        seat=f"{number % 40 + 1:02d}",
        site="江西青云职业学院（南昌市青云谱区样例路1号）。地铁样例站2号口步行约10分钟。服务电话 0791-00000000。",
        rules=RULES,
        organiser="南昌市考试中心",
    )
