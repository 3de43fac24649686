from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils import timezone

from common.fields import EncryptedTextField

from ..enums import Channel, DeliveryState, NoticeKind, OfficeKind, RouteDesk, RunState


class Region(models.Model):
    """A division of GB/T 2260: the province (360000), a city or a county."""

    code = models.CharField("代码", max_length=6, primary_key=True)
    name = models.CharField("名称", max_length=50)
    # PROTECT: routing and applications hang on regions; a division is never deleted, only abolished (see RegionAlias).
    parent = models.ForeignKey(
        "self", models.PROTECT, verbose_name="上级", null=True, blank=True, related_name="children"
    )

    class Meta:
        verbose_name = verbose_name_plural = "行政区划"
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name

    @property
    def city_code(self) -> str:
        """Code of the city this region is or lies in; the province answers with its own code."""
        return self.code[:4] + "00"

    @property
    def is_city(self) -> bool:
        return self.code.endswith("00") and not self.code.endswith("0000")


class RegionAlias(models.Model):
    """An abolished code that lives on in unified social credit codes."""

    code = models.CharField("已撤销代码", max_length=6, primary_key=True)
    region = models.ForeignKey(Region, models.PROTECT, verbose_name="现行区划")  # PROTECT: the alias explains old data

    class Meta:
        verbose_name = verbose_name_plural = "已撤销的区划代码"
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.code} → {self.region_id}"


class Mailbox(models.Model):
    """In-app messages of one owner: a person, an enterprise or an office points here."""

    class Meta:
        verbose_name = verbose_name_plural = "消息箱"


