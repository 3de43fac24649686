"""Stores employments, and the claims that applications make on them."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import Person, User
from common.database.fields import EncryptedJSONField
from enterprises.enums import Post
from enterprises.models import Enterprise
from workflow.models import Application, ApplicationItem

from .enums import EndReason


class EmploymentQuerySet(models.QuerySet["Employment"]):
    def active(self) -> EmploymentQuerySet:
        return self.filter(ended_at__isnull=True)


class Employment(models.Model):
    """聘用关系 exists from the moment the person accepted it. A proposal is an application and has no row here.

    Without `contract_to` the contract has no fixed term.
    """

    # PROTECT: employment decides who was responsible when.
    person = models.ForeignKey(Person, models.PROTECT, verbose_name="姓名", related_name="employments", db_index=False)
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, verbose_name="企业", related_name="employments")
    posts = ArrayField(models.CharField(max_length=2, choices=Post), verbose_name="职务")
    contract_from = models.DateField("合同期起")
    contract_to = models.DateField("合同期止", null=True, blank=True)
    started_at = models.DateTimeField("建立时间", default=timezone.now)
    ended_at = models.DateTimeField("解除时间", null=True, blank=True)
    end_reason = models.CharField("解除原因", max_length=20, choices=EndReason, blank=True)
    end_note = models.CharField("解除说明", max_length=200, blank=True)
    end_document = models.CharField("解除依据文号", max_length=100, blank=True)
    started_by = models.ForeignKey(
        Application,
        models.PROTECT,
        verbose_name="建立所依据的办件",
        null=True,
        blank=True,
        related_name="started_employments",
    )  # PROTECT: evidence
    ended_by = models.ForeignKey(
        Application,
        models.PROTECT,
        verbose_name="解除所依据的办件",
        null=True,
        blank=True,
        related_name="ended_employments",
    )  # PROTECT: evidence

    objects = EmploymentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "聘用关系"
        ordering = ["-started_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(ended_at__isnull=True),
                name="one_active_employment_per_person",
                violation_error_message="个人同时只能与一家企业登记唯一聘用关系。",
            ),
            models.CheckConstraint(
                condition=Q(contract_to__isnull=True) | Q(contract_to__gte=F("contract_from")),
                name="employment_contract_ends_after_it_starts",
                violation_error_message="合同结束日期不能早于开始日期。",
            ),
            models.CheckConstraint(
                condition=Q(posts__len__gte=1),
                name="employment_has_a_post",
                violation_error_message="请至少选择一个职务。",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, end_reason="") | Q(ended_at__isnull=False) & ~Q(end_reason=""),
                name="employment_end_has_a_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["enterprise", "person"], name="employment_staff", condition=Q(ended_at__isnull=True)),
            models.Index(fields=["contract_to"], name="employment_contract_end", condition=Q(ended_at__isnull=True)),
            models.Index(
                fields=["enterprise", "contract_to", "id"],
                name="employment_contracts",
                condition=Q(ended_at__isnull=True, contract_to__isnull=False),
            ),
            models.Index(fields=["person", "-started_at"], name="employment_history"),
            models.Index(fields=["-started_at", "-id"], name="employment_latest"),
            models.Index(fields=["-started_at", "-id"], name="employment_ended", condition=Q(ended_at__isnull=False)),
            models.Index(
                fields=["end_reason", "-started_at", "-id"], name="employment_by_end", condition=~Q(end_reason="")
            ),
            models.Index(
                fields=["enterprise", "-ended_at"],
                name="employment_of_the_gone",
                condition=Q(end_reason=EndReason.ENTERPRISE_GONE),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} @ {self.enterprise_id}"

    @property
    def is_active(self) -> bool:
        return self.ended_at is None

    @property
    def post_labels(self) -> str:
        return "、".join(Post(post).label for post in self.posts)


class FormerTerms(models.Model):
    """Keeps the posts and the contract that an employment had until they were changed in place; append-only by trigger.

    `replaced_at` is the moment up to which they counted.
    """

    employment = models.ForeignKey(
        Employment, models.PROTECT, verbose_name="聘用关系", related_name="former_terms"
    )  # PROTECT: they decide who was responsible when
    posts = ArrayField(models.CharField(max_length=2, choices=Post), verbose_name="职务")
    contract_from = models.DateField("合同期起")
    contract_to = models.DateField("合同期止", null=True)
    replaced_at = models.DateTimeField("变更时间")
    # PROTECT: evidence
    replaced_by = models.ForeignKey(
        Application, models.PROTECT, verbose_name="变更所依据的办件", related_name="+", db_index=False
    )

    class Meta:
        verbose_name = verbose_name_plural = "原聘用约定"
        ordering = ["employment", "id"]
        constraints = [
            models.UniqueConstraint(fields=["replaced_by"], name="one_change_of_terms_per_application"),
        ]

    def __str__(self) -> str:
        return f"{self.employment_id} - {self.replaced_at:%Y-%m-%d}"


class EmploymentItem(ApplicationItem):
    """Claims `start:<person>:<enterprise>`, or an employment whose end or whose other terms are asked for.

    Ends are asked for by persons, other terms by enterprises. One of them is open at a time.
    """

    employment = models.ForeignKey(
        Employment, models.PROTECT, null=True, blank=True, related_name="items"
    )  # PROTECT: evidence

    class Meta:
        verbose_name = verbose_name_plural = "聘用办件事项"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["employment"],
                condition=Q(is_open=True),
                name="one_open_application_per_employment",
                violation_error_message="该聘用关系已有在办业务。",
            ),
            models.UniqueConstraint(
                fields=["claim_key"],
                condition=Q(is_open=True) & ~Q(claim_key=""),
                name="one_open_proposal_per_pair",
                violation_error_message="已向此人发起聘用，请等待其确认。",
            ),
        ]
        indexes = [models.Index(fields=["application", "is_open"], name="employmentitem_application")]


class ProposalList(models.Model):
    """聘用名单: the last list of people that a clerk gave to propose employment to, without any legal effect by itself.

    `lines` has its rows, `mark` names this list among those that replace each other. Once it is sent, `filed` maps the
    place of a row to the number of its application, and `refused` to the reasons. A nightly job forgets it.
    """

    # PROTECT: logins and enterprises stay
    user = models.OneToOneField(User, models.PROTECT, related_name="+")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="+", db_index=False)  # PROTECT: as above
    mark = models.UUIDField(default=uuid.uuid4)
    lines = EncryptedJSONField("名单")
    checked_at = models.DateTimeField("核对时间", default=timezone.now)
    sent_at = models.DateTimeField("发起时间", null=True)
    filed = models.JSONField("已发起的办件", default=dict)
    refused = models.JSONField("没有发起的原因", default=dict)

    class Meta:
        verbose_name = verbose_name_plural = "聘用名单"
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.user_id} @ {self.enterprise_id}"
