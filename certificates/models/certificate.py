"""Stores certificates, their terms, versions and trail, and the sequence of numbers."""

from __future__ import annotations

import secrets

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils import timezone

from accounts.enums import Sex
from accounts.models import Person, User
from certificates.enums import Category, DisplayStatus, LegalState, Operation, Origin
from enterprises.enums import Post
from enterprises.models import Enterprise
from workflow.models import Application, ApplicationItem


class Certificate(models.Model):
    """Stores one certificate through its whole life; its versions hold what was printed when.

    `enterprise_name` is printed on the current version, and `enterprise` is empty when an old record names one that no
    registry knows. `ends_on` is the end of the last term that is not reversed. `last_change_on` is the last change of
    enterprise and starts the cool-down. `additional_to` is the A with which an additional A ends. `taken_back_at`: an old
    record had made it by mistake, and another record of the same number may make it anew.
    """

    number = models.CharField("证书编号", max_length=30, unique=True, error_messages={"unique": "该证书编号已存在。"})
    category = models.CharField("类别", max_length=2, choices=Category)
    year = models.PositiveSmallIntegerField("编号年份")
    serial = models.PositiveIntegerField("编号序号")
    identifier_serial = models.PositiveIntegerField("标识序号")
    """The number's serial where free, else from 9,000,000 on: legacy A and B of one year may share a serial."""
    # PROTECT is used throughout, because a certificate is a public record.
    person = models.ForeignKey(Person, models.PROTECT, verbose_name="姓名", related_name="certificates", db_index=False)
    enterprise = models.ForeignKey(
        Enterprise, models.PROTECT, verbose_name="企业", null=True, related_name="certificates", db_index=False
    )
    enterprise_name = models.CharField("企业名称", max_length=200)
    post = models.CharField("职务", max_length=2, choices=Post)
    first_issued_on = models.DateField("初次领证日期")
    ends_on = models.DateField("有效期至")
    legal_state = models.CharField("法定状态", max_length=2, choices=LegalState, default=LegalState.VALID)
    origin = models.CharField("来源", max_length=12, choices=Origin)
    additional_to = models.ForeignKey(
        "self", models.PROTECT, verbose_name="所附的A证", null=True, blank=True, related_name="additional_certificates"
    )
    latest_version = models.PositiveSmallIntegerField("当前版本", default=0)
    last_change_on = models.DateField("最近变更日期", null=True)
    # This snapshot is for lists and filters; signals and a nightly job refresh it. Detail, lookup and QR page compute it.
    display_status = models.CharField("证书状态", max_length=12, choices=DisplayStatus, default=DisplayStatus.NORMAL)
    display_codes = ArrayField(models.CharField(max_length=60), default=list)
    display_at = models.DateTimeField("状态核验时间", null=True)
    created_at = models.DateTimeField("创建时间", default=timezone.now)
    taken_back_at = models.DateTimeField("撤回导入时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "安全生产考核合格证书"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["year", "identifier_serial"], name="one_identifier_per_year_and_serial"),
            models.UniqueConstraint(fields=["category", "year", "serial"], name="one_number_per_category_and_serial"),
            models.CheckConstraint(condition=Q(category__in=Category.values), name="certificate_category_known"),
            models.CheckConstraint(condition=Q(legal_state__in=LegalState.values), name="certificate_state_known"),
            models.CheckConstraint(
                condition=(
                    Q(category="B", post="07")
                    | Q(category__in=["C1", "C2", "C3"], post="08")
                    | Q(category="A") & ~Q(post__in=["07", "08"])
                ),
                name="certificate_post_fits_category",
                violation_error_message="B证职务应为项目负责人，C证应为专职安全生产管理人员，A证不能是这两种。",
            ),
        ]
        indexes = [
            models.Index(fields=["person", "id"], name="certificate_person"),
            models.Index(fields=["enterprise", "category", "id"], name="certificate_enterprise"),
            models.Index(fields=["ends_on", "id"], name="certificate_ends", condition=Q(legal_state="01")),
            # A policy extension searches a window of end dates, long past ones included.
            models.Index(
                fields=["ends_on", "id"], name="certificate_window", condition=Q(legal_state__in=["01", "02", "05"])
            ),
            models.Index(fields=["display_status", "id"], name="certificate_display"),
            models.Index(fields=["category", "id"], name="certificate_category"),
            models.Index(fields=["legal_state", "id"], name="certificate_state"),
            models.Index(fields=["origin", "id"], name="certificate_origin"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def superseded(self) -> str:
        """This text is shown for every version before the latest: on the QR page, after an upload and in print."""
        return f"已被第 {self.latest_version} 版取代"


class CertificateTerm(models.Model):
    """Stores a period of validity. Contiguous terms count as valid now; a reversed one never counted."""

    certificate = models.ForeignKey(
        Certificate, models.PROTECT, verbose_name="证书", related_name="terms"
    )  # PROTECT: public record
    starts_on = models.DateField("起")
    ends_on = models.DateField("止")
    reversed_at = models.DateTimeField("撤回时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "有效期"
        ordering = ["certificate", "starts_on", "id"]
        constraints = [
            ExclusionConstraint(
                name="terms_do_not_overlap",
                expressions=[
                    ("certificate", RangeOperators.EQUAL),
                    (
                        Func(
                            "starts_on",
                            "ends_on",
                            RangeBoundary(inclusive_lower=True, inclusive_upper=True),
                            function="daterange",
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(reversed_at__isnull=True),
                violation_error_message="证书的有效期不能重叠。",
            ),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="term_ends_after_it_starts"),
        ]


def new_token() -> str:
    """The token is the public address of a version: not guessable, 22 characters."""
    return secrets.token_urlsafe(16)


class CertificateVersion(models.Model):
    """Stores one issue of a certificate with everything printed on it. A trigger too keeps it immutable."""

    # PROTECT: public record
    certificate = models.ForeignKey(
        Certificate, models.PROTECT, verbose_name="证书", related_name="versions", db_index=False
    )
    term = models.ForeignKey(
        CertificateTerm, models.PROTECT, verbose_name="有效期", related_name="versions"
    )  # PROTECT: public record
    version = models.PositiveSmallIntegerField("版本")
    operation = models.CharField("操作", max_length=2, choices=Operation)
    application = models.ForeignKey(
        Application, models.PROTECT, verbose_name="办件", null=True, related_name="versions"
    )  # PROTECT: its cause
    token = models.CharField(max_length=32, unique=True, default=new_token)
    identifier = models.CharField("电子证照标识", max_length=120, unique=True)
    name = models.CharField("姓名", max_length=100)
    sex = models.CharField("性别", max_length=6, choices=Sex)
    birth_date = models.DateField("出生日期")
    enterprise = models.ForeignKey(
        Enterprise, models.PROTECT, verbose_name="企业", null=True, related_name="+"
    )  # PROTECT: public record
    enterprise_name = models.CharField("企业名称", max_length=200)
    post = models.CharField("职务", max_length=2, choices=Post)
    first_issued_on = models.DateField("初次领证日期")
    valid_from = models.DateField("有效期起")
    valid_to = models.DateField("有效期止")
    issued_on = models.DateField("发证日期")
    issuer_name = models.CharField("发证机关", max_length=100)
    photo = models.CharField(max_length=200)
    created_at = models.DateTimeField("创建时间", default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "证书版本"
        ordering = ["certificate", "version"]
        constraints = [
            models.UniqueConstraint(fields=["certificate", "version"], name="one_row_per_version"),
            models.CheckConstraint(condition=Q(valid_to__gte=F("valid_from")), name="version_valid_to_after_from"),
            models.CheckConstraint(
                condition=~Q(photo=""),
                name="version_has_a_photo",
                violation_error_message="没有证件照不能签发电子证书。",
            ),
        ]

    @property
    def is_signed(self) -> bool:
        return hasattr(self, "document")

    @property
    def is_awaited(self) -> bool:
        """Answers whether its document is still to be signed."""
        return hasattr(self, "order") and not self.is_signed


class CertificateEvent(models.Model):
    """Stores the trail (证书轨迹). It is append-only, also by a trigger; states are computed from it.

    `until` is the last day of a suspension; without it the suspension lasts until the authority restores the
    certificate.
    """

    # PROTECT: public record
    certificate = models.ForeignKey(
        Certificate, models.PROTECT, verbose_name="证书", related_name="events", db_index=False
    )
    at = models.DateTimeField("时间", default=timezone.now)
    effective_on = models.DateField("生效日期")
    operation = models.CharField("操作", max_length=2, choices=Operation)
    state_before = models.CharField("之前的法定状态", max_length=2, choices=LegalState, blank=True)
    state_after = models.CharField("之后的法定状态", max_length=2, choices=LegalState)
    kind = models.CharField("业务", max_length=40, blank=True)
    summary = models.TextField("事由", blank=True)
    document_number = models.CharField("文号", max_length=100, blank=True)
    application = models.ForeignKey(
        Application, models.PROTECT, verbose_name="办件", null=True, related_name="+"
    )  # PROTECT: its cause
    version = models.ForeignKey(
        CertificateVersion, models.PROTECT, verbose_name="版本", null=True, related_name="+"
    )  # PROTECT: what it issued
    actor = models.ForeignKey(
        User, models.PROTECT, verbose_name="办理人", null=True, related_name="+"
    )  # PROTECT: evidence
    # PROTECT: an overturned act stays visible
    undoes = models.ForeignKey(
        "self", models.PROTECT, verbose_name="所撤回的事件", null=True, related_name="+", db_index=False
    )
    until = models.DateField("暂扣至", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "证书轨迹"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["undoes"],
                name="one_reversal_per_event",
                violation_error_message="这项决定已经撤回，不能再次撤回。",
            )
        ]
        indexes = [
            models.Index(fields=["certificate", "id"], name="certificate_trail"),
            models.Index(fields=["operation", "-id"], name="certificate_operations"),
            models.Index(fields=["until"], name="certificate_until", condition=Q(until__isnull=False)),
        ]


class CertificateItem(ApplicationItem):
    """Names a certificate that an open application holds, or a claim for one that does not exist yet."""

    # PROTECT: public record
    certificate = models.ForeignKey(Certificate, models.PROTECT, null=True, related_name="items", db_index=False)

    class Meta:
        verbose_name = verbose_name_plural = "证书办件事项"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["certificate"],
                condition=Q(is_open=True),
                name="one_open_application_per_certificate",
                violation_error_message="该证书已有在办业务，办结后才能再次申请。",
            ),
            models.UniqueConstraint(
                fields=["claim_key"],
                condition=Q(is_open=True) & ~Q(claim_key=""),
                name="one_open_application_per_claim",
                violation_error_message="同一事项已有在办业务。",
            ),
        ]
        indexes = [
            models.Index(fields=["application", "is_open"], name="certitem_application"),
            models.Index(fields=["certificate", "id"], name="certitem_certificate"),
        ]


class NumberCounter(models.Model):
    """The five categories share the yearly sequence; its row is the last lock of every writer."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = verbose_name_plural = "编号计数"
        ordering = ["year"]
