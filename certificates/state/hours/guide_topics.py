"""Declares the guide to continuing education: the conditions are those of the extension's checks."""

from __future__ import annotations

from datetime import date

from administration.parameters.book import ParameterBook
from certificates.rules.extension_window import within_window
from certificates.rules.training import enough_training_hours
from workflow.checks import condition_of
from workflow.topics import Topic, TopicGuide, TopicStep, declare_topic


def guide(parameters: ParameterBook, on: date) -> TopicGuide:
    months = parameters.integer("extension_window_months", on)
    return TopicGuide(
        who="持有证书的人员参加；培训机构登记；所在企业可以查看和督促",
        conditions=(
            condition_of(enough_training_hours, parameters, on),
            "课程的结束日期在本有效期内的计入；注明适用某一类证书的课程，只计入该类证书",
            "同一天有两门课程的，学时不重复计算；确实分别参加的，由培训机构登记时写明",
            "姓名、身份证号与实名制登记一致；变更受聘企业不影响已计入的学时",
        ),
        steps=(
            TopicStep("参加培训", "有效期内", "向培训机构报名，或参加企业组织的培训、网络学习"),
            TopicStep("培训机构登记", "培训结束后", "上传名单，或登记个别人员；登记后立即计入"),
            TopicStep(
                "本人核对",
                "随时",
                "在“继续教育”中查看已计入的学时、还差多少、什么时候以前补足；企业在“人员继续教育”中查看",
            ),
            TopicStep("更正或撤回", "随时", "记录有误的，联系登记的培训机构；更正后原记录保留，注明原因"),
            TopicStep("申请证书延续", f"到期前 {months} 个月内", condition_of(within_window, parameters, on)),
            TopicStep(
                "申请后学时减少的",
                "",
                "记录更正或撤回后学时不足的，申请保留并注明“学时不足”，本人和企业收到消息；补足后照常办理，不必重新申请",
            ),
        ),
        materials=("无需提交纸质材料；合格记录由培训机构上传",),
        legal_basis=(
            "《建筑施工企业主要负责人、项目负责人和专职安全生产管理人员安全生产管理规定》（住房和城乡建设部令第17号）第十条",
        ),
    )


declare_topic(
    Topic(
        kind="training",
        title="继续教育",
        summary="证书有效期内参加继续教育，由培训机构登记学时；延续证书时系统自动核对。",
        section="考试和继续教育",
        guide=guide,
    )
)
