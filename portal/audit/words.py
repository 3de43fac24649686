"""Says in Chinese what the detail of an audit entry holds. A guard test keeps the list of its keys complete."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from accounts.enums import Duty, Sphere
from common.dates import chinese_date

KEYS = {
    "about": "查询对象", "address": "地址", "answer": "答复", "arguments": "页面参数", "assignee": "承办人", "batch": "批次",
    "category": "类别", "certificate": "证书", "changed": "改动", "channel": "渠道", "check": "核验", "checks": "检查结果",
    "code": "代码", "code_change": "统一社会信用代码变更", "confirmed": "已确认", "correction": "登记更正", "count": "件数",
    "days": "天数", "decision": "处理结果", "deputy": "代理人", "device": "设备", "differs": "不一致的项目", "document": "文书",
    "document_number": "文号", "duties": "职责", "effective_from": "生效日期", "employments": "聘用关系", "ended": "已结束",
    "ends_on": "截止日期", "event": "事项", "expires_on": "到期日期", "fields": "查看的项目", "findings": "发现的问题",
    "fingerprint": "证书指纹", "former": "原来的内容", "former_assignee": "原承办人", "found": "查到", "from": "开始",
    "from_office": "原办理部门", "good_rows_only": "只导入正确的行", "height": "高度", "held": "暂存", "holder": "持有单位",
    "import_run": "导入批次", "is_active": "启用", "jobs": "任务", "keeps_former": "保留原代码", "key": "项目",
    "key_id": "密钥编号", "kind": "种类", "lacks": "缺少的材料", "left": "剩余", "list": "清单", "login": "登录名", "mark": "标记",
    "may_confirm": "可以确认", "method": "方式", "moved": "转移的内容", "name": "姓名（名称）", "number": "编号", "office": "办理部门",
    "other": "另一条记录", "overlap_reason": "重叠的说明", "page": "页面", "passkey": "通行密钥", "picture": "图片", "plan": "计划",
    "proven_by": "核验方式", "province": "省份", "purpose": "用途", "reason": "原因", "reasons": "原因", "region": "地区",
    "remark": "备注", "replaced": "已替换", "replacement": "替换为", "request": "申请", "result": "结果", "reversal": "撤销",
    "right": "权限", "role": "角色", "row": "行", "rows": "行数", "rows_per_day": "每日行数", "second_verification": "二次验证",
    "sphere": "账号类别", "starts_on": "开始日期", "state": "状态", "status": "状态", "text": "文本", "title": "标题", "to": "结束",
    "to_office": "新办理部门", "took_over": "一并更新", "valid_to": "有效期至", "value": "值", "version": "版本", "why": "原因",
    "width": "宽度", "window": "届满日期范围", "with_document": "附电子证书", "year": "年份",
}  # fmt: skip
"""Each key of a detail has a name here. What is not among them is shown as it was written."""

METHODS = {
    "password": "密码", "totp": "动态口令", "recovery": "恢复码", "face": "人脸识别", "passkey": "通行密钥", "qr": "手机扫码",
    "ca_key": "CA 锁", "ca_key_tls": "CA 锁（证书登录）", "counter": "窗口核验", "code": "窗口核验码", "browser": "浏览器",
    "GET": "查看", "HEAD": "查看", "POST": "提交",
}  # fmt: skip
_VALUES: Mapping[str, Mapping[str, str]] = {
    "duties": {duty.value: duty.label for duty in Duty},
    "sphere": {sphere.value: sphere.label for sphere in Sphere},
    "method": METHODS,
    "proven_by": METHODS,
    "second_verification": METHODS,
}
_DAY = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")


def detail_in_words(detail: Any) -> list[tuple[str, str]]:
    """Answers pairs of a name and a sentence or word; nothing of what was written is left out."""
    if not isinstance(detail, dict):
        return []
    return [(KEYS.get(key, str(key)), value_in_words(key, value)) for key, value in detail.items()]


def value_in_words(key: str, value: Any) -> str:
    if value is None or value == "":
        return "（空）"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, dict):
        return "；".join(f"{KEYS.get(name, name)}：{value_in_words(name, one)}" for name, one in value.items())
    if isinstance(value, list):
        return "、".join(value_in_words(key, one) for one in value) or "（空）"
    return _DAY.sub(_in_chinese, _known(key, str(value)))


def _known(key: str, text: str) -> str:
    """Methods are joined by a plus sign: password and one-time password."""
    words = _VALUES.get(key)
    if words is None:
        return text
    return "、".join(words.get(part, part) for part in text.split("+"))


def _in_chinese(found: re.Match[str]) -> str:
    try:
        return chinese_date(date(*map(int, found.groups())))
    except ValueError:
        return found[0]
