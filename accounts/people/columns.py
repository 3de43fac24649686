"""Parses the columns about a person that every imported table has: the name and the ID number."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError

from common.tabular.cells import DIGITS_LOST, Cell, is_rounded, text
from common.tabular.column import Column
from common.text.id_number import normalise_id_number
from common.text.names import normalise_name, validate_name

_PLAIN_NAME = re.compile("[\u4e00-\u9fff]{2,6}")
"""Such names are in their stored form already; for most rows of a large file this check suffices."""


def parse_name(value: Cell) -> str:
    if isinstance(value, str) and _PLAIN_NAME.fullmatch(value):
        return value
    name = normalise_name(text(value))
    validate_name(name)
    return name


def parse_id_number(value: Cell) -> str:
    """Answers the number with 18 digits. A wrong one that ends in 000 was most likely rounded by a spreadsheet."""
    try:
        return normalise_id_number(text(value))
    except ValidationError as error:
        if is_rounded(value):
            raise ValidationError(DIGITS_LOST, code="digits-lost") from error
        raise


NAME = Column("name", "姓名", required=True, parse=parse_name, example="张三")
ID_NUMBER = Column(
    "id_number",
    "身份证号",
    ("身份证号码", "公民身份号码", "证件号码"),
    required=True,
    parse=parse_id_number,
    sensitive=True,
    example="11010519491231002X",  # the example of GB 11643-1999
)
