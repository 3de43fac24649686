"""Makes the reasons and the questions that every installation starts with; afterwards they are the province's.

It runs after every `migrate`, and does nothing once there has ever been a reason, or a question.
"""

from __future__ import annotations

from datetime import UTC, datetime

from .models import DecisionReason, HelpAnswer

ADDED_AT = datetime(2026, 11, 29, tzinfo=UTC)
"""Every installation has the same first reasons."""

INCOMPLETE = "《中华人民共和国行政许可法》第三十二条"
TRUTH = "《中华人民共和国行政许可法》第三十一条"
FALSE = "《中华人民共和国行政许可法》第七十八条"
FIRST_REASONS = [
    ("", "return", "上传的材料不清晰或者不完整，请重新上传清晰、完整的扫描件", INCOMPLETE),
    ("", "return", "填写的内容与所附材料不一致，请核对后更正", TRUTH),
    ("", "return", "证件照不符合要求，请重新上传近期正面免冠证件照", INCOMPLETE),
    ("", "return", "联系电话无法接通，请更正联系电话", ""),
    ("extension", "return", "继续教育学时的记录与培训情况不符，请与培训机构核对后再提交", TRUTH),
    ("employer_change", "return", "没有看到与原单位解除聘用关系的材料，请补充", INCOMPLETE),
    ("correction", "return", "所附材料不能证明要更正的内容，请补充身份证、原证书等证明", INCOMPLETE),
    ("", "reject", "隐瞒有关情况或者提供虚假材料，已经核实", FALSE),
    ("", "reject", "经核实，申请人不符合办理这项业务的条件", ""),
]

FIRST_ANSWERS = [
    (
        "",
        "材料不清晰或者不完整被退回，怎么补？",
        "打开退回的办件，按通知逐项补齐后重新提交：原件平放、四角入镜、字看得清，多页的每页都要。"
        "期限写在办件页面上，补正的时间不计入办理期限。",
        FIRST_REASONS[0][2],
    ),
    (
        "",
        "填写的内容与材料不一致被退回，怎么办？",
        "对照通知指出的内容，改成与材料一致后重新提交。个人信息里的姓名、身份证号不能在网上改，"
        "身份证换了的，请本人带新证到登记点更新；证书上印错的，办理证书纠错。",
        FIRST_REASONS[1][2],
    ),
    (
        "",
        "证件照不符合要求，怎么拍？",
        "在“个人信息”的证件照页面重新上传，可以用手机拍：白色背景、正面免冠、五官清楚、光线均匀，不戴有色眼镜，不用滤镜。"
        "确实拍不出合格照片的，请带身份证和照片到登记点，由工作人员核对后上传。",
        FIRST_REASONS[2][2],
    ),
    (
        "",
        "电话打不通被退回，怎么办？",
        "在申请中改成您能接通的手机号码后重新提交，并在“个人信息”中一起更新。",
        FIRST_REASONS[3][2],
    ),
    (
        "",
        "申请提交后一直没有动静，现在轮到谁？",
        "打开“我的办件”中的这一件，上面写着现在轮到谁、到哪一天。轮到单位的，请单位操作员在“三类证书业务确认”中处理；"
        "轮到主管部门并且快到期的，可以在办件页面催办。",
        "",
    ),
    (
        "",
        "忘了密码，手机也换了，怎么登录？",
        "可以在登录页面用刷脸或者找回密码。都不行的，请本人带身份证到任一登记点，窗口当面核验后出具核验码，当场可用。",
        "",
    ),
    (
        "extension",
        "学时不够，怎么办？",
        "在“继续教育”页面看还差多少、到哪一天为止，向培训机构报名学习。学完后由培训机构上传记录，不用您自己上传；"
        "学了但页面上没有的，请联系上课的培训机构。",
        FIRST_REASONS[4][2],
    ),
    (
        "extension",
        "证书快到期了，什么时候可以办延续？",
        "本页“办理条件”写明可以提前几个月。到期以前提交就算按时；过了有效期没有提交的，要重新参加考核。",
        "",
    ),
    (
        "employer_change",
        "没有与原单位解除聘用关系的材料，怎么办？",
        "请补充解除劳动合同的证明、离职证明或者仲裁、判决文书之一。原单位不配合的，在申请中说明情况，"
        "逾期没有处理的由下一环节核实。",
        FIRST_REASONS[5][2],
    ),
    (
        "employer_change",
        "原单位拒绝了，还能办吗？",
        "先看办件页面上的拒绝理由。理由不成立的，可以与原单位协商后重新申请；有劳动争议的，凭仲裁裁决或者判决重新申请。",
        "",
    ),
    (
        "correction",
        "什么材料能证明证书印错了？",
        "姓名、性别、身份证号以身份证为准，单位名称以工商登记为准，类别和日期以原证书或者当年的批准文件为准。"
        "上传能看到正确内容的那一页。",
        FIRST_REASONS[6][2],
    ),
    (
        "employment_start",
        "单位说已经发起聘用，我在哪里确认？",
        "用手机打开本平台的手机端，在“我的待办”中验证身份后确认。网页版只能查看，不能确认。",
        "",
    ),
    (
        "enterprise_rename",
        "为什么有几本证书没有换发？",
        "被暂扣的、过了有效期的、没有上传证件照的不能换发，每本都列出原因。解决以后可以再次申请，只换发剩下的几本。",
        "",
    ),
    (
        "exam",
        "个人能自己报名考试吗？",
        "不能，由受聘企业报名。请先上传证件照、填写学历和职称，并与企业建立聘用关系，再请企业操作员报名。",
        "",
    ),
]
"""Guide, question, answer, and the reason of a notice that it cures."""


def seed(**_: object) -> None:
    _seed_reasons()
    if not HelpAnswer.objects.exists():
        HelpAnswer.objects.bulk_create(
            HelpAnswer(kind=kind, question=question, answer=answer, reason=reason, changed_at=ADDED_AT)
            for kind, question, answer, reason in FIRST_ANSWERS
        )


def _seed_reasons() -> None:
    if DecisionReason.objects.exists():
        return
    DecisionReason.objects.bulk_create(
        DecisionReason(kind=kind, action=action, words=words, basis=basis, added_at=ADDED_AT)
        for kind, action, words, basis in FIRST_REASONS
    )
