"""Says whether a share link may be made, with every reason at once."""

from __future__ import annotations

from datetime import date, timedelta

from administration.parameters.book import ParameterBook
from certificates.enums import LegalState
from certificates.models import Certificate, Document
from common.dates import chinese_date
from common.findings import Cure, Finding

from .selectors import open_links

MOST_OPEN = 10
"""One certificate has at most so many links in force."""


def last_day(today: date) -> date:
    """Answers the latest day on which a link of today may end."""
    return today + timedelta(days=ParameterBook.load().integer("share_link_days", today))


def why_no_link(certificate: Certificate, ends_on: date, with_document: bool, today: date) -> list[Finding]:
    found = []
    if certificate.legal_state != LegalState.VALID:
        text = f"证书现在的状态是“{certificate.get_legal_state_display()}”，分享出去也不能作为凭证。"
        cure = Cure("查看证书", "certificates:detail", kwargs={"pk": certificate.pk})
        found.append(Finding("share.not_valid", "这本证书现在不能分享", text, cure=cure))
    latest = last_day(today)
    if not today <= ends_on <= latest:
        text = f"请选择{chinese_date(today)}至{chinese_date(latest)}之间的一天。"
        found.append(Finding("share.end", "截止日期不对", text, facts={"field": "ends_on"}))
    signed = Document.objects.filter(version__certificate=certificate, version__version=certificate.latest_version)
    if with_document and not signed.exists():
        text = "电子证书还没有签发完成。请不勾选这一项，或者签发完成后再创建链接。"
        found.append(Finding("share.no_document", "现在没有可以下载的电子证书", text, facts={"field": "with_document"}))
    if open_links(certificate.pk, today).count() >= MOST_OPEN:
        text = f"一本证书最多同时有 {MOST_OPEN} 个有效的链接。请先在本页撤销不再需要的。"
        found.append(Finding("share.too_many", "有效的链接太多", text))
    return found
