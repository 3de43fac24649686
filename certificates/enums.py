"""Lists the categories, states, operations and decisions of certificates, with their national codes."""

from django.db.models import TextChoices


class Category(TextChoices):
    A = "A", "企业主要负责人"
    B = "B", "项目负责人"
    C1 = "C1", "机械类专职安全生产管理人员"
    C2 = "C2", "土建类专职安全生产管理人员"
    C3 = "C3", "综合类专职安全生产管理人员"


C_CATEGORIES = (Category.C1, Category.C2, Category.C3)


class LegalState(TextChoices):
    """The codes are those of the national licence data standard."""

    VALID = "01", "有效"
    SUSPENDED = "02", "暂扣"
    REVOKED = "03", "撤销"
    CANCELLED = "04", "注销"
    EXPIRED = "05", "失效"
    TRANSFERRING = "06", "办理转出"
    WITHDRAWN = "07", "吊销"
    OTHER = "99", "其他"


IN_FORCE_STATES = (LegalState.VALID, LegalState.SUSPENDED, LegalState.TRANSFERRING)


class Operation(TextChoices):
    """The national operation codes say what an event did to the certificate."""

    FIRST_ISSUE = "01", "新发"
    EXTENSION = "02", "延续"
    SUSPENSION = "03", "暂扣"
    EXPIRY = "04", "过期失效"
    CANCELLATION = "05", "注销"
    RESTORATION = "06", "暂扣发还"
    OTHER = "07", "其他"
    TRANSFER_IN = "08", "转入"
    CHANGE = "09", "变更"
    TRANSFER_UNDONE = "10", "取消转出"


class AuthorityAction(TextChoices):
    """These decisions need no applicant (F30); the event stores the value as its `kind`."""

    SUSPEND = "suspend", "暂扣"
    RESTORE = "restore", "暂扣发还"
    REVOKE = "revoke", "撤销"
    WITHDRAW = "withdraw", "吊销"
    CANCEL = "cancel_by_office", "依职权注销"
    UNDO_TRANSFER = "undo_transfer_out", "取消跨省调出"
    END_TRANSFER = "end_transfer", "跨省调出办结"
    OVERTURN = "overturn", "撤回原决定"


class Ground(TextChoices):
    FALSE_MATERIAL = "false_material", "隐瞒有关情况或者提供虚假材料"
    FRAUD = "fraud", "以欺骗、贿赂等不正当手段取得证书"
    ACCIDENT = "accident", "对生产安全事故负有责任"
    DEATH = "death", "持证人死亡或者丧失行为能力"
    NOT_EXTENDED = "not_extended", "有效期届满未延续"
    OTHER = "other", "其他依法应当处理的情形"


class DisplayStatus(TextChoices):
    """The labels are the operation manual's; they are computed and never replace the legal state."""

    NORMAL = "normal", "正常使用"
    LATE_ENTRY = "late_entry", "新增归档"
    TRANSFER_IN = "transfer_in", "进赣换证"
    ABNORMAL = "abnormal", "异常状态"


class Origin(TextChoices):
    LEGACY = "legacy", "历史数据库"
    LATE_ENTRY = "late_entry", "录入证书"
    FIRST_ISSUE = "first_issue", "首次发证"
    TRANSFER_IN = "transfer_in", "进赣换证"
    MERGE = "merge", "合并"
    ADDITIONAL = "additional", "增发"


class LegacyState(TextChoices):
    UNMATCHED = "unmatched", "未匹配"
    MATCHED = "matched", "已匹配"
    QUARANTINED = "quarantined", "待人工核实"
    DISCARDED = "discarded", "已作废"


class LegacyDecision(TextChoices):
    """Says what a clerk did with an old record that was set aside, or with one that an import had brought in."""

    THIS = "this", "以这一条为准"
    OTHER = "other", "以另一条为准"
    BOTH = "both", "两条都保留，是两个人"
    CORRECT = "correct", "更正后采用"
    NEITHER = "neither", "不采用"
    TAKE_BACK = "take_back", "撤回导入"


class PolicyState(TextChoices):
    DRAFT = "draft", "待执行"
    AWAITING = "awaiting", "待批准"
    RUNNING = "running", "执行中"
    DONE = "done", "已执行"
    TO_REVERSE = "to_reverse", "待批准撤回"
    REVERSING = "reversing", "撤回中"
    REVERSED = "reversed", "已撤回"


class PolicyOutcome(TextChoices):
    EXTENDED = "extended", "已延续"
    REFUSED = "refused", "未延续"
    REVERSED = "reversed", "已撤回"
    KEPT = "kept", "未能撤回"


class Ending(TextChoices):
    CANCELLED = "cancelled", "已在发证省份注销"
    EXCHANGED = "exchanged", "已换发为其他证书"
    MISTAKEN = "mistaken", "申报有误，本人没有这本证书"


PROVINCES = (
    "北京市", "天津市", "河北省", "山西省", "内蒙古自治区", "辽宁省", "吉林省", "黑龙江省", "上海市", "江苏省", "浙江省",
    "安徽省", "福建省", "山东省", "河南省", "湖北省", "湖南省", "广东省", "广西壮族自治区", "海南省", "重庆市", "四川省",
    "贵州省", "云南省", "西藏自治区", "陕西省", "甘肃省", "青海省", "宁夏回族自治区", "新疆维吾尔自治区", "新疆生产建设兵团",
)  # fmt: skip


class RenameState(TextChoices):
    RUNNING = "running", "换发中"
    DONE = "done", "已完成"


class RenameOutcome(TextChoices):
    REISSUED = "reissued", "已换发"
    KEPT = "kept", "未换发"
