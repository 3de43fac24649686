"""Stores logins, registered persons and cards that wait for a clerk."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.enums import Duty, Education, ProfessionalTitle, ResetWay, Sex, Sphere
from administration.models import Mailbox, Office
from common.database.fields import EncryptedFileSystemStorage, EncryptedTextField


def portrait_path(owner: Person | HeldCard, filename: str) -> str:
    return f"portraits/{filename}"


def id_photo_path(person: Person, filename: str) -> str:
    return f"photos/{filename}"


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, login: str | None) -> User:
        return self.get(login=login)


STAFF_SPHERES = (Sphere.STAFF, Sphere.SYSTEM_ADMIN, Sphere.SECURITY_ADMIN, Sphere.AUDIT_ADMIN)


class User(AbstractBaseUser):
    """Stores a login. Persons log in by the blind index of their ID number, operators by their key, staff by a name.

    `identity_index` is the blind index of the ID number of staff and administrators, because a natural person has
    only one of these roles; the number itself is not kept. `reset_at` is the last password reset without the former
    password (`credentials.reset_waits`).
    """

    login = models.CharField("登录名", max_length=100, unique=True)
    sphere = models.CharField("身份", max_length=20, choices=Sphere)
    name = models.CharField("姓名", max_length=100)
    # PROTECT: an office is deactivated, never deleted.
    office = models.ForeignKey(
        Office, models.PROTECT, verbose_name="所在部门", null=True, blank=True, related_name="staff"
    )
    duties = ArrayField(models.CharField(max_length=20, choices=Duty), verbose_name="职责", default=list, blank=True)
    is_active = models.BooleanField("启用", default=True)
    must_change_password = models.BooleanField("须修改初始密码", default=False)
    password_changed_at = models.DateTimeField("密码修改时间", null=True, blank=True)
    locked_at = models.DateTimeField("最近锁定时间", null=True, blank=True)
    reset_at = models.DateTimeField(null=True, blank=True, editable=False)
    reset_way = models.CharField(max_length=10, choices=ResetWay, blank=True, editable=False)
    identity_index = models.CharField(max_length=64, blank=True, editable=False)
    created_at = models.DateTimeField("创建时间", default=timezone.now)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "login"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["sphere", "name"]

    class Meta:
        verbose_name = verbose_name_plural = "用户"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(sphere="staff", office__isnull=False)
                | (~Q(sphere="staff") & Q(office__isnull=True, duties=[])),
                name="staff_have_an_office_others_none",
                violation_error_message="工作人员必须属于一个部门；其他身份不属于任何部门，也没有审核职责。",
            ),
            models.CheckConstraint(condition=Q(sphere__in=Sphere.values), name="user_sphere_known"),
            models.CheckConstraint(
                condition=Q(identity_index="") | Q(identity_index__regex="^[0-9a-f]{64}$"),
                name="user_identity_is_a_hash",
            ),
            ExclusionConstraint(
                name="one_person_has_one_role",
                expressions=[("identity_index", RangeOperators.EQUAL), ("sphere", RangeOperators.NOT_EQUAL)],
                condition=~Q(identity_index=""),
                violation_error_message="此人已有另一种身份的账号。系统、安全、审计管理员和业务人员必须是不同的人。",
            ),
        ]
        indexes = [
            # The pages of staff read it past the millions of persons and operators.
            models.Index(fields=["login", "id"], name="user_staff", condition=Q(sphere__in=STAFF_SPHERES)),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def duties_in_words(self) -> str:
        return "、".join(Duty(duty).label for duty in self.duties)

    # The Django admin asks these. Registries are for the system administrator and for staff with that duty.
    @property
    def is_staff(self) -> bool:
        return self.sphere == Sphere.SYSTEM_ADMIN or Duty.REGISTRY in self.duties

    def has_perm(self, perm: str, obj: object = None) -> bool:
        return self.is_active and self.is_staff

    def has_perms(self, perm_list: list[str], obj: object = None) -> bool:
        return all(self.has_perm(perm, obj) for perm in perm_list)

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_active and self.is_staff


class PersonQuerySet(models.QuerySet["Person"]):
    pass


class Person(models.Model):
    """Stores a natural person after real-name registration, searched by the blind index of the encrypted ID number.

    `alias_names` are accepted when matching old records; certificates print `name`, the form on the ID card. A card
    with a start date and no end is valid 长期. A record that was `merged_into` another is found by no number any more.
    """

    # PROTECT: a person with a login is never deleted.
    user = models.OneToOneField(User, models.PROTECT, verbose_name="用户", related_name="person", null=True, blank=True)
    name = models.CharField("姓名", max_length=100)
    alias_names = ArrayField(models.CharField(max_length=100), verbose_name="其他写法", default=list, blank=True)
    id_number = EncryptedTextField("公民身份号码")
    id_number_index = models.CharField(
        max_length=64, unique=True, editable=False, error_messages={"unique": "该身份证号码已登记。"}
    )
    sex = models.CharField("性别", max_length=6, choices=Sex)
    ethnicity = models.CharField("民族", max_length=20, blank=True)
    birth_date = models.DateField("出生日期")
    address = EncryptedTextField("住址", blank=True)
    card_valid_from = models.DateField("身份证有效期起", null=True, blank=True)
    card_valid_to = models.DateField("身份证有效期止", null=True, blank=True)
    phone = EncryptedTextField("手机号码", blank=True)
    education = models.CharField("学历", max_length=30, choices=Education, blank=True)
    professional_title = models.CharField("职称", max_length=50, choices=ProfessionalTitle, blank=True)
    portrait = models.FileField("人像", upload_to=portrait_path, storage=EncryptedFileSystemStorage(), blank=True)
    id_photo = models.FileField("证件照", upload_to=id_photo_path, storage=EncryptedFileSystemStorage(), blank=True)
    id_photo_small = models.FileField(
        "证件照（小）", upload_to=id_photo_path, storage=EncryptedFileSystemStorage(), blank=True
    )
    id_photo_uploaded_at = models.DateTimeField("证件照上传时间", null=True, blank=True)
    registered_at = models.DateTimeField("实名制登记时间", null=True, blank=True)
    # PROTECT: who registered a person is evidence.
    registered_at_office = models.ForeignKey(Office, models.PROTECT, verbose_name="登记部门", null=True, blank=True)
    registered_by = models.ForeignKey(
        User, models.PROTECT, verbose_name="登记人", null=True, blank=True, related_name="+", db_index=False
    )
    registered_by_device = models.ForeignKey(
        "accounts.KioskDevice", models.PROTECT, verbose_name="登记设备", null=True, blank=True, related_name="+"
    )
    quarantined_reason = models.CharField("待核实原因", max_length=200, blank=True)
    mailbox = models.OneToOneField(
        Mailbox, models.PROTECT, verbose_name="消息箱", null=True, blank=True
    )  # PROTECT: messages are records
    died_on = models.DateField("死亡日期", null=True, blank=True)
    # PROTECT: what once hung on this record hangs on the other one.
    merged_into: models.ForeignKey[Person | None, Person | None] = models.ForeignKey(
        "self", models.PROTECT, verbose_name="已并入", null=True, blank=True, related_name="merged_records"
    )
    created_at = models.DateTimeField("创建时间", default=timezone.now)

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "人员"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(id_number_index__regex="^[0-9a-f]{64}$"), name="person_index_is_a_hash"),
            models.CheckConstraint(condition=~Q(name=""), name="person_has_a_name"),
            models.CheckConstraint(condition=~Q(merged_into=F("id")), name="person_is_merged_into_another"),
        ]
        indexes = [
            models.Index(fields=["id"], name="person_quarantined", condition=~Q(quarantined_reason="")),
            models.Index(
                fields=["registered_by", "-registered_at", "-id"],
                name="person_registrations",
                condition=Q(registered_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_registered(self) -> bool:
        return self.registered_at is not None

    @property
    def has_id_photo(self) -> bool:
        return bool(self.id_photo)


class HeldCard(models.Model):
    """Keeps a card apart whose number is known under another name, until a clerk has seen the person.

    The registered person is not changed before, because the card may be that of somebody else with the same number.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="held_cards")  # PROTECT: persons are never deleted
    name = models.CharField("姓名", max_length=100)
    ethnicity = models.CharField("民族", max_length=20, blank=True)
    address = EncryptedTextField("住址", blank=True)
    card_valid_from = models.DateField("身份证有效期起")
    card_valid_to = models.DateField("身份证有效期止", null=True, blank=True)
    portrait = models.FileField("人像", upload_to=portrait_path, storage=EncryptedFileSystemStorage(), blank=True)
    # PROTECT: where the card was presented is evidence.
    office = models.ForeignKey(Office, models.PROTECT, verbose_name="登记部门", related_name="+")
    received_at = models.DateTimeField("时间", default=timezone.now)
    settled_at = models.DateTimeField("处理时间", null=True, blank=True)
    was_taken_over = models.BooleanField("是同一人", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "待核实的身份证"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=Q(settled_at=None), name="one_held_card_per_person"),
            models.CheckConstraint(
                condition=Q(settled_at__isnull=False) | Q(was_taken_over=False), name="held_card_taken_over_is_settled"
            ),
        ]
