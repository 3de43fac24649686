"""Stores regions, and the offices that answer for them."""

from __future__ import annotations

from django.db import models

from ..enums import OfficeKind, RouteDesk
from .messages import Mailbox


class Region(models.Model):
    """A region is a division of GB/T 2260: the province (360000), a city or a county."""

    code = models.CharField("代码", max_length=6, primary_key=True)
    name = models.CharField("名称", max_length=50)
    # PROTECT: routing and applications need regions; a division is never deleted, only abolished (see RegionAlias).
    parent = models.ForeignKey(
        "self", models.PROTECT, verbose_name="上级", null=True, blank=True, related_name="children"
    )

    class Meta:
        verbose_name = verbose_name_plural = "行政区划"
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name

    @property
    def city_code(self) -> str:
        """Answers the code of the city this region is or lies in; the province answers with its own code."""
        return self.code[:4] + "00"

    @property
    def is_city(self) -> bool:
        return self.code.endswith("00") and not self.code.endswith("0000")


class RegionAlias(models.Model):
    """Stores an abolished code that unified social credit codes still contain."""

    code = models.CharField("已撤销代码", max_length=6, primary_key=True)
    region = models.ForeignKey(Region, models.PROTECT, verbose_name="现行区划")  # PROTECT: the alias explains old data

    class Meta:
        verbose_name = verbose_name_plural = "已撤销的区划代码"
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.code} → {self.region_id}"


class Office(models.Model):
    name = models.CharField("名称", max_length=100, unique=True)
    kind = models.CharField("类别", max_length=20, choices=OfficeKind)
    region = models.ForeignKey(Region, models.PROTECT, verbose_name="区划")  # PROTECT: see Region.parent
    address = models.CharField("地址", max_length=200, blank=True)
    phone = models.CharField("电话", max_length=50, blank=True)
    opening_hours = models.CharField("办公时间", max_length=200, blank=True)
    directions = models.CharField(
        "怎么到", max_length=300, blank=True, help_text="例如：地铁1号线某站2号口，步行5分钟。"
    )
    described_on = models.DateField("信息核对日期", null=True, blank=True)
    is_active = models.BooleanField("启用", default=True)
    mailbox = models.OneToOneField(
        Mailbox, models.PROTECT, verbose_name="消息箱", null=True, blank=True
    )  # PROTECT: messages are records

    class Meta:
        verbose_name = verbose_name_plural = "主管部门与机构"
        ordering = ["region_id", "kind", "name"]

    def __str__(self) -> str:
        return self.name


class OfficeRoute(models.Model):
    """Says which office answers for a region at a desk. A region without a row is served by its city's row, then the
    province's.
    """

    region = models.ForeignKey(
        Region, models.PROTECT, verbose_name="区划", db_index=False
    )  # PROTECT: see Region.parent
    desk = models.CharField("环节", max_length=20, choices=RouteDesk)
    office = models.ForeignKey(
        Office, models.PROTECT, verbose_name="办理部门"
    )  # PROTECT: deactivate offices, never delete

    class Meta:
        verbose_name = verbose_name_plural = "受理范围"
        ordering = ["region_id", "desk"]
        constraints = [
            models.UniqueConstraint(
                fields=["region", "desk"],
                name="one_office_per_region_and_desk",
                violation_error_message="该区划的这一环节已有办理部门。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.region.name}“{self.get_desk_display()}”由{self.office.name}负责"
