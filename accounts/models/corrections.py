"""Stores former ID numbers of persons, and changes of the register of persons that two clerks make together."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.enums import CorrectionKind, CorrectionOutcome, Sex
from administration.models import Office
from common.database.fields import EncryptedFileSystemStorage, EncryptedTextField

from .people import Person, User


class FormerIdNumber(models.Model):
    """Keeps a number that a person had before: it finds the person for ever, and nobody is registered by it again.

    A trigger too refuses a number that is, or was, another person's.
    """

    # PROTECT: old records of other systems are matched by it.
    person = models.ForeignKey(Person, models.PROTECT, related_name="former_numbers")
    id_number = EncryptedTextField("曾用身份证号码")
    id_number_index = models.CharField(max_length=64, unique=True, editable=False)
    replaced_at = models.DateTimeField("更正时间", default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "曾用身份证号码"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(id_number_index__regex="^[0-9a-f]{64}$"), name="former_index_is_a_hash")
        ]


class RegisterCorrection(models.Model):
    """Stores a change of a person's record that one clerk asks for and another natural person confirms or refuses."""

    kind = models.CharField("事项", max_length=10, choices=CorrectionKind)
    # PROTECT throughout: who changed whose record, and why, is evidence.
    person = models.ForeignKey(Person, models.PROTECT, verbose_name="人员", related_name="corrections")
    id_number = EncryptedTextField("更正后的身份证号码", blank=True)
    id_number_index = models.CharField(max_length=64, blank=True, editable=False)
    sex = models.CharField("性别", max_length=6, choices=Sex, blank=True)
    birth_date = models.DateField("出生日期", null=True, blank=True)
    other = models.ForeignKey(
        Person, models.PROTECT, verbose_name="并入的登记", null=True, blank=True, related_name="merges"
    )
    died_on = models.DateField("死亡日期", null=True, blank=True)
    undoes: models.ForeignKey[RegisterCorrection | None, RegisterCorrection | None] = models.ForeignKey(
        "self", models.PROTECT, verbose_name="所撤销的事项", null=True, blank=True, related_name="undone_by"
    )
    record = models.JSONField("办理内容", default=dict)
    """Says exactly what was changed, so that an undoing puts back the same rows. It holds ids and hashes only."""
    document = models.CharField("证明文件及文号", max_length=200)
    reason = models.CharField("办理说明", max_length=500)
    evidence = models.FileField("证明材料", upload_to="evidence/", storage=EncryptedFileSystemStorage())
    evidence_type = models.CharField(max_length=50)
    office = models.ForeignKey(Office, models.PROTECT, verbose_name="受理部门", related_name="+")
    requested_by = models.ForeignKey(User, models.PROTECT, verbose_name="提出人", related_name="+")
    requested_at = models.DateTimeField("提出时间", default=timezone.now)
    outcome = models.CharField("结果", max_length=10, choices=CorrectionOutcome, blank=True)
    answer = models.CharField("复核说明", max_length=500, blank=True)
    settled_by = models.ForeignKey(User, models.PROTECT, verbose_name="复核人", null=True, blank=True, related_name="+")
    settled_at = models.DateTimeField("复核时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "人员登记更正"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(outcome=""),
                name="one_open_correction_per_person",
                violation_error_message="此人已有一件待复核的更正。",
            ),
            models.UniqueConstraint(
                fields=["id_number_index"],
                condition=Q(outcome="") & ~Q(id_number_index=""),
                name="one_open_correction_per_number",
                violation_error_message="这个号码已有一件待复核的更正。",
            ),
            models.CheckConstraint(
                condition=Q(outcome="", settled_by__isnull=True, settled_at__isnull=True)
                | (~Q(outcome="") & Q(settled_by__isnull=False, settled_at__isnull=False)),
                name="settled_correction_has_its_author",
            ),
            models.CheckConstraint(
                condition=~Q(outcome=CorrectionOutcome.DONE) | ~Q(settled_by=F("requested_by")),
                name="correction_takes_two_clerks",
                violation_error_message="提出和复核不能是同一个人。",
            ),
            models.CheckConstraint(
                condition=~Q(kind=CorrectionKind.NUMBER)
                | (Q(id_number_index__regex="^[0-9a-f]{64}$", birth_date__isnull=False) & ~Q(sex="")),
                name="number_correction_has_a_number",
            ),
            models.UniqueConstraint(
                fields=["other"],
                condition=Q(outcome=""),
                name="one_open_merge_of_a_record",
                violation_error_message="这份登记已有一件待复核的合并。",
            ),
            models.UniqueConstraint(
                fields=["undoes"],
                condition=Q(outcome__in=["", "done"]),
                name="correction_is_undone_once",
                violation_error_message="这件事项已经撤销或正在撤销。",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[CorrectionKind.MERGE, CorrectionKind.UNMERGE], other__isnull=False)
                | (~Q(kind__in=[CorrectionKind.MERGE, CorrectionKind.UNMERGE]) & Q(other__isnull=True)),
                name="merge_has_two_records",
            ),
            models.CheckConstraint(
                condition=~Q(kind=CorrectionKind.DEATH) | Q(died_on__isnull=False), name="death_has_its_day"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[CorrectionKind.UNMERGE, CorrectionKind.DEATH_UNDO], undoes__isnull=False)
                | (~Q(kind__in=[CorrectionKind.UNMERGE, CorrectionKind.DEATH_UNDO]) & Q(undoes__isnull=True)),
                name="undoing_names_what_it_undoes",
            ),
        ]
        indexes = [models.Index(fields=["office", "id"], name="correction_waiting", condition=Q(outcome=""))]

    @property
    def is_open(self) -> bool:
        return not self.outcome

    @property
    def page(self) -> str:
        """Names the page on which the second clerk decides."""
        return _PAGES[CorrectionKind(self.kind)]


_PAGES = {
    CorrectionKind.NUMBER: "accounts:correction",
    CorrectionKind.MERGE: "accounts:merge",
    CorrectionKind.UNMERGE: "accounts:merge",
    CorrectionKind.DEATH: "accounts:death",
    CorrectionKind.DEATH_UNDO: "accounts:death",
}