class Message(models.Model):
    mailbox = models.ForeignKey(
        Mailbox, models.CASCADE, related_name="messages"
    )  # CASCADE: meaningless without its owner
    title = models.CharField("标题", max_length=200)
    body = models.TextField("内容", blank=True)
    link = models.CharField("链接", max_length=300, blank=True)
    created_at = models.DateTimeField("时间", default=timezone.now)
    read_at = models.DateTimeField("已读时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "消息"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["mailbox", "-id"], name="message_box"),
            models.Index(fields=["mailbox"], name="message_unread", condition=Q(read_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return self.title


class Delivery(models.Model):
    """Outbox of the SMS and e-mail gateways; filled in the transaction that causes it, sent by the worker."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="deliveries")  # CASCADE: a copy of the message
    channel = models.CharField("渠道", max_length=10, choices=Channel)
    address = EncryptedTextField("地址")
    state = models.CharField("状态", max_length=10, choices=DeliveryState, default=DeliveryState.WAITING)
    attempts = models.PositiveSmallIntegerField("次数", default=0)
    last_error = models.CharField("最近错误", max_length=300, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "外发消息"
        ordering = ["id"]
        indexes = [models.Index(fields=["id"], name="delivery_waiting", condition=Q(state="waiting"))]


class Office(models.Model):
    name = models.CharField("名称", max_length=100, unique=True)
    kind = models.CharField("类别", max_length=20, choices=OfficeKind)
    region = models.ForeignKey(Region, models.PROTECT, verbose_name="区划")  # PROTECT: see Region.parent
    address = models.CharField("地址", max_length=200, blank=True)
    phone = models.CharField("电话", max_length=50, blank=True)
    opening_hours = models.CharField("办公时间", max_length=200, blank=True)
    is_active = models.BooleanField("启用", default=True)
    mailbox = models.OneToOneField(Mailbox, models.PROTECT, null=True, blank=True)  # PROTECT: messages are records

    class Meta:
        verbose_name = verbose_name_plural = "主管部门与机构"
        ordering = ["region_id", "kind", "name"]

    def __str__(self) -> str:
        return self.name


class OfficeRoute(models.Model):
    """Which office answers for a region at a desk. A region without a row is served by its city's row, then the province's."""

    region = models.ForeignKey(Region, models.PROTECT, verbose_name="区划")  # PROTECT: see Region.parent
    desk = models.CharField("环节", max_length=20, choices=RouteDesk)
    office = models.ForeignKey(
        Office, models.PROTECT, verbose_name="办理部门"
    )  # PROTECT: deactivate offices, never delete

    class Meta:
        verbose_name = verbose_name_plural = "受理范围"
        ordering = ["region_id", "desk"]
        constraints = [
            models.UniqueConstraint(
                fields=["region", "desk"],
                name="one_office_per_region_and_desk",
                violation_error_message="该区划的这一环节已有办理部门。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.region_id} {self.desk} → {self.office_id}"


class CalendarDay(models.Model):
    """A day of the State Council's yearly calendar. A year is known when it has rows; other years fall back to Mon–Fri."""

    day = models.DateField("日期", primary_key=True)
    is_workday = models.BooleanField("工作日")
    note = models.CharField("说明", max_length=50, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "工作日历"
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day} {'班' if self.is_workday else '休'}"


class Parameter(models.Model):
    """One value of a policy parameter from a day on. Past values are kept: a decision stores the version that it used."""

    key = models.CharField("参数", max_length=60)
    value = models.JSONField("取值")
    effective_from = models.DateField("施行日期")
    document_number = models.CharField("文号", max_length=100)
    note = models.CharField("说明", max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "政策参数"
        ordering = ["key", "-effective_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["key", "effective_from"],
                name="one_parameter_value_per_day",
                violation_error_message="该参数在这一天已有取值。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.key} = {self.value}（{self.effective_from} 起）"


class NoticeQuerySet(models.QuerySet["Notice"]):
    def public(self) -> NoticeQuerySet:
        return self.filter(published_at__lte=timezone.now(), withdrawn_at__isnull=True)


class Notice(models.Model):
    kind = models.CharField("类别", max_length=20, choices=NoticeKind, default=NoticeKind.NEWS)
    title = models.CharField("标题", max_length=200)
    body = models.TextField("正文")
    published_at = models.DateTimeField("发布时间", default=timezone.now)
    withdrawn_at = models.DateTimeField("撤下时间", null=True, blank=True)
    # PROTECT: an office that published is deactivated, never deleted.
    office = models.ForeignKey(Office, models.PROTECT, verbose_name="发布部门", null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "公告"
        ordering = ["-published_at", "-id"]
        indexes = [
            models.Index(fields=["-published_at", "-id"], name="notice_public", condition=Q(withdrawn_at__isnull=True))
        ]

    def __str__(self) -> str:
        return self.title


class NoticeLine(models.Model):
    """One matter of a notice that lists several; an overturned one is struck out without touching the others."""

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="lines")  # CASCADE: part of the notice
    source = models.CharField(max_length=60, db_index=True)
    """What it announces, `certificate_event:<id>`."""
    text = models.CharField("内容", max_length=300)
    withdrawn_at = models.DateTimeField("撤下时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "公告事项"
        ordering = ["notice", "id"]

    def __str__(self) -> str:
        return self.text


class AuditEntry(models.Model):
    """Append-only, also by trigger. Ids instead of foreign keys: an entry outlives what it speaks of."""

    at = models.DateTimeField(default=timezone.now)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=100, blank=True)
    sphere = models.CharField(max_length=20, blank=True)
    action = models.CharField(max_length=60)
    object_type = models.CharField(max_length=60, blank=True)
    object_id = models.CharField(max_length=60, blank=True)
    detail = models.JSONField(default=dict)
    request_id = models.CharField(max_length=40, blank=True)
    address = models.GenericIPAddressField(null=True)

    class Meta:
        verbose_name = verbose_name_plural = "审计记录"
        ordering = ["-at", "-id"]
        # One for each filter of the search page, all in its order: a page is one range of one of them.
        indexes = [
            models.Index(fields=["at", "id"], name="audit_at"),
            models.Index(fields=["actor_id", "at", "id"], name="audit_actor"),
            models.Index(fields=["action", "at", "id"], name="audit_action"),
            models.Index(fields=["object_type", "object_id", "at", "id"], name="audit_object"),
            models.Index(fields=["address", "at", "id"], name="audit_address"),
            models.Index(fields=["request_id"], name="audit_request"),
            models.Index(fields=["actor_name", "at", "id"], name="audit_actor_name"),
        ]


class AuditLink(models.Model):
    """One link of the chain over the audit entries; written by the worker, append-only by trigger.

    Kept beside the entries: a writer need not wait for the one before it, and an entry is never touched again.
    """

    position = models.BigIntegerField(primary_key=True)
    """1, 2, 3 … without gaps, in the order of linking."""
    # PROTECT: a link without its entry proves nothing.
    entry = models.OneToOneField(AuditEntry, models.PROTECT, related_name="link")
    digest = models.CharField(max_length=64)
    """SHA-256 over the digest before and the entry: `administration.audit.chain`."""
    linked_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "审计链"
        ordering = ["position"]
        constraints = [
            models.CheckConstraint(condition=Q(position__gte=1), name="audit_positions_begin_at_one"),
            models.CheckConstraint(condition=Q(digest__regex="^[0-9a-f]{64}$"), name="audit_digest_is_a_hash"),
        ]


class AuditCheck(models.Model):
    """One verification of the chain, from one position to another; append-only by trigger."""

    at = models.DateTimeField(default=timezone.now)
    first = models.BigIntegerField()
    last = models.BigIntegerField()
    head = models.CharField(max_length=64, blank=True)
    """Digest at `last`; to be noted outside of this database."""
    problem = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "审计链核验"
        ordering = ["-id"]


class ImportRun(models.Model):
    """One import of one file: what came in, what was refused and why."""

    kind = models.CharField("种类", max_length=40)
    file_name = models.CharField("文件名", max_length=255)
    sha256 = models.CharField(max_length=64)
    state = models.CharField("状态", max_length=10, choices=RunState, default=RunState.QUEUED)
    started_at = models.DateTimeField("开始", default=timezone.now)
    finished_at = models.DateTimeField("结束", null=True, blank=True)
    rows_total = models.PositiveIntegerField("总行数", default=0)
    """Estimated before reading, for progress; 0 where the kind of file does not tell."""
    rows_read = models.PositiveIntegerField("读取行数", default=0)
    rows_new = models.PositiveIntegerField("新增", default=0)
    rows_known = models.PositiveIntegerField("已存在", default=0)
    rows_changed = models.PositiveIntegerField("更新", default=0)
    rows_quarantined = models.PositiveIntegerField("待人工处理", default=0)
    rows_bad = models.PositiveIntegerField("有误", default=0)
    error = models.TextField("错误", blank=True)
    problem_file = models.CharField("问题行文件", max_length=200, blank=True)
    upload = models.CharField(max_length=200, blank=True)
    """Storage name of the uploaded file while it waits; deleted when the run is done."""
    by = models.CharField("操作人", max_length=100, blank=True)
    user_id = models.BigIntegerField(null=True)
    """User who uploaded it; an id, since users live to the right of this app."""
    # PROTECT: an office that uploaded is deactivated, never deleted.
    office = models.ForeignKey(Office, models.PROTECT, verbose_name="部门", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "导入记录"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.file_name}"


class ImportProblem(models.Model):
    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="problems")  # CASCADE: part of the report
    row_number = models.PositiveIntegerField("行号")
    column = models.CharField("列", max_length=60)
    value = models.CharField("内容", max_length=200)
    """Masked where the column is sensitive."""
    sentence = models.CharField("原因", max_length=300)

    class Meta:
        verbose_name = verbose_name_plural = "导入问题"
        ordering = ["run", "row_number", "id"]


class JobRun(models.Model):
    """One run of a nightly job, for the back office."""

    name = models.CharField("任务", max_length=60)
    day = models.DateField("日期", default=date.today)
    state = models.CharField("状态", max_length=10, choices=RunState, default=RunState.RUNNING)
    started_at = models.DateTimeField("开始", default=timezone.now)
    finished_at = models.DateTimeField("结束", null=True, blank=True)
    counts = models.JSONField("结果", default=dict)
    error = models.TextField("错误", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "定时任务"
        ordering = ["-id"]
        indexes = [models.Index(fields=["name", "-id"], name="jobrun_latest")]


class RequestCount(models.Model):
    """How often one address asked in one window of time (`administration.throttle`). Unlogged: a crash empties it."""

    scope = models.CharField(max_length=30)
    source = models.CharField(max_length=64)
    """Keyed hash of the address: who asked is nobody's business."""
    since = models.DateTimeField()
    times = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = verbose_name_plural = "访问次数"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["scope", "source", "since"], name="one_count_per_window")]
        indexes = [models.Index(fields=["since"], name="request_count_since")]


class SentReminder(models.Model):
    """That a reminder was sent (`administration.reminders`): none is sent twice."""

    kind = models.CharField(max_length=30)
    object_id = models.BigIntegerField()
    ends_on = models.DateField()
    """Of what it reminded of: an extended thing is reminded of anew."""
    days = models.SmallIntegerField()
    sent_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "已发送的提醒"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "object_id", "ends_on", "days"], name="one_reminder_of_each")
        ]
