"""Sends the certificates that a search of an office finds as a table, with names and ID numbers masked."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from administration.table_downloads import CHUNK, walked
from certificates.models import Certificate
from common.dates import chinese_date
from common.text.masking import mask_id_number, mask_name
from common.web.paging import KeysetPage

from .selectors import search

TITLES = (
    "证书编号",
    "类别",
    "姓名",
    "身份证号码",
    "企业名称",
    "注册地",
    "职务",
    "初次领证",
    "有效期至",
    "法定状态",
    "证书状态",
)


def lines_of(wanted: dict[str, Any], within: Collection[str] | None) -> Iterator[list[str]]:
    def page_at(cursor: str | None) -> KeysetPage[Certificate]:
        return search(wanted, cursor, within, size=CHUNK)

    for page in walked(page_at):
        for certificate in page:
            yield _line(certificate)


def _line(one: Certificate) -> list[str]:
    return [
        one.number,
        str(one.get_category_display()),
        mask_name(one.person.name),
        mask_id_number(str(one.person.id_number)),
        one.enterprise_name,
        str(one.enterprise.region) if one.enterprise else "",
        str(one.get_post_display()),
        chinese_date(one.first_issued_on),
        chinese_date(one.ends_on),
        str(one.get_legal_state_display()),
        str(one.get_display_status_display()),
    ]
