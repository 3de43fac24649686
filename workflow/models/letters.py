"""Stores the letters by which an office tells a decision to an applicant, and their numbers."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from administration.models import Office
from common.database.fields import EncryptedFileSystemStorage, EncryptedJSONField

from ..enums import LetterKind
from .cases import Application, Event


class Letter(models.Model):
    """The transaction of the decision writes the letter with its words; the worker draws and signs it.

    `content` holds title, addressee and paragraphs as they are printed, which nothing changes later.
    """

    application = models.ForeignKey(
        Application, models.PROTECT, "letters", verbose_name="办件"
    )  # PROTECT: a public record
    event = models.OneToOneField(Event, models.PROTECT, related_name="letter")  # PROTECT: the decision that it tells
    kind = models.CharField("文书", max_length=20, choices=LetterKind)
    office = models.ForeignKey(Office, models.PROTECT, verbose_name="部门", related_name="+", db_index=False)  # PROTECT
    year = models.PositiveSmallIntegerField("年份")
    serial = models.PositiveIntegerField("序号")
    content = EncryptedJSONField(default=dict)
    issued_on = models.DateField("日期")
    issuer_name = models.CharField("出具部门", max_length=100)
    token = models.CharField(max_length=32, unique=True)
    file = models.FileField(upload_to="letters/", storage=EncryptedFileSystemStorage(), blank=True)
    sha256 = models.CharField("文件摘要", max_length=64, blank=True)
    signer = models.CharField(max_length=64, blank=True)
    attempts = models.PositiveSmallIntegerField("次数", default=0)
    last_error = models.CharField("最近错误", max_length=500, blank=True)
    ordered_at = models.DateTimeField("下达时间", default=timezone.now)
    tried_at = models.DateTimeField("最近尝试", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "决定文书"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["office", "year", "serial"], name="one_letter_per_number"),
            models.CheckConstraint(
                condition=Q(file="", sha256="", signer="") | ~Q(file="") & ~Q(sha256="") & ~Q(signer=""),
                name="letter_is_signed_or_absent",
            ),
        ]
        indexes = [
            models.Index(fields=["id"], name="letter_waiting", condition=Q(file="")),
            models.Index(fields=["sha256"], name="letter_file"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """The office stands in it, because each office counts its own letters of a year."""
        return f"{self.issuer_name}安管{LetterKind(self.kind).mark}〔{self.year}〕{self.serial}号"


class LetterCounter(models.Model):
    """Counts the letters of an office in a year. A decision that is rolled back gives its number back."""

    office = models.ForeignKey(Office, models.PROTECT, related_name="+", db_index=False)  # PROTECT: see the letter
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = verbose_name_plural = "文书编号计数"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["office", "year"], name="one_letter_counter_per_office_and_year")
        ]
