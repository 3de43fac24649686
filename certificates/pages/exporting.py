"""Registers the certificates that a search of an office finds as a list to export."""

from __future__ import annotations

from collections.abc import Iterator

from django.core.exceptions import PermissionDenied
from django.http import Http404, QueryDict

from accounts.models import User
from administration.table_downloads import CHUNK, Line, walked
from certificates.facts.holdings import READERS
from certificates.models import Certificate
from common.dates import chinese_date
from common.text.masking import mask_id_number, mask_name
from common.web.paging import KeysetPage
from workflow.actors import actor_of
from workflow.exports.lists import EXPORT_LISTS, Listed

from .forms import CertificateSearch
from .selectors import reach, search

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


def certificate_list(user: User, query: QueryDict) -> Listed:
    """Without a search there is nothing to write."""
    actor = actor_of(user)
    if actor is None or not READERS & set(actor.duties):
        raise PermissionDenied("证书清单由有原件核验、审核或登记台账职责的工作人员导出。")
    filters = CertificateSearch(query)
    if not filters.is_valid() or not any(filters.cleaned_data.values()):
        raise Http404("没有查询条件")
    within = reach(actor)

    def page_at(cursor: str | None) -> KeysetPage[Certificate]:
        return search(filters.cleaned_data, cursor, within, size=CHUNK)

    def lines(is_masked: bool) -> Iterator[Line]:
        for page in walked(page_at):
            yield from (_line(certificate, is_masked) for certificate in page)

    return Listed("证书", lambda is_masked: TITLES, lines)


def _line(one: Certificate, is_masked: bool) -> Line:
    return [
        one.number,
        str(one.get_category_display()),
        mask_name(one.person.name) if is_masked else one.person.name,
        mask_id_number(str(one.person.id_number)) if is_masked else str(one.person.id_number),
        one.enterprise_name,
        str(one.enterprise.region) if one.enterprise else "",
        str(one.get_post_display()),
        chinese_date(one.first_issued_on),
        chinese_date(one.ends_on),
        str(one.get_legal_state_display()),
        str(one.get_display_status_display()),
    ]


EXPORT_LISTS.register("certificates", certificate_list)
