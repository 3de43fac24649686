"""Declares the fields of a registration; the same declaration reads the JSON and describes it in OpenAPI."""

from __future__ import annotations

import base64
import binascii
import json
import re
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any

from accounts.enums import Sex
from accounts.people.rules import CardData
from common.findings import Finding
from common.text.names import LONGEST_NAME
from common.web.control_characters import IN_TEXT

from .refusals import refusal

LARGEST_PORTRAIT = 4 * 1024 * 1024
"""The unit is bytes of the picture, before base64."""
LONGEST_ADDRESS = 200
_OTHER_ALPHABET = str.maketrans("-_", "+/")
_NOT_BASE64 = re.compile(r"[^A-Za-z0-9+/]")


class _Missing(Enum):
    MISSING = 0


@dataclass(frozen=True)
class Field:
    """`schema` is JSON Schema. `read` raises ValueError with the rest of a sentence that begins with the label."""

    name: str
    label: str
    schema: Mapping[str, Any]
    read: Callable[[Any], Any]


@dataclass(frozen=True)
class RegistrationInput:
    request_id: uuid.UUID
    office: int
    card: CardData
    portrait: bytes


def _text(longest: int) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        if not isinstance(value, str) or not value.strip():
            raise ValueError("应为文字，不能为空")
        if len(value) > longest:
            raise ValueError(f"最长 {longest} 个字符，现为 {len(value)} 个")
        if IN_TEXT.search(value) or any("\ud800" <= character <= "\udfff" for character in value):
            raise ValueError("含有不能使用的字符（看不见的控制字符）")
        return value

    return read


def _text_or_none(longest: int) -> Callable[[Any], str]:
    read = _text(longest)
    return lambda value: "" if value is None or value == "" else read(value)


def _day(value: Any) -> date:
    # Only this form is accepted, unlike at the counter, because a program has no reason to guess.
    try:
        if not isinstance(value, str) or len(value) != 10:
            raise ValueError
        return date.fromisoformat(value)
    except ValueError:
        raise ValueError("应为日期，形如 2019-04-01") from None


def _day_or_none(value: Any) -> date | None:
    return None if value is None else _day(value)


def _sex(value: Any) -> str:
    if not isinstance(value, str) or value not in Sex.values:
        raise ValueError("应为 male（男）或 female（女）")
    return value


def _uuid(value: Any) -> uuid.UUID:
    try:
        return uuid.UUID(value if isinstance(value, str) and len(value) == 36 else "")
    except ValueError:
        raise ValueError("应为 UUID，形如 3f0c6a0e-5c5e-4d0e-9b1e-6a5d6f3f9a10") from None


