"""Describes the interface in OpenAPI 3.1, from the bounds that read the requests."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from certificates.enums import Category

from .checking import LONGEST, WORDS, Outcome
from .limits import REQUESTS_OF_KEY
from .reading import MOST_ITEMS

_WORDS = {"type": "string"}
_TEXT = {"type": "string", "minLength": 1, "maxLength": LONGEST}
_REFUSALS = {
    "400": "请求体不对：`request.not_json`、`request.items`、`request.item`。",
    "401": "没有密钥，或者密钥不对：`key.unknown`。",
    "403": "密钥已停用或已过期：`key.closed`。",
    "405": "不接受的请求方法：`request.method`。",
    "411": "没有 Content-Length：`request.length_required`。",
    "413": "请求体太大：`request.too_large`。",
    "415": "不是 application/json：`request.not_json`。",
    "429": "太频繁（`request.too_many`），或者超过密钥每天的限额（`key.used_up`）。",
    "503": "系统暂时不能办理：`request.unavailable`。",
}


@lru_cache(maxsize=1)
def document() -> dict[str, Any]:
    words = "；".join(f"`{outcome}` {WORDS[outcome]}" for outcome in Outcome)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "安全生产考核合格证书批量核验接口",
            "version": "1.0.0",
            "description": "用证书编号和持证人姓名核验证书，供招标投标、施工现场等系统使用。编号不存在、姓名不符、证书不能使用，"
            f"回答都一样。outcome 的取值：{words}。每个密钥每分钟最多 {REQUESTS_OF_KEY.times} 个请求，每天的条数另有限额。",
        },
        "servers": [{"url": "/"}],
        "security": [{"key": []}],
        "paths": {"/api/verification/": {"post": _operation()}},
        "components": {
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer", "description": "发证机关发放的密钥。"}},
            "schemas": _schemas(),
        },
    }


def _operation() -> dict[str, Any]:
    return {
        "operationId": "verify",
        "summary": "核验一批证书",
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Request"}}},
        },
        "responses": {
            "200": _json("每一项的结果，次序与请求相同。", "Answer"),
            **{status: _json(words, "Refusal") for status, words in _REFUSALS.items()},
        },
    }


def _json(description: str, schema: str) -> dict[str, Any]:
    return {
        "description": description,
        "content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}},
    }


def _object(**properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "required": list(properties),
        "properties": properties,
        "additionalProperties": False,
    }


def _schemas() -> dict[str, Any]:
    item = _object(number=_TEXT | {"description": "证书编号。"}, name=_TEXT | {"description": "姓名。"})
    items = {"type": "array", "minItems": 1, "maxItems": MOST_ITEMS}
    certificate = _object(
        number=_WORDS,
        category={"type": "string", "enum": list(Category.values)},
        category_name=_WORDS,
        holder=_WORDS | {"description": "持证人姓名，部分隐去。"},
        enterprise=_WORDS,
        ends_on={"type": "string", "format": "date"},
        status=_WORDS | {"description": "证书状态，例如：正常使用、延续审查中。"},
    )
    result = _object(
        place={"type": "integer", "minimum": 1, "description": "在请求中的次序，从 1 开始。"},
        outcome={"type": "string", "enum": [str(outcome) for outcome in Outcome]},
        message=_WORDS,
        certificate={"$ref": "#/components/schemas/Certificate"},
    )
    refusal = _object(code=_WORDS, message=_WORDS, findings={"type": "array", "items": {"type": "object"}})
    return {
        "Request": _object(items=items | {"items": item | {"additionalProperties": True}}),
        "Answer": _object(
            checked_at={"type": "string", "format": "date-time"},
            rows_left_today={"type": "integer", "minimum": 0},
            results={"type": "array", "items": result},
        ),
        "Certificate": certificate | {"type": ["object", "null"], "description": "没有核验通过的是 null。"},
        "Refusal": refusal | {"additionalProperties": True},
    }
