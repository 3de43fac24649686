"""Declares the guide to results: what counts as passed, what bars, and what follows."""

from __future__ import annotations

from datetime import date

from administration.parameters.book import ParameterBook
from workflow.topics import Topic, TopicGuide, TopicStep, declare_topic

from .bars import PARAMETERS


def guide(parameters: ParameterBook, on: date) -> TopicGuide:
    mark = parameters.integer("exam_pass_mark", on)
    days = parameters.integer("exam_appeal_days", on)
    answer = parameters.integer("exam_appeal_answer_days", on)
    return TopicGuide(
        who="考试机构登记；本人和报名企业查看",
        conditions=(
            f"知识考核、能力考核分别达到 {mark} 分为合格；没有安排能力考核的，只看知识考核",
            *_bars(parameters, on),
            "因正当理由没有参加考试并提供证明的，登记为因故缺考，不影响以后报名",
            "还没有登记成绩的不算缺考；考试取消、报名没有审核的，也不算缺考",
        ),
        steps=(
            TopicStep("登记成绩", "考试结束后", "考试机构上传成绩表，核对后确认；确认后本人和企业收到消息"),
            TopicStep("查看成绩", "随时", "本人在“我的考试”中查看，企业在“报名情况”中查看"),
            TopicStep(
                "申请复核", f"成绩登记后 {days} 天内", "对成绩、缺考、违纪有异议的，本人在“我的考试”中申请，可以附证明"
            ),
            TopicStep("复核答复", f"{answer} 个工作日", "有误的，更正成绩，限制和发证随之调整；无误的，书面说明理由"),
            TopicStep(
                "首次发证",
                "",
                "合格的，系统自动提交首次发证，本人不用申请；已持有C1证又考取C2证的（或者相反），发证后合并为C3证",
            ),
        ),
        materials=("查看成绩无需材料；申请复核或说明缺考原因的，附上证明材料的照片",),
        legal_basis=(
            "《建筑施工企业主要负责人、项目负责人和专职安全生产管理人员安全生产管理规定》（住房和城乡建设部令第17号）第七条至第九条",
        ),
    )


def _bars(parameters: ParameterBook, on: date) -> list[str]:
    words = {"bar_absence_months": "审核通过后无故缺考", "bar_cheating_months": "考试作弊经查实"}
    starts = {"bar_absence_months": "考试当天", "bar_cheating_months": "查实之日"}
    found = []
    for key in PARAMETERS.values():
        if months := parameters.integer(key, on):
            found.append(f"{words[key]}的，自{starts[key]}起 {months} 个月内不得再报名")
    return found


declare_topic(
    Topic(
        kind="exam_results",
        title="考试成绩",
        summary="考试机构登记成绩后，本人和企业可以查看；合格的自动进入首次发证，有异议的可以申请复核。",
        section="考试和继续教育",
        guide=guide,
    ),
    order=60,
)
