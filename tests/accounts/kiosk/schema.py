"""As much of JSON Schema as the description uses; a keyword that is not known here fails."""

from __future__ import annotations

import base64
import re
import uuid
from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any

TYPES = {"object": dict, "array": list, "string": str, "integer": int, "boolean": bool, "null": type(None)}
WORDS = {"description", "examples", "contentMediaType"}
"""Say nothing about what is valid."""
KNOWN = WORDS | {
    "$ref", "additionalProperties", "contentEncoding", "enum", "format", "items", "maxLength", "minLength", "minimum",
    "properties", "required", "type",
}  # fmt: skip
FORMATS: dict[str, Callable[[str], object]] = {
    "uuid": uuid.UUID,
    "date": date.fromisoformat,
    "date-time": datetime.fromisoformat,
}


def problems(value: Any, schema: dict[str, Any], document: dict[str, Any], at: str = "") -> Iterator[str]:
    assert set(schema) <= KNOWN, set(schema) - KNOWN
    if "$ref" in schema:
        yield from problems(value, resolve(schema["$ref"], document), document, at)
        return
    kinds = schema.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if kinds and not any(
        isinstance(value, TYPES[kind]) and (kind == "boolean") == isinstance(value, bool) for kind in kinds
    ):
        yield f"{at}: {type(value).__name__} instead of {kinds}"
        return
    if "enum" in schema and value not in schema["enum"]:
        yield f"{at}: {value!r} is none of {schema['enum']}"
    if isinstance(value, str):
        yield from _string_problems(value, schema, at)
    elif isinstance(value, dict):
        yield from _object_problems(value, schema, document, at)
    elif isinstance(value, list):
        for position, item in enumerate(value):
            yield from problems(item, schema.get("items", {}), document, f"{at}[{position}]")
    elif isinstance(value, int) and value < schema.get("minimum", value):
        yield f"{at}: {value} is too small"


def resolve(reference: str, document: dict[str, Any]) -> dict[str, Any]:
    found: Any = document
    for part in re.sub("^#/", "", reference).split("/"):
        found = found[part]
    return found


def _string_problems(value: str, schema: dict[str, Any], at: str) -> Iterator[str]:
    if not schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", len(value)):
        yield f"{at}: {len(value)} characters"
    try:
        if "format" in schema:
            FORMATS[schema["format"]](value)
        if schema.get("contentEncoding") == "base64":
            base64.b64decode(value, validate=True)
    except ValueError as error:
        yield f"{at}: {error}"


def _object_problems(value: dict[str, Any], schema: dict[str, Any], document: dict[str, Any], at: str) -> Iterator[str]:
    known = schema.get("properties", {})
    yield from (f"{at}.{name}: missing" for name in schema.get("required", ()) if name not in value)
    others = schema.get("additionalProperties", True)
    for name, item in value.items():
        if name in known:
            yield from problems(item, known[name], document, f"{at}.{name}")
        elif others is False:
            yield f"{at}.{name}: not described"
        elif isinstance(others, dict):
            yield from problems(item, others, document, f"{at}.{name}")
