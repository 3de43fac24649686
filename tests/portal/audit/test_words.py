"""The audit administrator reads what an entry holds in Chinese: names of keys, known values, days, lists, nothing left out."""

from __future__ import annotations

from typing import Any

import pytest

from portal.audit.words import detail_in_words


@pytest.mark.parametrize(
    ("detail", "said"),
    [
        ({"method": "password+totp"}, [("方式", "密码、动态口令")]),
        ({"method": "POST", "status": 409}, [("方式", "提交"), ("状态", "409")]),
        ({"duties": ["review", "head"]}, [("职责", "地市审核、科室负责人")]),
        ({"is_active": False, "reason": ""}, [("启用", "否"), ("原因", "（空）")]),
        ({"from": "2026-12-01", "to": "2026-12-03"}, [("开始", "2026年12月1日"), ("结束", "2026年12月3日")]),
        ({"document_number": "赣建字〔2026〕3号"}, [("文号", "赣建字〔2026〕3号")]),
        ({"changed": {"office": [1, 2]}}, [("改动", "办理部门：1、2")]),
        ({"value": "9999-99-99"}, [("值", "9999-99-99")]),
        ({"a_key_of_long_ago": "䶮 𬭎 𠮷"}, [("a_key_of_long_ago", "䶮 𬭎 𠮷")]),
        ([], []),
    ],
)
def test_a_detail_is_said_in_words(detail: Any, said: list[tuple[str, str]]) -> None:
    assert detail_in_words(detail) == said
