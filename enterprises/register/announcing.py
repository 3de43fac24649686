"""Announces that enterprises are gone and the employments of their people have ended; withdraws it where one exists after
all.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from administration.enums import NoticeKind, OfficeKind
from administration.models import NoticeLine, Office
from administration.notices.services import publish_notice, withdraw_notice_lines
from common.dates import chinese_date
from enterprises.enums import EnterpriseStatus
from enterprises.models import Enterprise

SOURCE = "enterprise_gone:"
LINES_AT_MOST = 500
"""So many matters are on one notice; a page with more is slow to read on a telephone."""
BODY = (
    "据企业登记机关的登记，下列企业已注销或被吊销营业执照，其安管人员的聘用关系随之终止。所在单位为这些企业的安全生产考核合格证书，"
    "在办理执业企业变更之前不能使用。人员由新单位发起聘用、本人确认后，办理执业企业变更；登记有误的，请联系企业注册地住房城乡建设主管部门。"
)
EXISTS = "企业登记机关已更正，该企业存续。"


def announce_gone(*, ended: Mapping[int, int], now: datetime) -> None:
    """`ended` counts the employments that ended with each enterprise. Nobody's name is on the notice."""
    rows = list(Enterprise.objects.filter(pk__in=[pk for pk, count in ended.items() if count]).order_by("pk"))
    office = Office.objects.filter(kind=OfficeKind.PROVINCIAL, is_active=True).order_by("pk").first()
    for start in range(0, len(rows), LINES_AT_MOST):
        part = rows[start : start + LINES_AT_MOST]
        publish_notice(
            kind=NoticeKind.DISSOLUTION,
            title=f"关于{len(part)}家企业注销、吊销，其安管人员聘用关系终止的公告",
            body=BODY,
            lines=[(f"{SOURCE}{one.pk}", _line(one, ended[one.pk])) for one in part],
            office_id=office.pk if office else None,
            now=now,
        )


def _line(enterprise: Enterprise, ended: int) -> str:
    when = f"{chinese_date(enterprise.dissolved_on)}" if enterprise.dissolved_on else ""
    return f"{enterprise.name}，{enterprise.uscc}，{when}{enterprise.get_status_display()}，终止聘用关系{ended}人"


def withdraw_of_the_existing(enterprise_ids: Collection[int], *, now: datetime) -> None:
    """Strikes out the lines of enterprises that exist now, whatever has corrected the register."""
    sources = [f"{SOURCE}{pk}" for pk in enterprise_ids]
    standing = NoticeLine.objects.filter(source__in=sources, withdrawn_at__isnull=True)
    named = [int(source.removeprefix(SOURCE)) for source in standing.values_list("source", flat=True)]
    existing = Enterprise.objects.filter(pk__in=named, status=EnterpriseStatus.EXISTING)
    again = [f"{SOURCE}{pk}" for pk in existing.values_list("pk", flat=True)]
    if again:
        withdraw_notice_lines(sources=again, reason=EXISTS, now=now)
