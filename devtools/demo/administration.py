"""Makes offices of the province, its cities and counties, and a few notices."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from administration.enums import NoticeKind, OfficeKind, RouteDesk
from administration.models import Mailbox, Notice, Office, OfficeRoute, Region
from administration.offices.selectors import PROVINCE

from .builders import demo_builder
from .context import DemoContext

COUNTER_COUNTIES = ("南昌县", "共青城市", "瑞金市", "丰城市", "鄱阳县", "安福县", "南城县")


@demo_builder("offices and notices", order=10)
def build(context: DemoContext) -> None:
    provincial = _office("江西省住房和城乡建设厅（演示）", OfficeKind.PROVINCIAL, PROVINCE, "南昌市省府大院")
    routes = [OfficeRoute(region_id=PROVINCE, desk=RouteDesk.PROVINCIAL, office=provincial)]
    for city in Region.objects.filter(parent_id=PROVINCE):
        office = _office(
            f"{city.name}住房和城乡建设局（演示）", OfficeKind.MUNICIPAL, city.code, f"{city.name}市民中心3楼"
        )
        routes += [
            OfficeRoute(region=city, desk=desk, office=office) for desk in (RouteDesk.MUNICIPAL, RouteDesk.COUNTER)
        ]
    for county in Region.objects.exclude(parent_id=PROVINCE).exclude(pk=PROVINCE).select_related("parent"):
        name = f"{county.parent.name if county.parent else ''}{county.name}住房和城乡建设局（演示）"
        office = _office(name, OfficeKind.COUNTY, county.code, f"{county.name}政务服务中心")
        if county.name in COUNTER_COUNTIES:
            routes.append(OfficeRoute(region=county, desk=RouteDesk.COUNTER, office=office))
    _office("南昌市实名制登记点（演示）", OfficeKind.REGISTRATION, "360100", "红谷滩区会展路1号")
    _office("江西建设培训中心（演示）", OfficeKind.TRAINING, PROVINCE, "南昌市青山湖区")
    _office("江西建设考试中心（演示）", OfficeKind.ORGANISER, PROVINCE, "南昌市东湖区")
    OfficeRoute.objects.bulk_create(routes)
    _notices(provincial)


def _office(name: str, kind: OfficeKind, region: str, address: str) -> Office:
    return Office.objects.create(
        name=name,
        kind=kind,
        region_id=region,
        address=address,
        phone=f"0791-8800{Office.objects.count() + 1000}",
        directions=f"{address}，公交、地铁都可以到；一楼大厅取号。",
        described_on=timezone.localdate(),
        opening_hours="工作日 9:00–12:00，13:30–17:00",
        mailbox=Mailbox.objects.create(),
    )


def _notices(office: Office) -> None:
    now = timezone.now()
    texts = (
        (
            NoticeKind.NEWS,
            "关于启用安管人员证书全程网办的通知",
            "考核、发证、延续、变更、注销全程网上办理，请各企业登记真实聘用关系。",
        ),
        (
            NoticeKind.NEWS,
            "国家法定节假日期间业务办理时限说明",
            "办理期限按工作日计算，遇法定节假日顺延；调休上班日计为工作日。",
        ),
        (NoticeKind.NEWS, "证件照上传要求", "近期免冠正面彩色证件照，白色背景，宽高比25:35，不小于295×413像素。"),
        (NoticeKind.CANCELLATION, "关于注销安全生产考核合格证书的公告", "本公告为演示内容，不涉及任何真实人员。"),
        (NoticeKind.TRANSFER, "关于办理跨省调出的公告", "本公告为演示内容，不涉及任何真实人员。"),
    )
    Notice.objects.bulk_create(
        Notice(kind=kind, title=title, body=body, published_at=now - timedelta(days=3 * position + 1), office=office)
        for position, (kind, title, body) in enumerate(texts)
    )
