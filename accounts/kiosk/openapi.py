"""Describes the interface in OpenAPI 3.1 from the declarations that read the requests."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from accounts.models import Outcome
from common.findings import Level

from .authentication import CLOCK_WINDOW, REQUESTS
from .fields import registration_schema
from .refusals import CODES
from .signing import VERSION

_SIGNATURE = f"""每个请求用设备的 Ed25519 私钥签名。被签名的内容是下面七行，用换行符（LF）连接，末尾没有换行：
`{VERSION}`、密钥编号、请求方法、路径（连同查询部分）、时间（1970 年以来的秒数）、随机数、请求体的 SHA-256（小写十六进制）。
时间与服务器相差不得超过 {int(CLOCK_WINDOW.total_seconds()) // 60} 分钟；随机数 16 至 64 个字符（字母、数字、`-`、`_`），只能用一次，重发请求也要换。
每台设备 10 分钟内最多 {REQUESTS.times} 个请求。"""
_SIGNED = ("signature.missing", "signature.malformed", "signature.wrong", "signature.clock", "signature.replayed")
_DEVICE = ("device.unknown", "device.revoked", "device.expired", "device.office_closed")
_ALWAYS = (*_SIGNED, *_DEVICE, "request.method", "request.too_large", "request.too_many")
_WORDS = {"type": "string"}
_FINDINGS = {"type": "array", "items": {"$ref": "#/components/schemas/Finding"}}
_UUID = {"type": "string", "format": "uuid"}


@lru_cache(maxsize=1)
def document() -> dict[str, Any]:
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "实名制登记一体机接口",
            "version": "1.0.0",
            "description": "登记二代身份证信息和人像，取得回执。身份证号码只出现在请求体中，从不出现在地址里。",
        },
        "servers": [{"url": "/"}],
        "security": [{"key": [], "timestamp": [], "nonce": [], "signature": []}],
        "paths": _paths(),
        "components": {"securitySchemes": _security(), "schemas": _schemas()},
    }


def _paths() -> dict[str, Any]:
    request_id = {"name": "request_id", "in": "path", "required": True, "schema": _UUID}
    known = {"200": _json("登记结果，不含回执文件。", "Registration")}
    return {
        "/api/kiosk/ping/": {
            "get": _operation("ping", "检查网络、时间和密钥", {"200": _json("设备和登记点。", "Ping")})
        },
        "/api/kiosk/registrations/": {
            "post": _registering()
        },
        "/api/kiosk/registrations/{request_id}/": {
            "parameters": [request_id],
            "get": _operation("status", "查询一次登记的结果", known, ("request.unknown",)),
        },
        "/api/kiosk/registrations/{request_id}/receipt.pdf": {
            "parameters": [request_id],
            "get": _operation(
                "receipt",
                "再取一次回执",
                {"200": {"description": "回执。", "content": {"application/pdf": {"schema": {"type": "string"}}}}},
                ("request.unknown", "receipt.gone"),
            ),
        },
        "/api/kiosk/registrations/{request_id}/printed/": {
            "parameters": [request_id],
            "post": _operation("printed", "回执已打印：立即删除一次性密码", known, ("request.unknown",)),
        },
    }  # fmt: skip


def _registering() -> dict[str, Any]:
    operation = _operation(
        "register",
        "登记或更新一个人",
        {
            "201": _json("新登记：回执上有一次性密码。", "Registration"),
            "200": _json("此前已登记：更新了身份证信息，原密码不变。", "Registration"),
            "202": _json("姓名与原登记不一致：没有改动原登记，由登记员核实。", "Registration"),
        },
        ("request.not_json", "request.malformed", "request.fields", "request.refused", "request.reused",
         "device.wrong_office"),
    )  # fmt: skip
    return operation | {
        "description": "网络中断后，用同一个 request_id 和同一份内容重发：得到同样的回答（带 `X-Kiosk-Repeated: true`），不会重复登记。",
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/RegistrationRequest"}}},
        },
    }


def _operation(name: str, summary: str, answers: dict[str, Any], refusals: Iterable[str] = ()) -> dict[str, Any]:
    return {"operationId": name, "summary": summary, "responses": answers | _refusals((*refusals, *_ALWAYS))}


def _refusals(codes: Iterable[str]) -> dict[str, Any]:
    by_status: dict[str, list[str]] = {}
    for code in codes:
        status, message = CODES[code]
        by_status.setdefault(str(status), []).append(f"`{code}` {message}")
    return {status: _json("\n".join(lines), "Refusal") for status, lines in sorted(by_status.items())}


def _json(description: str, schema: str) -> dict[str, Any]:
    return {
        "description": description,
        "content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}},
    }


def _security() -> dict[str, Any]:
    headers = {
        "key": ("X-Kiosk-Key", "密钥编号。"),
        "timestamp": ("X-Kiosk-Timestamp", "1970 年以来的秒数。"),
        "nonce": ("X-Kiosk-Nonce", "随机数，只能用一次。"),
        "signature": ("X-Kiosk-Signature", f"签名，base64。{_SIGNATURE}"),
    }
    return {
        name: {"type": "apiKey", "in": "header", "name": header, "description": words}
        for name, (header, words) in headers.items()
    }


def _schemas() -> dict[str, Any]:
    return {
        "RegistrationRequest": registration_schema(),
        "Registration": _object(
            request_id=_UUID,
            outcome={"type": "string", "enum": list(Outcome.values)},
            message=_WORDS,
            received_at={"type": "string", "format": "date-time"},
            person=_object(
                name=_WORDS | {"description": "部分隐去。"}, id_number=_WORDS | {"description": "部分隐去。"}
            ),
            needs_clerk={"type": "boolean", "description": "还在等登记员核实。"},
            findings=_FINDINGS,
            receipt=_object(
                pdf={"type": ["string", "null"], "contentEncoding": "base64", "contentMediaType": "application/pdf"},
                address=_WORDS | {"description": "再取回执的地址，只对本设备的签名请求有效。"},
                available_until={"type": ["string", "null"], "format": "date-time"},
                is_printed={"type": "boolean"},
            ),
        ),
        "Ping": _object(
            device=_WORDS,
            office=_object(number={"type": "integer"}, name=_WORDS),
            server_time={"type": "integer"},
            valid_until={"type": "string", "format": "date"},
        ),
        "Finding": _object(
            code=_WORDS,
            message=_WORDS,
            detail=_WORDS,
            level={"type": "string", "enum": [level.value for level in Level]},
            turn=_WORDS | {"description": "由谁处理。"},
            facts={"type": "object", "additionalProperties": _WORDS},
            cure=_WORDS | {"description": "怎样处理。"},
        ),
        "Refusal": _refusal_schema(),
    }


def _refusal_schema() -> dict[str, Any]:
    schema = _object(code={"type": "string", "enum": sorted(CODES)}, message=_WORDS, findings=_FINDINGS)
    schema["properties"] |= {
        "server_time": {"type": "integer", "description": "随 signature.clock。"},
        "retry_after": {"type": "integer", "description": "随 request.too_many：秒。"},
        "office": _WORDS | {"description": "随 device.wrong_office：设备登记的登记点。"},
    }
    return schema


def _object(**properties: dict[str, Any]) -> dict[str, Any]:
    """Every property is required."""
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": properties,
        "required": list(properties),
    }
