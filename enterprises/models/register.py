"""Stores enterprises, their names and codes, and entries of other registers about their people."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.enums import CorrectionOutcome
from accounts.models import User
from administration.models import Mailbox, Region
from common.database.fields import EncryptedFileSystemStorage

from ..enums import CodeKind, EnterpriseGrade, EnterpriseStatus, QualificationKind, RegistryOutcome


class Enterprise(models.Model):
    uscc = models.CharField(
        "统一社会信用代码",
        max_length=18,
        unique=True,
        error_messages={"unique": "该统一社会信用代码已登记。"},
    )
    code_kind = models.CharField("号码种类", max_length=20, choices=CodeKind, default=CodeKind.USCC)
    code_reason = models.CharField("按旧证照登记的理由", max_length=200, blank=True)
    name = models.CharField("企业名称", max_length=200)
    region = models.ForeignKey(Region, models.PROTECT, verbose_name="注册地")  # PROTECT: routing depends on it
    address = models.CharField("住所", max_length=200, blank=True)
    phone = models.CharField("联系电话", max_length=50, blank=True)
    grades = ArrayField(
        models.CharField(max_length=20, choices=EnterpriseGrade), verbose_name="资质", default=list, blank=True
    )
    legal_representative = models.CharField("法定代表人", max_length=100, blank=True)
    legal_representative_index = models.CharField(max_length=64, blank=True, editable=False)
    status = models.CharField("登记状态", max_length=20, choices=EnterpriseStatus, default=EnterpriseStatus.EXISTING)
    dissolved_on = models.DateField("注销、吊销日期", null=True, blank=True)
    synced_at = models.DateTimeField("工商信息同步时间", null=True, blank=True)
    mailbox = models.OneToOneField(
        Mailbox, models.PROTECT, verbose_name="消息箱", null=True, blank=True
    )  # PROTECT: messages are records
    created_at = models.DateTimeField("创建时间", default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "企业"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(code_kind="uscc", uscc__regex="^[0-9A-HJ-NP-RTUW-Y]{18}$")
                | Q(code_kind="irregular", uscc__regex="^[0-9A-Z]{18}$")
                | Q(code_kind="registration", uscc__regex="^[0-9]{15}$")
                | Q(code_kind="organisation", uscc__regex="^[0-9A-Z]{8}[0-9X]$"),
                name="enterprise_code_of_its_kind",
                violation_error_message="统一社会信用代码应为18位，不含 I、O、S、V、Z；旧号码应符合其种类。",
            ),
            models.CheckConstraint(
                condition=Q(code_kind="uscc", code_reason="") | (~Q(code_kind="uscc") & ~Q(code_reason="")),
                name="enterprise_old_code_has_a_reason",
                violation_error_message="按旧证照登记的企业须有理由。",
            ),
            models.CheckConstraint(
                condition=Q(status="existing", dissolved_on__isnull=True)
                | (~Q(status="existing") & Q(dissolved_on__isnull=False)),
                name="enterprise_dissolved_has_a_date",
                violation_error_message="注销、吊销的企业须有日期，存续的企业没有。",
            ),
        ]
        indexes = [
            models.Index(fields=["name"], name="enterprise_name", opclasses=["text_pattern_ops"]),
            models.Index(
                fields=["legal_representative_index"],
                name="enterprise_legal_rep",
                condition=~Q(legal_representative_index=""),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_gone(self) -> bool:
        return self.status != EnterpriseStatus.EXISTING


class EnterpriseName(models.Model):
    """Former names are kept because old certificates and imported records still carry them."""

    # CASCADE: part of the enterprise
    enterprise = models.ForeignKey(
        Enterprise, models.CASCADE, verbose_name="企业", related_name="names", db_index=False
    )
    name = models.CharField("名称", max_length=200)
    used_from = models.DateField("启用日期", null=True, blank=True)
    used_to = models.DateField("停用日期", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "企业曾用名"
        ordering = ["enterprise", "id"]
        constraints = [
            models.UniqueConstraint(fields=["enterprise", "name", "used_from"], name="one_name_row_per_start")
        ]
        indexes = [models.Index(fields=["name"], name="enterprise_former_name")]

    def __str__(self) -> str:
        return self.name


class FormerCode(models.Model):
    """Former codes are kept because keys, files and old certificates still carry them; nobody else is registered by one.

    A trigger compares them with the present codes of all other enterprises, since no constraint spans two tables.
    """

    enterprise = models.ForeignKey(
        Enterprise, models.PROTECT, verbose_name="企业", related_name="former_codes"
    )  # PROTECT: the code must go on leading to its enterprise
    code = models.CharField("曾用号码", max_length=18, unique=True)
    code_kind = models.CharField("号码种类", max_length=20, choices=CodeKind)
    code_reason = models.CharField("按旧证照登记的理由", max_length=200, blank=True)
    used_to = models.DateTimeField("停用时间")

    class Meta:
        verbose_name = verbose_name_plural = "企业曾用号码"
        ordering = ["enterprise", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(code=""),
                name="former_code_of_another_enterprise",
                violation_error_message="这个号码是另一家企业的曾用号码或现用号码，不能再登记。",
            )
        ]

    def __str__(self) -> str:
        return self.code


class CodeChange(models.Model):
    """信用代码变更: a registry clerk has seen the document by which an enterprise got another code; append-only by trigger.

    Without `keeps_former` the former code was a mistake of the register and is free again. `took_over` names the
    enterprise without any record that was registered by the new code.
    """

    # PROTECT throughout: who changed which code on what document is evidence.
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, verbose_name="企业", related_name="code_changes")
    former_code = models.CharField("原号码", max_length=18)
    code = models.CharField("新号码", max_length=18)
    keeps_former = models.BooleanField("原号码保留为曾用号码", default=True)
    document = models.CharField("依据及文号", max_length=200)
    document_on = models.DateField("依据日期")
    reason = models.CharField("变更说明", max_length=500)
    evidence = models.FileField("证明材料", upload_to="evidence/", storage=EncryptedFileSystemStorage())
    evidence_type = models.CharField(max_length=50)
    took_over = models.CharField("并入的空登记", max_length=200, blank=True)
    changed_by = models.ForeignKey(User, models.PROTECT, verbose_name="办理人", related_name="+")
    changed_at = models.DateTimeField("办理时间", default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "信用代码变更"
        ordering = ["enterprise", "id"]

    def __str__(self) -> str:
        return f"{self.former_code} - {self.code}"


class CodeChangeRequest(models.Model):
    """A registry clerk asks for another code of an enterprise; another natural person confirms it, or it stays as it is."""

    # PROTECT throughout: who asked for which change on what document is evidence.
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, verbose_name="企业", related_name="code_requests")
    former_code = models.CharField("原号码", max_length=18)
    code = models.CharField("新号码", max_length=18)
    keeps_former = models.BooleanField("原号码保留为曾用号码", default=True)
    document = models.CharField("依据及文号", max_length=200)
    document_on = models.DateField("依据日期")
    reason = models.CharField("变更说明", max_length=500)
    evidence = models.FileField("证明材料", upload_to="evidence/", storage=EncryptedFileSystemStorage())
    evidence_type = models.CharField(max_length=50)
    requested_by = models.ForeignKey(User, models.PROTECT, verbose_name="提出人", related_name="+")
    requested_at = models.DateTimeField("提出时间", default=timezone.now)
    outcome = models.CharField("结果", max_length=10, choices=CorrectionOutcome, blank=True)
    answer = models.CharField("复核说明", max_length=500, blank=True)
    settled_by = models.ForeignKey(User, models.PROTECT, verbose_name="复核人", null=True, blank=True, related_name="+")
    settled_at = models.DateTimeField("复核时间", null=True, blank=True)
    change = models.OneToOneField(CodeChange, models.PROTECT, null=True, blank=True, related_name="request")

    class Meta:
        verbose_name = verbose_name_plural = "待复核的信用代码变更"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise"], condition=Q(outcome=""), name="one_open_code_request_per_enterprise"
            ),
            models.UniqueConstraint(fields=["code"], condition=Q(outcome=""), name="one_open_code_request_per_code"),
            models.CheckConstraint(
                condition=Q(outcome="", settled_by__isnull=True, settled_at__isnull=True)
                | (~Q(outcome="") & Q(settled_by__isnull=False, settled_at__isnull=False)),
                name="settled_code_request_has_its_author",
            ),
            models.CheckConstraint(
                condition=~Q(outcome=CorrectionOutcome.DONE) | ~Q(settled_by=F("requested_by")),
                name="code_change_takes_two_clerks",
                violation_error_message="提出和复核不能是同一个人。",
            ),
            models.CheckConstraint(
                condition=Q(outcome=CorrectionOutcome.DONE, change__isnull=False)
                | (~Q(outcome=CorrectionOutcome.DONE) & Q(change__isnull=True)),
                name="confirmed_code_request_has_its_change",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.former_code} - {self.code}"

    @property
    def is_open(self) -> bool:
        return not self.outcome


class RegistrySync(models.Model):
    """工商信息数据同步: the answer of the business registry is shown first, and applied when somebody accepts it.

    Without a region the registry names none of this province. The nightly job asks without an author, and nobody
    accepts an answer of it that changes nothing.
    """

    # PROTECT: the answer is the reason of a change of name.
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="syncs")
    asked_at = models.DateTimeField("同步时间", default=timezone.now)
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")  # PROTECT: evidence
    name = models.CharField("企业名称", max_length=200)
    region = models.ForeignKey(Region, models.PROTECT, null=True)  # PROTECT: as in Enterprise
    legal_representative = models.CharField("法定代表人", max_length=200, blank=True)
    legal_representative_index = models.CharField(max_length=64, blank=True, editable=False)
    status = models.CharField("登记状态", max_length=20, choices=EnterpriseStatus)
    dissolved_on = models.DateField("注销、吊销日期", null=True)
    accepted_at = models.DateTimeField("确认时间", null=True)
    accepted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")  # PROTECT: evidence

    class Meta:
        verbose_name = verbose_name_plural = "工商信息同步"
        ordering = ["enterprise", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True, accepted_by__isnull=True)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False)
                | Q(accepted_at__isnull=False, asked_by__isnull=True),
                name="accepted_sync_has_its_author",
            )
        ]


class RegistryCheck(models.Model):
    """Says when the business registry was last asked about a code, registered here or not, and whether somebody who
    holds a CA key with this code waits for the answer.

    It is kept by code and not by enterprise, so that a check is no record that hangs on an enterprise.
    """

    code = models.CharField("统一社会信用代码", max_length=18, unique=True)
    asked_at = models.DateTimeField("最近查询", null=True, blank=True)
    outcome = models.CharField("查询结果", max_length=10, choices=RegistryOutcome, blank=True)
    requested_at = models.DateTimeField("申请查询时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "工商登记查询"
        ordering = ["id"]
        indexes = [
            models.Index(fields=["requested_at"], name="check_requested", condition=Q(requested_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.code


class ProjectInProgress(models.Model):
    """Whoever is registered for a project in progress may not cancel a certificate."""

    number = models.CharField("项目编号", max_length=60)
    name = models.CharField("项目名称", max_length=200)
    enterprise = models.ForeignKey(
        Enterprise, models.PROTECT, verbose_name="企业", related_name="projects"
    )  # PROTECT: registry data
    id_number_index = models.CharField(max_length=64, editable=False)
    post = models.CharField("岗位", max_length=60, blank=True)
    started_on = models.DateField("开工日期", null=True, blank=True)
    finished_on = models.DateField("竣工日期", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "在建项目"
        ordering = ["number", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["number", "id_number_index", "post"], name="one_project_row_per_person_and_post"
            )
        ]
        indexes = [
            models.Index(fields=["id_number_index"], name="project_person", condition=Q(finished_on__isnull=True))
        ]

    def __str__(self) -> str:
        return self.name


class Qualification(models.Model):
    """These certificates of registered constructors and site staff come from the four-databases platform."""

    kind = models.CharField("类别", max_length=20, choices=QualificationKind)
    number = models.CharField("注册编号", max_length=60)
    name = models.CharField("姓名", max_length=100)
    id_number_index = models.CharField(max_length=64, editable=False)
    specialty = models.CharField("专业", max_length=100, blank=True)
    enterprise = models.ForeignKey(
        Enterprise, models.PROTECT, verbose_name="企业", null=True, blank=True, related_name="qualifications"
    )  # PROTECT: registry data
    valid_to = models.DateField("有效期止", null=True, blank=True)
    is_in_force = models.BooleanField("有效", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "其他执业证书"
        ordering = ["kind", "number", "id"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "number", "specialty"], name="one_qualification_row_per_number")
        ]
        indexes = [models.Index(fields=["id_number_index"], name="qualification_person")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}"
