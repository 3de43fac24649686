"""Says for each reason of a return who cures it and how."""

from __future__ import annotations

from collections.abc import Collection

from common.findings import Cure, Finding
from exams.enums import ReturnReason
from exams.models import EntryReview

PROFILE = Cure("完善个人信息", url_name="accounts:profile")
EMPLOYMENT = Cure("人员聘用管理", url_name="employment:enterprise")
OWN_PART = "本人"
PARTS = {
    ReturnReason.PHOTO: (OWN_PART, "请在“个人信息”中重新上传近期免冠证件照。", PROFILE),
    ReturnReason.EDUCATION: (OWN_PART, "请在“个人信息”中改正学历，并上传清楚、完整的学历证明。", PROFILE),
    ReturnReason.TITLE: (OWN_PART, "请在“个人信息”中改正职称，并上传清楚、完整的职称证明。", PROFILE),
    ReturnReason.EXPERIENCE: (OWN_PART, "请在“个人信息”中上传从业年限的证明。", PROFILE),
    ReturnReason.POST: ("企业", "请按劳动合同登记职务，再重新提交。", EMPLOYMENT),
    ReturnReason.EMPLOYMENT: ("企业", "请核对劳动合同和社会保险；人员不在本企业的，请取消报名。", EMPLOYMENT),
}


def labels_of(reasons: Collection[str]) -> list[str]:
    """Keeps the order of the declaration; "other" is told by the reviewer's own words."""
    return [str(one.label) for one in ReturnReason if one in reasons and one != ReturnReason.OTHER]


def words_of(reasons: Collection[str], comment: str) -> str:
    return "；".join([*labels_of(reasons), *([comment] if comment else [])])


def findings_of(review: EntryReview) -> list[Finding]:
    """Answers what has to be cured, each with its cure, as the enterprise and the person read it."""
    found = []
    for reason in ReturnReason:
        if reason in review.reasons and reason in PARTS:
            turn, detail, cure = PARTS[reason]
            found.append(Finding(f"exam.returned.{reason}", str(reason.label), detail, turn=turn, cure=cure))
    if review.comment:
        found.append(Finding("exam.returned.other", "审核人的说明", review.comment, turn="企业或本人"))
    return found
