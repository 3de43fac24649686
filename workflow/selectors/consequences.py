"""Says what follows from a refusal or a withdrawal, before it is done."""

from __future__ import annotations

from common.dates import chinese_date
from workflow.business import business_of

from ..enums import Desk, Party
from ..models import Application

REMEDY = "不需要申诉：与本企业协商后可以随时重新申请，从头办理；有争议的，可以依法申请仲裁或者提起诉讼。"


def refusal_words(application: Application) -> list[tuple[str, str]]:
    business = business_of(application.kind)
    person = application.person.name if application.person else "申请人"
    stays = "证书、聘用关系现在的登记都不变。"
    if business.holds_expiry:
        stays = "证书现在的登记不变；有效期已过、靠这件申请才继续使用的证书，拒绝后随即失效。"
    return [
        ("业务", f"{business.title} {application.number}"),
        ("这件申请", "随即办结，不再送主管部门，不能撤销。"),
        ("申请人", f"{person}马上收到消息，原样看到您写的原因。"),
        ("证书", stays),
        ("以后的办法", " ".join(filter(None, [business.after_refusal, REMEDY]))),
    ]


def withdrawal_words(application: Application) -> list[tuple[str, str]]:
    """Answers also whose turn it would have been, since that one need not act any more."""
    told = []
    if application.desk == Desk.PERSON and application.filed_by == Party.ENTERPRISE:
        until = f"（原来可以在{chinese_date(application.due_on)}前答复）" if application.due_on else ""
        told.append(("本人", f"不能再同意或拒绝这次提议{until}，手机端的待办随即消失。"))
        told.append(("现在的登记", "不变：没有建立聘用关系的仍然没有，续签、变更前的职务和合同期继续有效。"))
    else:
        told.append(("办理", "本次办理终止，不再审核，不能恢复；证书和其他登记都不变。"))
    return [*told, ("以后", "需要时可以重新提出，从头办理；期限、次数都不受这次撤回影响。")]
