"""Ids of rows as requests bring them, in bodies and in addresses: nothing else reads a number that names a row."""

from __future__ import annotations

import re
from collections.abc import Iterable

from common.findings import Finding, Refused

LARGEST = 2**63 - 1
"""The largest number of a bigint column: PostgreSQL raises an error for a larger one instead of finding nothing."""
AT_MOST = 200
"""As many rows as one request may name."""
_DIGITS = re.compile(r"[1-9][0-9]{0,18}")


def id_of(value: object) -> int | None:
    """None where the text cannot be the id of any row, which callers answer like an id that nothing has."""
    text = value if isinstance(value, str) else ""
    if not _DIGITS.fullmatch(text):
        return None
    number = int(text)
    return number if number <= LARGEST else None


def ids_of(values: Iterable[object], *, at_most: int = AT_MOST) -> list[int]:
    """Each id once, in the order of the request; what is no id is left out. Raises Refused where there are too many."""
    found = list(dict.fromkeys(number for number in map(id_of, values) if number is not None))
    if len(found) > at_most:
        detail = f"您勾选了 {len(found)} 条。请减少勾选，分几次办理；这一次没有办理任何一条。"
        raise Refused(Finding("ids.too_many", f"一次最多办理 {at_most} 条", detail))
    return found
