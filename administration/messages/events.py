"""Declares the events of which messages tell: the kind under which a reader finds them, and what the law requires."""

from __future__ import annotations

from dataclasses import dataclass

from administration.enums import MessageKind


@dataclass(frozen=True)
class MessageEvent:
    """`is_required` marks what the law wants told, whatever the reader has chosen: the one notice of what lacks and the
    decision (行政许可法 第三十二条、第四十四条), and what protects a login. What `is_urgent` leaves at night too.
    """

    key: str
    title: str
    kind: MessageKind
    is_required: bool = False
    is_urgent: bool = False


OTHER = "other"
CODE = "contact_code"
"""The code by which an address is verified; it is no message in a mailbox."""

EVENTS = {
    event.key: event
    for event in (
        MessageEvent("case_waiting", "有办件等待处理", MessageKind.TASK),
        MessageEvent("case_returned", "办件退回补正", MessageKind.TASK, is_required=True),
        MessageEvent("case_progress", "办件有进展", MessageKind.CASE),
        MessageEvent("case_closed", "办件有结果", MessageKind.CASE, is_required=True),
        MessageEvent("letter_ready", "决定文书可以下载", MessageKind.CASE),
        MessageEvent("employment_changed", "聘用关系变化", MessageKind.EMPLOYMENT),
        MessageEvent("employment_ended", "聘用关系解除", MessageKind.EMPLOYMENT),
        MessageEvent("contract_ending", "劳动合同即将到期", MessageKind.EMPLOYMENT),
        MessageEvent("certificate_expiring", "证书即将到期", MessageKind.CERTIFICATE),
        MessageEvent("certificate_expired", "证书过期", MessageKind.CERTIFICATE),
        MessageEvent("certificate_reissued", "证书换发", MessageKind.CERTIFICATE),
        MessageEvent("certificate_state", "证书暂扣、撤销等决定", MessageKind.CERTIFICATE, is_required=True),
        MessageEvent("certificate_problem", "证书信息需要核对", MessageKind.CERTIFICATE),
        MessageEvent("certificate_record", "历史证书核实", MessageKind.CERTIFICATE),
        MessageEvent("training_hours", "继续教育学时不足", MessageKind.CERTIFICATE),
        MessageEvent("exam_entry", "考试报名", MessageKind.EXAM),
        MessageEvent("exam_changed", "考试安排变化", MessageKind.EXAM),
        MessageEvent("exam_result", "考试结果", MessageKind.EXAM),
        MessageEvent("registration", "实名登记变化", MessageKind.ACCOUNT, is_required=True),
        MessageEvent("password_reset", "密码重设", MessageKind.ACCOUNT, is_required=True, is_urgent=True),
        MessageEvent("account", "账号安全提示", MessageKind.ACCOUNT, is_required=True, is_urgent=True),
        MessageEvent(CODE, "验证手机号码、电子邮箱", MessageKind.ACCOUNT, is_required=True, is_urgent=True),
        MessageEvent("operators", "CA 锁与操作员", MessageKind.ACCOUNT),
        MessageEvent("enterprise_register", "企业登记信息变化", MessageKind.ACCOUNT),
        MessageEvent("office_work", "部门工作", MessageKind.OFFICE),
        MessageEvent(OTHER, "其他", MessageKind.OTHER),
    )
}
