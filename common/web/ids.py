"""Reads ids of rows from bodies and addresses of requests; nothing else reads a number that names a row."""

from __future__ import annotations

import re
from collections.abc import Iterable

from common.findings import Finding, Refused

LARGEST = 2**63 - 1
"""A bigint column holds no larger number; PostgreSQL raises an error for one instead of finding nothing."""
AT_MOST = 200
_DIGITS = re.compile(r"[1-9][0-9]{0,18}")


def id_of(value: object) -> int | None:
    """Answers None if the text cannot be the id of any row; callers answer as for an id that no row has."""
    text = value if isinstance(value, str) else ""
    if not _DIGITS.fullmatch(text):
        return None
    number = int(text)
    return number if number <= LARGEST else None


def ids_of(values: Iterable[object], *, at_most: int = AT_MOST) -> list[int]:
    """Answers each id once, in the order of the request, and leaves out what is no id. Raises Refused if there are
    too many.
    """
    found = list(dict.fromkeys(number for number in map(id_of, values) if number is not None))
    if len(found) > at_most:
        detail = f"您勾选了 {len(found)} 条。请减少勾选，分几次办理；这一次没有办理任何一条。"
        raise Refused(Finding("ids.too_many", f"一次最多办理 {at_most} 条", detail))
    return found