def _number(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value < 2**63:
        raise ValueError("应为正整数")
    return value


def _picture(value: Any) -> bytes:
    """Reads base64 of any dialect: with line breaks (Java, Android), without padding, in the alphabet of addresses, after data:."""
    if not isinstance(value, str):
        raise ValueError("应为文字：图片文件的 base64 编码")
    text = "".join(value.split())
    if text[:5].lower() == "data:":
        head, comma, text = text.partition(",")
        if not comma or not head.lower().endswith(";base64"):
            raise ValueError("以 data: 开头，但不是 base64 编码的 data 地址，应形如 data:image/jpeg;base64,…")
    text = text.rstrip("=").translate(_OTHER_ALPHABET)
    if wrong := _NOT_BASE64.search(text):
        raise ValueError(f"不是 base64 编码：第 {wrong.start() + 1} 个字符“{wrong[0]}”不在字母表中")
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("base64 编码不完整，末尾少了字符") from None
    if not data:
        raise ValueError("不能为空，应为 JPG 或 PNG 图片文件的 base64 编码")
    if len(data) > LARGEST_PORTRAIT:
        raise ValueError(f"最大 {LARGEST_PORTRAIT // 1024 // 1024} MB")
    return data


def _string(description: str, longest: int, example: str) -> dict[str, Any]:
    return {
        "type": "string",
        "minLength": 1,
        "maxLength": longest,
        "description": description,
        "examples": [example],
    }


def _date_schema(description: str, example: str) -> dict[str, Any]:
    return {"type": "string", "format": "date", "description": description, "examples": [example]}


_UNTIL = _date_schema("有效期止；证件上写“长期”的为 null。", "2040-01-01") | {"type": ["string", "null"]}

_ETHNICITY = _string(
    "写不写“族”都可以，也可以是 GB/T 3304 的两位代码；港澳台居民居住证和外国人永久居留身份证上没有民族，为 null。",
    20,
    "汉",
) | {"type": ["string", "null"], "minLength": 0}

CARD = (
    Field("name", "姓名", _string("与身份证完全一致。", LONGEST_NAME, "张小明"), _text(LONGEST_NAME)),
    Field(
        "id_number",
        "公民身份号码",
        _string(
            "18 位；旧证 15 位自动换算；外国人永久居留身份证的旧号码为 3 位字母加 12 位数字。", 40, "11010519491231002X"
        ),
        _text(40),
    ),
    Field("sex", "性别", {"type": "string", "enum": list(Sex.values), "description": "男 male，女 female。"}, _sex),
    Field("ethnicity", "民族", _ETHNICITY, _text_or_none(20)),
    Field("birth_date", "出生日期", _date_schema("与号码一致。", "1949-12-31"), _day),
    Field(
        "address",
        "住址",
        _string("证件上的住址。", LONGEST_ADDRESS, "江西省南昌市东湖区演示路1号"),
        _text(LONGEST_ADDRESS),
    ),
    Field("valid_from", "有效期起", _date_schema("证件有效期的开始。", "2020-01-01"), _day),
    Field("valid_to", "有效期止", _UNTIL, _day_or_none),
)
_CARD_LABEL = "身份证"
TOP = (
    Field(
        "request_id",
        "请求编号",
        {"type": "string", "format": "uuid", "description": "设备为每次登记生成一个；网络中断后用同一个编号重发。"},
        _uuid,
    ),
    Field(
        "office",
        "登记点编号",
        {"type": "integer", "minimum": 1, "description": "设备密钥文件中的登记点编号。"},
        _number,
    ),
    Field(
        "portrait",
        "人像",
        {
            "type": "string",
            "contentEncoding": "base64",
            "description": "JPG、PNG 或 BMP，至少 102×126 像素，不超过 4 MB；编码中的换行和 data: 前缀可有可无。",
        },
        _picture,
    ),
)


def registration_schema() -> dict[str, Any]:
    card = _object_schema(CARD) | {"description": "二代身份证上的信息。"}
    whole = _object_schema(TOP)
    return whole | {
        "properties": {**whole["properties"], "card": card},
        "required": [*whole["required"], "card"],
    }


def read_registration(body: bytes) -> RegistrationInput:
    """Raises ApiRefusal, which names every field that is wrong."""
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        raise refusal("request.malformed") from None
    if not isinstance(data, dict):
        raise refusal("request.malformed")
    values, findings = _read(TOP, data, "", also={"card"})
    card = data.get("card")
    if isinstance(card, dict):
        card_values, more = _read(CARD, card, "card.")
        findings += more
    else:
        card_values = {}
        findings.append(_wrong("card", _CARD_LABEL, "应为对象" if "card" in data else "缺少这一项"))
    if findings:
        raise refusal("request.fields", *findings)
    return RegistrationInput(
        request_id=values["request_id"],
        office=values["office"],
        card=CardData(**card_values),
        portrait=values["portrait"],
    )


def _read(
    fields: Iterable[Field], data: Mapping[str, Any], path: str, also: Iterable[str] = ()
) -> tuple[dict[str, Any], list[Finding]]:
    values: dict[str, Any] = {}
    findings = []
    known = set(also)
    for field in fields:
        known.add(field.name)
        value = data.get(field.name, _Missing.MISSING)
        if value is _Missing.MISSING:
            findings.append(_wrong(path + field.name, field.label, "缺少这一项"))
            continue
        try:
            values[field.name] = field.read(value)
        except ValueError as error:
            findings.append(_wrong(path + field.name, field.label, str(error)))
    # The name is the sender's: shortened, and never a value.
    findings += [_wrong(path + name[:40], name[:40], "没有这一项") for name in sorted(data) if name not in known][:20]
    return values, findings


def _wrong(path: str, label: str, what: str) -> Finding:
    return Finding("request.field", f"{label}：{what}。", turn="设备", facts={"field": path})


def _object_schema(fields: Iterable[Field]) -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": {field.name: dict(field.schema) for field in fields},
        "required": [field.name for field in fields],
    }
