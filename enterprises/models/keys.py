"""Stores the operators of enterprises: their CA keys, their roles, and what they do for each other for some days."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils import timezone

from accounts.access.rights import Right
from accounts.models import User

from ..enums import OperatorRole
from .register import Enterprise

DELEGABLE = (Right.CONFIRM, Right.MANAGE)


class CaKey(models.Model):
    """Stores an operator of an enterprise and the present certificate of the operator, bound at its first use.

    `role` and `may_confirm` say what the operator may do by himself or herself (`enterprises.rights.rules`).

    `operator_name` is the person who uses the key, as the certificate says or as entered at the first login.
    `certificate_name` is the CN of the certificate; many CAs write the enterprise's name there.
    """

    enterprise = models.ForeignKey(
        Enterprise, models.PROTECT, verbose_name="企业", related_name="keys"
    )  # PROTECT: the key is evidence of acts
    # PROTECT: acts were done under this login.
    user = models.OneToOneField(User, models.PROTECT, verbose_name="用户", related_name="ca_key")
    fingerprint = models.CharField("指纹", max_length=64, unique=True)
    serial_number = models.CharField("序列号", max_length=64)
    issuer = models.CharField("颁发者", max_length=300)
    operator_name = models.CharField("操作员", max_length=100)
    certificate_name = models.CharField("证书名称", max_length=100, blank=True)
    valid_from = models.DateTimeField("有效期起")
    valid_to = models.DateTimeField("有效期止")
    bound_at = models.DateTimeField("绑定时间", default=timezone.now)
    last_used_at = models.DateTimeField("最近登录", null=True, blank=True)
    blocked_at = models.DateTimeField("停用时间", null=True, blank=True)
    blocked_reason = models.CharField("停用原因", max_length=200, blank=True)
    role = models.CharField("角色", max_length=10, choices=OperatorRole, default=OperatorRole.CLERK)
    may_confirm = models.BooleanField("可以业务确认", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "CA 锁"
        ordering = ["enterprise", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(role=OperatorRole.MANAGER, may_confirm=True)
                | Q(role=OperatorRole.CLERK)
                | Q(role=OperatorRole.READER, may_confirm=False),
                name="operator_confirms_by_role",
                violation_error_message="管理员都可以业务确认，查阅人都不可以。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.operator_name}（{self.serial_number}）"


class FormerCaKey(models.Model):
    """An operator has replaced this certificate: it cannot log in any more, even while it is valid."""

    key = models.ForeignKey(CaKey, models.PROTECT, related_name="former")  # PROTECT: acts were done with it
    fingerprint = models.CharField("指纹", max_length=64, unique=True)
    serial_number = models.CharField("序列号", max_length=64)
    valid_from = models.DateTimeField("有效期起")
    valid_to = models.DateTimeField("有效期止")
    replaced_at = models.DateTimeField("更换时间")
    blocked_reason = models.CharField("停用原因", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "更换下来的 CA 锁"
        ordering = ["key", "-replaced_at", "id"]

    def __str__(self) -> str:
        return self.serial_number


class OperatorDelegation(models.Model):
    """授权: a manager lets a clerk confirm, or manage operators, from a day to a day; both belong to it.

    It ends by itself after the last day. `ended_at` is set where it was taken back before.
    """

    # PROTECT throughout: who was allowed to act, and by whom, is evidence.
    key = models.ForeignKey(CaKey, models.PROTECT, verbose_name="操作员", related_name="delegations", db_index=False)
    right = models.CharField("授权事项", max_length=10, choices=[(right.value, right.label) for right in DELEGABLE])
    starts_on = models.DateField("起")
    ends_on = models.DateField("止")
    given_by = models.ForeignKey(User, models.PROTECT, verbose_name="授权人", related_name="+")
    given_at = models.DateTimeField("授权时间", default=timezone.now)
    ended_at = models.DateTimeField("收回时间", null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, verbose_name="收回人", null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = "操作员授权"
        ordering = ["key", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="delegation_ends_after_it_starts",
                violation_error_message="授权的最后一天不能早于第一天。",
            ),
            models.CheckConstraint(
                condition=Q(right__in=[right.value for right in DELEGABLE]), name="delegation_of_a_known_right"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="ended_delegation_has_its_author",
            ),
            ExclusionConstraint(
                name="one_delegation_at_a_time",
                expressions=[
                    ("key", RangeOperators.EQUAL),
                    ("right", RangeOperators.EQUAL),
                    (
                        Func(
                            F("starts_on"),
                            F("ends_on"),
                            Value("[]"),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(ended_at__isnull=True),
                violation_error_message="这名操作员在这段时间已有同一事项的授权。",
            ),
        ]
        indexes = [models.Index(fields=["key", "-id"], name="delegation_key")]

    def __str__(self) -> str:
        return f"{self.get_right_display()}（{self.starts_on} - {self.ends_on}）"
