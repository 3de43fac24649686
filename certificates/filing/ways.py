"""Says what may be done after a refusal that ends a business about certificates, by whom and with which link."""

from __future__ import annotations

from collections.abc import Iterable

from common.findings import Cure
from workflow.enums import OFFICE_DESKS, Desk, Status
from workflow.models import Application
from workflow.steps import Way

BEFORE_A_FORMER_EMPLOYER_REFUSES = (
    "已经离职、持有解除劳动合同证明、仲裁裁决或判决的，可以申请证书纠错中的“企业信息纠错”，不需要本企业确认。"
)


def after_an_extension(application: Application, desk: str) -> Iterable[Way]:
    """Whoever has left the enterprise meanwhile moves the certificate first; that holds the end open as well."""
    if desk == Desk.EMPLOYER and application.status == Status.REJECTED:
        employed = Cure("查看聘用关系", url_name="employment:mine")
        yield Way(
            "已经不在这家企业了：先变更单位",
            "由新单位发起聘用，您在手机上确认，再办理执业企业变更；到期前提交的变更，办理期间证书继续有效，办结后再申请延续。",
            (employed,),
            order=20,
        )
    yield Way(
        "到期前没有办成：重新参加考核",
        "有效期届满前没有提交延续的，证书失效，由受聘企业报名考核后重新取得。",
        (Cure("报名考核的办法", url_name="workflow:guide", kwargs={"kind": "exam"}),),
        order=30,
    )


def after_a_change(application: Application, desk: str, again: tuple[Cure, ...]) -> Iterable[Way]:
    """A former enterprise's refusal is cured by the correction of the enterprise on a judgment (F23); an office's often by
    the correction of what the certificate says.
    """
    query = again[0].query if again else {}
    correction = (
        Cure("办理证书纠错", business="correction", query=query),
        Cure("要准备什么", url_name="workflow:guide", kwargs={"kind": "correction"}),
    )
    if desk in OFFICE_DESKS and application.status == Status.REJECTED:
        yield Way(
            "证书上的内容有误，或者持有裁决书、判决书：办理证书纠错",
            "证书上印的与实际不符的，或者能用仲裁裁决、法院判决证明已经离开原单位的，先办理证书纠错。需要带身份证、证书和证明材料的原件。",
            correction,
            order=15,
        )
    if desk != Desk.FORMER_EMPLOYER:
        return
    yield Way(
        "已有裁决书、判决书或调解书：办理证书纠错",
        "生效的文书可以代替原单位的同意：在证书纠错里选择“企业信息纠错”，由地市主管部门核对原件后把证书更正到现单位。需要带身份证、证书和文书的原件。",
        correction,
        order=1,
    )
    yield Way(
        "谈不成：申请劳动仲裁，拿到文书后办理证书纠错",
        "向用人单位所在地的劳动人事争议仲裁委员会申请，不收费。时效一年，从知道权利被侵害那天算起。",
        order=20,
    )
