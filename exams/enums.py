"""Lists the states of batches and entries, and the sets of states that rules ask for."""

from django.db.models import TextChoices


class ExamType(TextChoices):
    NEW = "new", "新考"
    RESIT = "resit", "补考"
    RENEWAL = "renewal", "重新考核"


class BatchStatus(TextChoices):
    DRAFT = "draft", "未公布"
    ANNOUNCED = "announced", "已公布"
    CALLED_OFF = "called_off", "已取消"


class EntryState(TextChoices):
    """An entry has states of its own because it is no application: entries are many at once, within a quota, without
    desks.
    """

    ENTERED = "entered", "待审核"
    APPROVED = "approved", "审核通过"
    REFUSED = "refused", "审核不通过"
    WITHDRAWN = "withdrawn", "已取消报名"
    ABSENT = "absent", "无故缺考"
    EXCUSED = "excused", "因故缺考"
    FAILED = "failed", "不合格"
    PASSED = "passed", "合格"
    CHEATED = "cheated", "违纪作弊"
    CALLED_OFF = "called_off", "批次取消"


class Paper(TextChoices):
    """Lists what is printed for one room."""

    DOOR = "door", "门贴"
    LIST = "list", "考场名册"
    SIGN_IN = "sign-in", "签到表"


PENDING = (EntryState.ENTERED, EntryState.APPROVED)
"""The exam is still to be sat; a person has one such entry per category, whatever the batch."""

RESULTS = (EntryState.ABSENT, EntryState.EXCUSED, EntryState.FAILED, EntryState.PASSED, EntryState.CHEATED)

LIVE = (*PENDING, *RESULTS)
"""These entries take a place in the batch; refused, withdrawn and called-off ones have freed theirs."""

ADMITTED = (EntryState.APPROVED, *RESULTS)
"""These people may sit the exam, or could have."""

MARKED = (EntryState.FAILED, EntryState.PASSED)

TONES = {
    EntryState.ENTERED: "info",
    EntryState.APPROVED: "good",
    EntryState.REFUSED: "bad",
    EntryState.WITHDRAWN: "",
    EntryState.ABSENT: "bad",
    EntryState.EXCUSED: "",
    EntryState.FAILED: "bad",
    EntryState.PASSED: "good",
    EntryState.CHEATED: "bad",
    EntryState.CALLED_OFF: "",
}
