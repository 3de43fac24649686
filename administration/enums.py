"""Lists choices of the administration's fields."""

from django.db.models import TextChoices


class OfficeKind(TextChoices):
    PROVINCIAL = "provincial", "省厅"
    MUNICIPAL = "municipal", "设区市主管部门"
    COUNTY = "county", "县（市、区）主管部门"
    REGISTRATION = "registration", "实名制登记点"
    TRAINING = "training", "培训机构"
    ORGANISER = "organiser", "考试机构"


class RouteDesk(TextChoices):
    """Names the desks for which an office may answer in a region."""

    COUNTER = "counter", "原件核验"
    MUNICIPAL = "municipal", "地市受理"
    PROVINCIAL = "provincial", "省厅审核"


class AskerKind(TextChoices):
    """Names the kinds of askers who look people up by ID number."""

    ENTERPRISE = "enterprise", "企业"
    USER = "user", "工作人员"
    KIOSK = "kiosk", "登记一体机"
    ADDRESS = "address", "公众查询"


class NoticeKind(TextChoices):
    """All but news are official: they are born from decisions and only withdrawn with a reason."""

    NEWS = "news", "通知"
    GRANT = "grant", "准予许可公告"
    CANCELLATION = "cancellation", "注销公告"
    REVOCATION = "revocation", "撤销、吊销公告"
    TRANSFER = "transfer", "跨省调出公告"
    DISSOLUTION = "dissolution", "企业注销、吊销公告"


class RunState(TextChoices):
    QUEUED = "queued", "等待处理"
    RUNNING = "running", "处理中"
    DONE = "done", "已完成"
    FAILED = "failed", "失败"


class ImportState(TextChoices):
    """A queued or running import makes its preview until it is confirmed, and takes the rows in afterwards."""

    QUEUED = "queued", "等待处理"
    RUNNING = "running", "处理中"
    PREVIEWED = "previewed", "待确认"
    DONE = "done", "已完成"
    FAILED = "failed", "失败"
    DISCARDED = "discarded", "已放弃"
    EXPIRED = "expired", "过期未确认"


class RowOutcome(TextChoices):
    NEW = "new", "新增"
    CHANGED = "changed", "更新"
    MISSING = "missing", "文件中没有"


class MessageKind(TextChoices):
    """Says under which heading a reader looks for a message."""

    TASK = "task", "待办事项"
    CASE = "case", "办件进展"
    EMPLOYMENT = "employment", "聘用"
    CERTIFICATE = "certificate", "证书"
    EXAM = "exam", "考试"
    ACCOUNT = "account", "账号与登记"
    OFFICE = "office", "部门工作"
    OTHER = "other", "其他"


class Channel(TextChoices):
    SMS = "sms", "短信"
    EMAIL = "email", "电子邮件"


class DeliveryState(TextChoices):
    WAITING = "waiting", "待发送"
    SENT = "sent", "已发送"
    FAILED = "failed", "发送失败"


class Receipt(TextChoices):
    """Says what the provider has reported about a message that it took."""

    DELIVERED = "delivered", "已送达"
    UNDELIVERED = "undelivered", "未送达"


class FeedbackKind(TextChoices):
    UNCLEAR = "unclear", "不清楚"
    FAULT = "fault", "出错"
    IDEA = "idea", "建议"
    OTHER = "other", "其他"
