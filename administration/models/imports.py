"""Stores imports of files and what was wrong in them."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from administration.enums import ImportState, RowOutcome
from common.database.fields import EncryptedJSONField, EncryptedTextField

from .offices import Office


class ImportRun(models.Model):
    """`rows_total` is estimated before reading, for the progress bar, and 0 for files whose rows cannot be counted. The
    uploaded file is deleted when the run is done, or when its preview is given up or expires. `user_id` is no foreign
    key, since users live to the right of this app.

    `plan` is the digest of the preview (`administration.imports.plan`). Where it has `questions`, whoever uploaded the
    file answers them (`answered_at`, `answer`), and a second person confirms; `is_confirmed` says that both have.
    """

    kind = models.CharField("种类", max_length=40)
    file_name = models.CharField("文件名", max_length=255)
    sha256 = models.CharField("文件摘要", max_length=64)
    state = models.CharField("状态", max_length=10, choices=ImportState, default=ImportState.QUEUED)
    started_at = models.DateTimeField("开始", default=timezone.now)
    finished_at = models.DateTimeField("结束", null=True, blank=True)
    rows_total = models.PositiveIntegerField("总行数", default=0)
    rows_read = models.PositiveIntegerField("读取行数", default=0)
    rows_new = models.PositiveIntegerField("新增", default=0)
    rows_known = models.PositiveIntegerField("已存在", default=0)
    rows_changed = models.PositiveIntegerField("更新", default=0)
    rows_quarantined = models.PositiveIntegerField("待人工处理", default=0)
    rows_bad = models.PositiveIntegerField("有误", default=0)
    rows_missing = models.PositiveIntegerField("文件中没有", default=0)
    error = models.TextField("错误", blank=True)
    problem_file = models.CharField("问题行文件", max_length=200, blank=True)
    upload = models.CharField(max_length=200, blank=True)
    plan = models.CharField("预览摘要", max_length=64, blank=True)
    questions = models.JSONField("需要核对的内容", default=list, blank=True)
    has_changed_since_preview = models.BooleanField("预览后有变化", default=False)
    expires_at = models.DateTimeField("预览失效", null=True, blank=True)
    is_confirmed = models.BooleanField("已核对，确认导入", default=False)
    is_good_rows_only = models.BooleanField("只导入没有问题的行", default=False)
    has_begun = models.BooleanField("已开始写入", default=False)
    answer = models.CharField("核对情况和理由", max_length=1000, blank=True)
    answered_at = models.DateTimeField("说明理由的时间", null=True, blank=True)
    answered_by = models.CharField("说明理由的人", max_length=100, blank=True)
    confirmed_at = models.DateTimeField("确认", null=True, blank=True)
    confirmed_by = models.CharField("确认人", max_length=100, blank=True)
    by = models.CharField("操作人", max_length=100, blank=True)
    user_id = models.BigIntegerField(null=True)
    # PROTECT: an office that uploaded is deactivated, never deleted.
    office = models.ForeignKey(Office, models.PROTECT, verbose_name="部门", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "导入记录"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.file_name}"


class ImportReversal(models.Model):
    """Stores that an import is taken back, row by row, as far as nothing was built on its rows.

    `plan` is the digest of what was shown. `last_row` is the last that the background job has dealt with.
    """

    # PROTECT: what it is about.
    run = models.ForeignKey(ImportRun, models.PROTECT, verbose_name="导入记录", related_name="reversals")
    reason = models.CharField("撤回的原因", max_length=1000)
    plan = models.CharField("预览摘要", max_length=64, blank=True)
    by = models.CharField("操作人", max_length=100)
    user_id = models.BigIntegerField(null=True)
    at = models.DateTimeField("开始", default=timezone.now)
    finished_at = models.DateTimeField("结束", null=True, blank=True)
    last_row = models.BigIntegerField(default=0)
    taken = models.PositiveIntegerField("撤回行数", default=0)
    kept = models.PositiveIntegerField("不能撤回行数", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "导入撤回"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["run"],
                condition=models.Q(finished_at__isnull=True),
                name="one_import_reversal_at_a_time",
                violation_error_message="这次导入正在撤回。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.run_id}"


class ImportProblem(models.Model):
    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="problems")  # CASCADE: part of the report
    row_number = models.PositiveIntegerField("行号")
    column = models.TextField("列")
    value = models.TextField("内容")
    sentence = models.TextField("原因")

    class Meta:
        verbose_name = verbose_name_plural = "导入问题"
        ordering = ["run", "row_number", "id"]


class ImportRow(models.Model):
    """Tells what becomes, or became, of one row, and of which object: rows that add or change something, and those
    that the file lacks. Rows that are refused or set aside are problems.

    `trace` has the stored values before and after, by which the row can be taken back; `reversal` has done so.
    """

    # CASCADE: part of the report
    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="rows", db_index=False)
    position = models.PositiveIntegerField("顺序")
    place = models.TextField("位置", blank=True)
    outcome = models.CharField("处理", max_length=10, choices=RowOutcome)
    subject = EncryptedTextField("对象")
    changes = EncryptedJSONField("变化", default=list)
    effect = models.TextField("后果", blank=True)
    object_type = models.CharField("对象种类", max_length=80, blank=True)
    object_id = models.BigIntegerField("对象编号", null=True)
    trace = EncryptedJSONField("改动前后的内容", default=dict)
    # PROTECT: who took it back, and why.
    reversal = models.ForeignKey(ImportReversal, models.PROTECT, verbose_name="撤回", null=True, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = "导入的行"
        ordering = ["run", "position", "id"]
        indexes = [
            models.Index(fields=["run", "outcome", "position", "id"], name="import_rows_of_run"),
            models.Index(fields=["object_type", "object_id"], name="import_rows_of_object"),
        ]


class ImportRepetition(models.Model):
    """Stores a block of objects that were there already, and of which an import has said the same again: they are not
    taken back with the import that has made them. `reversal` has taken back the import that repeats them.

    `fields` are those that the rows name, all where it is empty. `object_ids` are in order, from `first_id` to
    `last_id`.
    """

    # PROTECT: what it is about.
    run = models.ForeignKey(ImportRun, models.PROTECT, verbose_name="导入记录", related_name="repetitions")
    object_type = models.CharField("对象种类", max_length=80)
    fields = ArrayField(models.CharField(max_length=80), verbose_name="列", default=list)
    first_id = models.BigIntegerField("最小编号")
    last_id = models.BigIntegerField("最大编号")
    object_ids = ArrayField(models.BigIntegerField(), verbose_name="对象编号")
    # PROTECT: who took it back, and why.
    reversal = models.ForeignKey(ImportReversal, models.PROTECT, verbose_name="撤回", null=True, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = "导入中重复的内容"
        ordering = ["run", "id"]
        indexes = [models.Index(fields=["object_type", "run"], name="import_repetitions_of_type")]

    def __str__(self) -> str:
        return f"{self.run_id} {self.object_type}"
