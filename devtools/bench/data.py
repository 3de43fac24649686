"""Fills an empty database with made-up people of any number, by one statement for each table.

All constraints and indexes of the portal hold for what it writes. The same number gives the same rows, except for what
is encrypted. What a page of one enterprise reads has the same size at every number of people: enterprise 1 employs up
to `LARGE` people, all others about `SMALL`. Cases and trails grow up to a million people only: beyond, a province has
more certificates, and not more open cases (100,000) nor more entries that a page reads of a day.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

from django.db import connection
from psycopg import sql

from common.encryption import encrypt_text

from .loading import indexes_aside

LARGE, SMALL = 2_000, 20
TRAILED = 1_000_000
"""As many people have cases, trails, messages and audit entries, where there are more."""
STATEMENTS = Path(__file__).with_name("statements.sql")
NAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许邓韩冯曹彭曾肖田董袁潘蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英华文辉建国志玉兰秀珍红梅海燕春林晓东云飞天宇浩然子轩雨婷俊峰思远佳琪振兴"


def _sign(text: str, number: str) -> str:
    return f"substr('{text}', 1 + ({number}) %% {len(text)}, 1)"


def _name(number: str) -> str:
    """Answers different names for some 200,000 numbers in a row."""
    first, second = len(NAMES), len(NAMES) * len(GIVEN)
    parts = (_sign(NAMES, number), _sign(GIVEN, f"({number}) / {first}"), _sign(GIVEN, f"({number}) / {second}"))
    return " || ".join(parts)


CATEGORY = "(ARRAY['A', 'B', 'C1', 'C2', 'C3'])[1 + g %% 5]"
YEAR = "2021 + g %% 6"
STARTS = "current_date - 1000 + (g %% 900)::int"
PARTS = {
    "person": _name("g"),
    "staff": _name("o * 5 + s"),
    "representative": _name("e"),
    "clerk": _name("g %% 60 + 1"),
    "company": " || ".join(_sign(GIVEN, number) for number in ("e", "e / 7", "e / 91")),
    "regions": "(SELECT array_agg(code ORDER BY code) FROM administration_region WHERE code <> '360000')",
    "employer": "CASE WHEN g <= %(large)s THEN 1 ELSE 2 + g %% (%(enterprises)s - 1) END",
    "category": CATEGORY,
    # One of a thousand legal representatives: a registry names one for each enterprise.
    "post": "(ARRAY[CASE WHEN g %% 1000 = 0 THEN '01' ELSE '02' END, '07', '08', '08', '08'])[1 + g %% 5]",
    "year": YEAR,
    "starts": STARTS,
    "ends": f"({STARTS} + interval '3 years' - interval '1 day')::date",
    "made": "now() - interval '1 minute' * (g %% 1000000)",
    "number": f"'赣建安' || {CATEGORY} || '（' || ({YEAR}) || '）' || lpad(g::text, greatest(7, length(g::text)), '0')",
    "people": "generate_series(1, %(people)s) AS g",
    "trailed": "generate_series(1, %(trailed)s) AS g",
    "offices": "generate_series(0, 11) AS o",
    "each_staff": "generate_series(0, 11) AS o, generate_series(1, 5) AS s",
}


def generate(people: int, tell: Callable[[str], object] = lambda _: None) -> None:
    """The tables that it fills are empty before; it tells what it is at. Each table is a transaction of its own.

    Inside a transaction of the caller indexes stay in place, since one may not be built there after rows were added.
    """
    large = min(LARGE, people // 5)
    values: dict[str, int | str] = {
        "people": people,
        "large": large,
        "enterprises": max((people - large) // SMALL, 2),
        "trailed": min(people, TRAILED),
        "open": min(people, TRAILED) // 10,
        "closed": min(people, TRAILED) // 2,
        "secret": encrypt_text("360102199001011234"),
        "nothing": encrypt_text("{}"),
    }
    tables = sorted({table for table, _ in statements()})
    with nullcontext() if connection.in_atomic_block else indexes_aside(tables, tell):
        _fill(values, tell)
    with connection.cursor() as cursor:
        for table in tables:
            following = sql.SQL("SELECT setval(pg_get_serial_sequence({}, 'id'), max(id)) FROM {}")
            cursor.execute(following.format(sql.Literal(table), sql.Identifier(table)).as_string(cursor.connection))
        tell("statistics of the planner")
        # Named one by one: without names the tables of the whole server come along, and whoever reads those waits.
        named = sql.SQL(", ").join(sql.Identifier(name) for name in connection.introspection.table_names(cursor))
        analyze = sql.SQL("ANALYZE {}" if connection.in_atomic_block else "VACUUM ANALYZE {}").format(named)
        cursor.execute(analyze.as_string(cursor.connection))


def _fill(values: dict[str, int | str], tell: Callable[[str], object]) -> None:
    with connection.cursor() as cursor:
        for table, statement in statements():
            tell(table)
            cursor.execute(statement, values)


def statements() -> list[tuple[str, str]]:
    """Answers the tables and the statements that fill them, in the order of their foreign keys."""
    lines = STATEMENTS.read_text(encoding="utf-8").splitlines()
    text = "\n".join(line for line in lines if not line.startswith("--")).format(**PARTS)
    return [(one.split()[2], one) for one in text.split(";") if one.strip()]
