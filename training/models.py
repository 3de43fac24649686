"""Stores the records of continuing education."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import User
from administration.models import ImportRun, Office

from .enums import Source


class TrainingRecord(models.Model):
    """继续教育记录. A record is never changed: a correction withdraws it and points to the one that replaces it.

    Records arrive before people register, so a record is found by the blind index of the ID number. A blank category
    counts for every certificate of the person. `overlap_reason` says why its days are also those of another course.
    """

    id_number_index = models.CharField(max_length=64, editable=False)
    name = models.CharField("姓名", max_length=100)
    # PROTECT: an institution that taught is deactivated, never deleted.
    institution = models.ForeignKey(
        Office, models.PROTECT, verbose_name="培训机构", null=True, blank=True, db_index=False
    )
    institution_name = models.CharField("培训机构名称", max_length=100)
    course = models.CharField("课程", max_length=200)
    category = models.CharField("证书类别", max_length=3, blank=True)
    hours = models.DecimalField("学时", max_digits=5, decimal_places=1)
    starts_on = models.DateField("开始日期")
    ends_on = models.DateField("结束日期")
    source = models.CharField("培训方式", max_length=12, choices=Source, default=Source.INSTITUTION)
    overlap_reason = models.TextField("日期重叠说明", blank=True)
    created_at = models.DateTimeField("创建时间", default=timezone.now)
    recorded_by = models.ForeignKey(
        User, models.PROTECT, verbose_name="登记人", null=True, blank=True, related_name="+"
    )  # PROTECT: evidence
    import_run = models.ForeignKey(
        ImportRun, models.PROTECT, verbose_name="导入批次", null=True, blank=True
    )  # PROTECT: where it came from
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True)
    withdrawn_reason = models.TextField("撤回原因", blank=True)
    replaced_by = models.ForeignKey(
        "self", models.PROTECT, verbose_name="替换为", null=True, blank=True, related_name="replaces"
    )  # PROTECT: history

    class Meta:
        verbose_name = verbose_name_plural = "继续教育记录"
        ordering = ["-ends_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="training_ends_after_it_starts",
                violation_error_message="结束日期不能早于开始日期。",
            ),
            models.CheckConstraint(
                condition=Q(hours__gt=0), name="training_has_hours", violation_error_message="学时必须大于0。"
            ),
            models.CheckConstraint(
                condition=Q(source__in=Source.values),
                name="training_source_known",
                violation_error_message="没有这种培训方式。",
            ),
            models.UniqueConstraint(
                fields=["id_number_index", "course", "starts_on", "ends_on", "institution_name", "category"],
                condition=Q(withdrawn_at__isnull=True),
                name="one_training_row_per_course",
                violation_error_message="这条继续教育记录已存在。",
            ),
        ]
        indexes = [
            models.Index(
                fields=["id_number_index", "-ends_on"], name="training_person", condition=Q(withdrawn_at__isnull=True)
            ),
            models.Index(fields=["institution", "-id"], name="training_institution"),
        ]

    def __str__(self) -> str:
        return f"{self.course} {self.hours}学时"
