"""Lets people have said something about the pages, and the province have answered a few of them."""

from __future__ import annotations

from datetime import timedelta

from accounts.enums import Duty, Sphere
from accounts.models import User
from administration.enums import FeedbackKind, OfficeKind
from portal.home.feedback.services import answer_feedback, keep_feedback

from .builders import demo_builder
from .context import DemoContext

SAID = (
    (FeedbackKind.UNCLEAR, "/person/certificates/", "证书后面写“学时不足”，不知道还差几个学时、到哪里学。",
     "在【继续教育】里能看到本周期已有的学时和还差的学时，培训机构在“咨询和办理地点”里。"),
    (FeedbackKind.FAULT, "/person/photo/", "上传证件照后一直显示“背景不是白色”，照相馆拍的是白底。", ""),
    (FeedbackKind.IDEA, "/person/exams/", "准考证下载以后，考场地址能不能点开地图？", "已经收到，会在以后的版本里考虑。"),
    (FeedbackKind.UNCLEAR, "/m/", "换了手机，原来存在手机里的电子证书还能用吗？", ""),
)  # fmt: skip
OF_STRANGERS = (
    (FeedbackKind.FAULT, "/lookup/", "输入证书编号查不到，编号里的括号是中文的还是英文的？", "demo@example.com"),
    (FeedbackKind.OTHER, "/notices/", "公告能不能按城市筛选？", ""),
)


@demo_builder("feedback", order=119)
def build(context: DemoContext) -> None:
    clerk = User.objects.filter(
        sphere=Sphere.STAFF, duties__contains=[Duty.DECIDE], office__kind=OfficeKind.PROVINCIAL
    ).earliest("pk")
    people = [one for one in context.people if one.user is not None and one.mailbox_id is not None]
    for hours, (person, (kind, page, text, answer)) in enumerate(zip(people, SAID, strict=False), start=20):
        at = context.now - timedelta(hours=3 * hours)
        said = keep_feedback(
            kind=kind, text=text, page=page, contact="", by=person.user, mailbox_id=person.mailbox_id, now=at
        )
        if answer:
            answer_feedback(said.pk, answer=answer, by=clerk, now=at + timedelta(hours=20))
    for hours, (kind, page, text, contact) in enumerate(OF_STRANGERS, start=2):
        at = context.now - timedelta(hours=hours)
        keep_feedback(kind=kind, text=text, page=page, contact=contact, by=None, mailbox_id=None, now=at)
