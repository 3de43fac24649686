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


class ReviewAct(TextChoices):
    """Names what happened to an entry at its review."""

    RETURNED = "returned", "退回补正"
    RESUBMITTED = "resubmitted", "补正后重新提交"
    APPROVED = "approved", "审核通过"
    REFUSED = "refused", "审核不通过"


class ReturnReason(TextChoices):
    """Names what an entry is returned for; the sentences are in `exams.reviewing.reasons`."""

    PHOTO = "photo", "证件照不清楚，或者与登记人像不像同一个人"
    EDUCATION = "education", "学历没有证明，或者与证明不一致"
    TITLE = "title", "职称没有证明，或者与证明不一致"
    EXPERIENCE = "experience", "从事建筑施工的年限没有证明"
    POST = "post", "职务与劳动合同不一致"
    EMPLOYMENT = "employment", "劳动合同或社会保险不在报名企业"
    OTHER = "other", "其他（请在下面写明）"


class EvidenceKind(TextChoices):
    EDUCATION = "education", "学历证书"
    TITLE = "title", "职称证书"
    EXPERIENCE = "experience", "工作年限证明"


class EntryState(TextChoices):
    """An entry has states of its own because it is no application: entries are many at once, within a quota, without
    desks.
    """

    ENTERED = "entered", "待审核"
    RETURNED = "returned", "退回补正"
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


class ExcuseState(TextChoices):
    """Names where the proof of an absence stands."""

    WAITING = "waiting", "待审核"
    ACCEPTED = "accepted", "有正当理由"
    REFUSED = "refused", "没有采纳"


PENDING = (EntryState.ENTERED, EntryState.RETURNED, EntryState.APPROVED)
"""The exam is still to be sat; a person has one such entry per category, whatever the batch. A returned entry keeps its
place.
"""

UNREVIEWED = (EntryState.ENTERED, EntryState.RETURNED)
"""The office has not decided yet, or waits for what it asked for."""

RESULTS = (EntryState.ABSENT, EntryState.EXCUSED, EntryState.FAILED, EntryState.PASSED, EntryState.CHEATED)

LIVE = (*PENDING, *RESULTS)
"""These entries take a place in the batch; refused, withdrawn and called-off ones have freed theirs."""

ADMITTED = (EntryState.APPROVED, *RESULTS)
"""These people may sit the exam, or could have."""

APPEALABLE = tuple(state for state in RESULTS if state != EntryState.PASSED)
"""Whoever has passed gains nothing by an appeal."""

MARKED = (EntryState.FAILED, EntryState.PASSED)

TONES = {
    EntryState.ENTERED: "info",
    EntryState.RETURNED: "warn",
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


class CheckInKind(TextChoices):
    """An undone one names what it takes back; somebody who is not the candidate is a note and no check-in."""

    PRESENT = "present", "签到"
    STRANGER = "stranger", "不是本人"
    UNDONE = "undone", "撤销"
