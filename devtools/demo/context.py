"""Shares one context among the demo builders of all apps: a seeded source of chance, made-up names and numbers, the
logins.
"""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from common.text.id_number import id_check_character
from common.text.uscc import uscc_check_character

if TYPE_CHECKING:
    from accounts.models import Person
    from employment.models import Employment
    from enterprises.models import Enterprise

SEED = 20261122
PASSWORD = "Jianan-2026"  # noqa: S105  printed at the start of every demonstration
PIN = "123456"

SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华"
    "金魏陶姜戚谢邹喻柏水窦章云苏潘葛范彭郎鲁韦昌马苗凤花方俞任袁柳"
)
COMPOUND_SURNAMES = ("欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "慕容")
GIVEN = (
    "建军国强志伟海涛文斌晓峰立新永刚春生秋实冬梅雪琴丽华玉兰秀英桂芳金凤银花思远子涵一鸣博文浩然天宇嘉怡欣悦雨桐梓萱"
    "俊杰明辉振华家豪德胜光荣庆丰兴旺长江长青松柏"
)
RARE_NAMES = ("欧阳·䶮", "𬭎明", "𠮷祥", "李㛃", "王䶮", "赵𬭎", "钱𣲘", "孙㙍")
DOTTED_NAMES = ("艾合买提·买买提", "古丽娜尔·阿布都热合曼", "热合曼·玉素甫", "扎西·次仁·多吉", "阿依努尔·吐尔逊")
FIRMS = (
    "赣江",
    "红谷",
    "滕王",
    "庐山",
    "井冈",
    "龙虎",
    "仙女湖",
    "武功",
    "三清",
    "明月",
    "抚河",
    "袁河",
    "信江",
    "饶河",
    "章贡",
    "昌江",
)
TRADES = ("建筑工程", "市政工程", "建设集团", "建筑安装", "园林建设", "路桥工程", "装饰工程", "机电安装")


@dataclass
class DemoContext:
    """`strangers` are ID numbers of people who are not registered yet and have old certificates; old certificates of
    `newcomers` are matched at their first login. `hired` have no certificate yet and may be signed up for exams.
    """

    today: date
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    random: random.Random = field(default_factory=lambda: random.Random(SEED))  # noqa: S311  repeatable on purpose
    password: str = PASSWORD
    pin: str = PIN
    logins: list[dict[str, Any]] = field(default_factory=list)
    enterprises: list[Enterprise] = field(default_factory=list)
    key_files: dict[int, Path] = field(default_factory=dict)
    people: list[Person] = field(default_factory=list)
    newcomers: list[Person] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)
    hired: list[Employment] = field(default_factory=list)
    _id_serial: int = 0
    _enterprise_serial: int = 0

    def record(self, role: str, address: str, login: str = "", password: str = "", note: str = "", **more: str) -> None:
        """Adds a login to the list that is printed at the start and written to `var/demo.json`."""
        entry = {"role": role, "address": address, "login": login, "password": password, "waiting": note, **more}
        self.logins.append({key: value for key, value in entry.items() if value})

    def write_logins(self, path: Path) -> None:
        """The list holds passwords and secrets of authenticators, so that it is for its owner alone."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        path.chmod(0o600)
        path.write_text(json.dumps(self.logins, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")

    def pick(self, options: Sequence[Any]) -> Any:
        return self.random.choice(options)

    def person_name(self) -> str:
        surname: str = self.pick(COMPOUND_SURNAMES) if self.random.random() < 0.03 else self.pick(SURNAMES)
        return surname + "".join(self.random.sample(GIVEN, self.random.choice((1, 2, 2, 2))))

    def enterprise_name(self, city: str) -> str:
        self._enterprise_serial += 1
        firm = FIRMS[self._enterprise_serial % len(FIRMS)]
        trade = TRADES[self._enterprise_serial * 7 // len(FIRMS) % len(TRADES)]
        return f"{city}{firm}{trade}有限公司"

    def id_number(self, region: str, *, birth: date | None = None) -> str:
        """The number is valid by its check digit and different each time; the person does not exist."""
        self._id_serial += 1
        birth = birth or date(1962, 1, 1) + timedelta(days=self.random.randrange(15_000))
        body = f"{region}{birth:%Y%m%d}{self._id_serial % 1000:03d}"
        return body + id_check_character(body)

    def uscc(self, region: str) -> str:
        body = f"91{region}MA{self._enterprise_serial + 8_000_000:07d}"
        return body + uscc_check_character(body)


def fifteen_digits(id_number: str) -> str:
    """Answers the form of before 1999, as it stands in old records; only for births of the 20th century."""
    return id_number[:6] + id_number[8:17]
