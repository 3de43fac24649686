"""Lists the parties, desks, states and acts of the workflow."""

from django.db.models import TextChoices


class Party(TextChoices):
    """Names the kinds of parties that file or are informed."""

    PERSON = "person", "个人"
    ENTERPRISE = "enterprise", "企业"
    OFFICE = "office", "主管部门"
    SYSTEM = "system", "系统"


class Desk(TextChoices):
    """Names the places that have to act. `holder_*` of the application says exactly which party."""

    FILER = "filer", "申请人"
    PERSON = "person", "本人"
    FORMER_EMPLOYER = "former_employer", "证书所在单位"
    EMPLOYER = "employer", "受聘企业"
    COUNTER = "counter", "原件核验"
    MUNICIPAL = "municipal", "地市受理"
    PROVINCIAL = "provincial", "省厅审核"
    ORGANISER = "organiser", "考试机构"


OFFICE_DESKS = frozenset({Desk.COUNTER, Desk.MUNICIPAL, Desk.PROVINCIAL, Desk.ORGANISER})
ENTERPRISE_DESKS = frozenset({Desk.FORMER_EMPLOYER, Desk.EMPLOYER})


CATEGORIES = ("A", "B", "C1", "C2", "C3")
"""These are the values of `certificates.enums.Category`, which lives to the right of this app."""


class Status(TextChoices):
    DRAFT = "draft", "草稿"
    IN_REVIEW = "in_review", "办理中"
    RETURNED = "returned", "待补正"
    APPROVED = "approved", "已办结"
    REJECTED = "rejected", "不予通过"
    WITHDRAWN = "withdrawn", "已撤回"
    CLOSED = "closed", "已终止"


OPEN_STATUSES = (Status.IN_REVIEW, Status.RETURNED)
FINAL_STATUSES = (Status.APPROVED, Status.REJECTED, Status.WITHDRAWN, Status.CLOSED)


class CloseReason(TextChoices):
    LAPSED = "lapsed", "企业逾期未确认"
    EXPIRED = "expired", "逾期未处理"
    UNANSWERED = "unanswered", "逾期未补正，视为撤回"
    OVERTAKEN = "overtaken", "已有其他办理结果"
    ENTERPRISE_GONE = "enterprise_gone", "企业已注销或吊销"
    CERTIFICATE_ENDED = "certificate_ended", "证书已被注销、撤销或吊销"
    PERSON_DIED = "person_died", "本人已去世"


class Action(TextChoices):
    """Names the act that an event records."""

    SUBMIT = "submit", "提交申请"
    RESUBMIT = "resubmit", "补正后提交"
    WITHDRAW = "withdraw", "撤回"
    APPROVE = "approve", "同意"
    RETURN = "return", "退回补正"
    REJECT = "reject", "不予通过"
    SKIP = "skip", "跳过环节"
    ESCALATE = "escalate", "逾期转办"
    CLOSE = "close", "终止办理"
    REROUTE = "reroute", "转办"
    DEEM_ACCEPTED = "deem_accepted", "视为受理"
    REMIND = "remind", "提醒"
    ASSIGN = "assign", "指定承办人"
    RELEASE = "release", "取消承办人"
    TAKE_OVER = "take_over", "接手办理"
    ASK = "ask", "请上一环节核实"
    ANSWER = "answer", "核实答复"
    RECOUNT = "recount", "期限调整"
    FLAG = "flag", "条件变化"
    UNFLAG = "unflag", "条件恢复"


class LookOutcome(TextChoices):
    """Names what a second person found who looked at a decided case."""

    AGREES = "agrees", "复核无误"
    DOUBTS = "doubts", "复核有疑问"


class OriginalResult(TextChoices):
    """Names what a clerk found when looking at an original."""

    AGREES = "agrees", "已见原件，核对一致"
    DIFFERS = "differs", "已见原件，内容不符"
    MISSING = "missing", "没有带来原件"


class BarScope(TextChoices):
    """Names the act that a bar forbids to a person."""

    CERTIFICATES = "certificates", "申请安全生产考核合格证书"
    LEADING_POSTS = "leading_posts", "担任企业主要负责人、项目负责人（A证、B证）"
    EXAM = "exam", "参加考试报名"


class LetterKind(TextChoices):
    """Names the letters of a decision."""

    ACCEPTED = "accepted", "受理通知书"
    SUPPLEMENT = "supplement", "补正通知书"
    NOT_ACCEPTED = "not_accepted", "不予受理决定书"
    GRANTED = "granted", "准予行政许可决定书"
    REFUSED = "refused", "不予许可决定书"

    @property
    def mark(self) -> str:
        """Stands in the number of the letter."""
        return MARKS[self.value]


MARKS = {
    "accepted": "受字",
    "supplement": "补字",
    "not_accepted": "不受字",
    "granted": "许字",
    "refused": "不许字",
}


ACTIONS_AT_DESK = (Action.APPROVE, Action.RETURN, Action.REJECT)
INSIDE_OFFICES = frozenset({Action.ASSIGN, Action.RELEASE, Action.TAKE_OVER})
"""Only offices read that these happened."""
CHANGE_NOTHING = frozenset({Action.REMIND, Action.RECOUNT})
"""These change nothing that a reader of an older page decides about."""


class Band(TextChoices):
    """Says how a case stands to its limit; late ones by working days."""

    NONE = "none", "没有期限"
    AHEAD = "ahead", "还没有到期"
    TODAY = "today", "今天到期"
    FEW = "late_2", "超期 1–2 个工作日"
    SOME = "late_5", "超期 3–5 个工作日"
    MANY = "late_more", "超期 5 个工作日以上"


LATE_BANDS = frozenset({Band.FEW, Band.SOME, Band.MANY})
