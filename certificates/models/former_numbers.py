"""Stores the numbers and categories that certificates printed before a correction."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from certificates.enums import Category

from .certificate import Certificate


class FormerNumber(models.Model):
    """Its certificate printed this number and category up to `through_version`.

    The identifiers of those versions stay used: no other certificate may be given this pair of year and serial.
    """

    # PROTECT: public record; the constraint begins with it.
    certificate = models.ForeignKey(
        Certificate, models.PROTECT, verbose_name="证书", related_name="former_numbers", db_index=False
    )
    number = models.CharField("证书编号", max_length=30)
    category = models.CharField("类别", max_length=2, choices=Category)
    year = models.PositiveSmallIntegerField("编号年份")
    identifier_serial = models.PositiveIntegerField("标识序号")
    through_version = models.PositiveSmallIntegerField("印到第几版")
    corrected_at = models.DateTimeField("更正时间", default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "更正前的证书编号"
        ordering = ["certificate", "through_version"]
        constraints = [
            models.UniqueConstraint(fields=["certificate", "through_version"], name="one_former_number_per_version")
        ]
        indexes = [
            models.Index(fields=["year", "identifier_serial"], name="former_identifier"),
            models.Index(fields=["number"], name="former_number"),
        ]

    def __str__(self) -> str:
        return self.number
