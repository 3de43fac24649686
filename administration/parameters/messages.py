"""Declares when and how often messages leave the portal, and how long their log and what people have said are kept."""

from __future__ import annotations

from .declaration import Declared

MESSAGES = (
    *(
        Declared(
            f"messages_per_{window}",
            f"每个手机号码、邮箱每{words}最多收到的消息",
            "条",
            seed,
            maximum=200,
            note="超过的顺延发送，不会丢失；验证码另有限制。",
        )
        for window, words, seed in (("hour", "小时", 5), ("day", "天", 15))
    ),
    *(
        Declared(
            f"messages_quiet_{end}",
            f"夜间不外发消息的{words}时间",
            "时",
            seed,
            minimum=0,
            maximum=23,
            note="北京时间整点。开始与结束相同的，夜间照常发送；密码重设、账号安全提示和验证码不受限。",
        )
        for end, words, seed in (("from", "开始", 22), ("until", "结束", 8))
    ),
    Declared(
        "messages_log_days",
        "外发消息记录的保留天数",
        "天",
        180,
        minimum=30,
        maximum=3650,
        note="到期后每天夜间清理已经发出或发送失败的记录；收件箱里的消息不受影响。",
    ),
    Declared(
        "feedback_days",
        "意见反馈的保留天数",
        "天",
        730,
        minimum=30,
        maximum=3650,
        note="提交后满这些天，每天夜间清理，不论有没有答复；已经发到消息里的答复不受影响。",
    ),
)
