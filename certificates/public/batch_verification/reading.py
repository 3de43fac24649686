"""Reads the body of a request of the interface; the description (`openapi`) names the same bounds."""

from __future__ import annotations

import json

from common.findings import Finding, Refused

from .checking import LONGEST, Asked

MOST_ITEMS = 500


def items_of(body: bytes) -> list[Asked]:
    """Raises Refused with everything that is wrong."""
    try:
        given = json.loads(body)
    except (UnicodeDecodeError, ValueError, RecursionError):
        raise Refused(Finding("request.not_json", "请求体不是 JSON", "请用 UTF-8 编码的 JSON。")) from None
    items = given.get("items") if isinstance(given, dict) else None
    if not isinstance(items, list) or not 1 <= len(items) <= MOST_ITEMS:
        raise Refused(Finding("request.items", "items 不对", f"应是 1 至 {MOST_ITEMS} 项的数组。"))
    found = [_problem(place, item) for place, item in enumerate(items, 1)]
    if problems := [problem for problem in found if problem]:
        raise Refused(*problems[:20])
    return [Asked(item["number"].strip(), item["name"].strip()) for item in items]


def _problem(place: int, item: object) -> Finding | None:
    if isinstance(item, dict) and all(_is_text(item.get(name)) for name in ("number", "name")):
        return None
    words = f"应有 number（证书编号）和 name（姓名），都是 1 至 {LONGEST} 个字的文字。"
    return Finding("request.item", f"第 {place} 项不对", words)


def _is_text(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value.strip()) <= LONGEST and "\0" not in value
