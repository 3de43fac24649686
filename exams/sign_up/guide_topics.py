"""Declares the guide to the sign-up for exams: its conditions are those of the checks, so that both say the same."""

from __future__ import annotations

from datetime import date

from administration.parameters.book import ParameterBook
from workflow.checks import condition_of
from workflow.topics import Topic, TopicGuide, TopicStep, declare_topic

from .eligibility import SIGN_UP


def guide(parameters: ParameterBook, on: date) -> TopicGuide:
    absence = parameters.integer("bar_absence_months", on)
    cheating = parameters.integer("bar_cheating_months", on)
    barred = f"审核通过后无故缺考的，{absence} 个月内不能报名；" if absence else ""
    said = (condition_of(check, parameters, on) for check in SIGN_UP.checks)
    return TopicGuide(
        who="受聘企业为本企业人员报名；个人不能自己报名",
        conditions=tuple(one for one in said if one),
        steps=(
            TopicStep("完善个人信息", "报名前", "本人上传证件照，填写学历和职称；与企业登记聘用关系"),
            TopicStep(
                "企业报名", "报名时间内", "在“安管人员考试报名”中选择批次和人员；不符合条件的，逐条说明原因和办法"
            ),
            TopicStep(
                "地市审核", "考试开始前", "审核结果告诉企业和本人；考试开始时还没有审核的，报名自动终止，不算缺考"
            ),
            TopicStep("取消报名", "报名截止前", "由企业取消，名额退回；已离开报名企业的，本人在考试前可以取消"),
            TopicStep(
                "考试安排有变的",
                "考试开始前",
                "公布后改时间或地点的，企业和本人收到通知；不能参加的可以取消报名，不算缺考",
            ),
            TopicStep("参加考试", "考试当天", f"{barred}考试作弊的，{cheating} 个月内不能报名"),
            TopicStep("首次领证", "成绩合格后", "系统自动提交首次申领，由省厅审批，不需要申请"),
        ),
        materials=("无需提交纸质材料",),
        legal_basis=(
            "《建筑施工企业主要负责人、项目负责人和专职安全生产管理人员安全生产管理规定》（住房和城乡建设部令第17号）第五条、第六条",
        ),
    )


declare_topic(
    Topic(
        kind="exam",
        title="考试报名",
        summary="由受聘企业报名，系统核对条件，主管部门审核；合格后自动办理首次领证。",
        section="考试和继续教育",
        guide=guide,
    ),
    order=90,
)
