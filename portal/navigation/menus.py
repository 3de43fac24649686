"""Declares the menus: who sees which entry in each of the five areas, and which pages belong to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from accounts.enums import Duty, Sphere
from accounts.models import User
from portal.home.feedback.selectors import answers_feedback


@dataclass(frozen=True)
class Item:
    """Declares a menu entry. The first of `url_names` that resolves is used.

    Without `spheres` everybody in the area sees it. Any of `duties` suffices; administrators have none. `is_for` asks
    what neither says, such as which office it is. Entries with an `icon` make the bar at the bottom of a phone.
    """

    label: str
    url_names: tuple[str, ...] = ()
    count: str = ""
    unit: str = "件"
    also: tuple[str, ...] = ()
    spheres: frozenset[str] = frozenset()
    duties: frozenset[str] = frozenset()
    staff_only: bool = False
    query: dict[str, str] = field(default_factory=dict)
    children: tuple[Item, ...] = ()
    icon: str = ""
    is_for: Callable[[User], bool] | None = None


@dataclass(frozen=True)
class Door:
    """Declares an area of the portal with a menu, a home page and a login of its own."""

    key: str
    title: str
    home: str
    login: str
    items: tuple[Item, ...]
    lead: str = ""


_DESK_DUTIES = frozenset({Duty.COUNTER.value, Duty.REVIEW.value, Duty.DECIDE.value, Duty.ORGANISE.value})
_EXAM_DUTIES = _DESK_DUTIES - {Duty.COUNTER.value}
_EXAM_SITES = tuple(f"exams:{name}" for name in ("sites", "site", "site_new", "site_change", "room_change"))
_CERTIFICATE_READERS = frozenset({Duty.COUNTER.value, Duty.REVIEW.value, Duty.DECIDE.value, Duty.REGISTRY.value})
_REGISTRARS = frozenset({Duty.REGISTER.value})
_TRAINERS = frozenset({Duty.TRAINING.value})
_AUDITORS = frozenset({Sphere.AUDIT_ADMIN.value})
_POLICY_DUTIES = frozenset({Duty.DECIDE.value, Duty.REGISTRY.value})
_SYSTEM = frozenset({Sphere.SYSTEM_ADMIN.value})
_SECURITY = frozenset({Sphere.SECURITY_ADMIN.value})
_ALL_STAFF = frozenset(sphere.value for sphere in Sphere) - {Sphere.PERSON.value, Sphere.OPERATOR.value}
_PAGES_OF_A_CASE = ("detail", "edit", "discard", "decide", "withdraw", "print", "bulk_result")
_MESSAGES = Item("消息", ("workflow:messages",), count="messages", unit="条", also=("contacts:contact",))

DOORS = {
    door.key: door
    for door in (
        Door(
            "public",
            "",
            "home",
            "accounts:login",
            (
                Item("首页", ("home",)),
                Item("证书查询", ("certificates:lookup",)),
                Item("电子证书验真", ("certificates:verify",)),
                Item("批量核验", ("certificates:verify_list",), also=("certificates:verification_guide",)),
                Item("公告", ("administration:notices",)),
                Item("办事指南", ("workflow:guides",)),
            ),
        ),
        Door(
            "person",
            "个人服务平台",
            "accounts:person_home",
            "accounts:login",
            (
                Item("首页", ("accounts:person_home",)),
                Item("我的证书", ("certificates:mine",), also=("certificates:elsewhere", "certificates:share")),
                Item("业务办理", ("workflow:services",)),
                Item("我的办件", ("workflow:mine",)),
                Item("我的待办", ("workflow:inbox",), count="inbox"),
                Item("聘用关系", ("employment:mine",)),
                Item("我的考试", ("exams:mine",)),
                Item("继续教育", ("training:mine",)),
                Item("个人信息", ("accounts:profile",), also=("accounts:photo", "accounts:photo_crop")),
                _MESSAGES,
                Item(
                    "账号安全",
                    ("accounts:person_security",),
                    also=("accounts:password", "accounts:totp", "accounts:totp_codes", "accounts:totp_remove"),
                ),
            ),
            "我的证书、业务办理、我的办件",
        ),
        Door(
            "enterprise",
            "企业服务平台",
            "enterprises:home",
            "enterprises:login",
            (
                Item("首页", ("enterprises:home",)),
                Item(
                    "应用",
                    children=(
                        Item("人员聘用管理", ("employment:enterprise",)),
                        Item("三类证书业务确认", ("workflow:confirmations",), count="confirmations"),
                        Item("安管人员考试报名", ("exams:enterprise",)),
                    ),
                ),
                Item("办事", ("workflow:enterprise_services",), also=("workflow:start",)),
                Item(
                    "我的办件",
                    ("workflow:enterprise_mine",),
                    also=("workflow:inbox", *(f"workflow:{page}" for page in _PAGES_OF_A_CASE)),
                ),
                Item(
                    "人员与证书",
                    ("certificates:staff",),
                    also=(
                        *(f"certificates:{page}" for page in ("staff_training", "staff_roster", "archive")),
                        "staff_changes:page",
                    ),
                ),
                Item("到期日历", ("deadlines:page",)),
                Item("企业基本信息", ("enterprises:profile",)),
                Item(
                    "CA 锁与操作员",
                    ("enterprises:keys",),
                    also=(
                        "operator_activity:page",
                        *(f"enterprises:{page}" for page in ("key", "key_block", "operator_role", "operator_delegate")),
                    ),
                ),
                _MESSAGES,
                Item("账号安全", ("accounts:enterprise_security",)),
            ),
            "CA 锁登录，聘用登记、业务确认、考试报名",
        ),
        Door(
            "office",
            "业务审批",
            "workflow:office",
            "accounts:office_login",
            (
                Item(
                    "待办",
                    ("workflow:office",),
                    count="office",
                    also=(
                        "workflow:queue",
                        "workflow:review",
                        "workflow:contact",
                        "workflow:take_over",
                        "workflow:ask",
                        "workflow:answer",
                    ),
                    duties=_DESK_DUTIES,
                ),
                Item("办理情况", ("workflow:head",), duties=frozenset({Duty.HEAD.value})),
                Item("分办", ("workflow:team",), also=("workflow:hand_over",), duties=frozenset({Duty.HEAD.value})),
                Item("请假代办", ("workflow:absences",), duties=_DESK_DUTIES | {Duty.HEAD.value}),
                Item("已办", ("workflow:done",), also=("workflow:second_looks",), duties=_DESK_DUTIES),
                Item("超期", ("workflow:overdue",), count="overdue", duties=_DESK_DUTIES),
                Item(
                    "实名制登记",
                    ("accounts:counter",),
                    also=(
                        "accounts:counter_own",
                        "accounts:correction_number",
                        "accounts:merge_search",
                        "accounts:merge_ask",
                        "accounts:merge_undo",
                        "accounts:death_ask",
                        "accounts:death_undo",
                    ),
                    duties=_REGISTRARS,
                ),
                Item(
                    "更正复核",
                    ("accounts:corrections",),
                    count="corrections",
                    also=("accounts:correction", "accounts:merge"),
                    duties=_REGISTRARS,
                ),
                Item(
                    "死亡登记",
                    ("accounts:deaths",),
                    count="deaths",
                    also=("accounts:death",),
                    duties=frozenset({Duty.DECIDE.value}),
                ),
                Item(
                    "人脸核对", ("accounts:face_reviews",), count="face_reviews", duties=frozenset({Duty.COUNTER.value})
                ),
                Item(
                    "继续教育记录",
                    ("training:office",),
                    also=("training:record", "training:correct", "training:withdraw"),
                    duties=_TRAINERS | {Duty.REGISTRY.value},
                ),
                Item("登记一条", ("training:new",), duties=_TRAINERS),
                Item("上传名单", ("imports:new",), duties=_TRAINERS),
                Item("考试", ("exams:office",), count="exam_work", also=_EXAM_SITES, duties=_EXAM_DUTIES),
                Item("用户", ("accounts:staff_users",), spheres=_SECURITY),
                Item("异常查询", ("accounts:lookup_alarms",), count="lookup_alarms", spheres=_SECURITY),
                Item(
                    "导出审批",
                    ("workflow:export_requests",),
                    count="export_requests",
                    also=("workflow:export_decide",),
                    spheres=_SECURITY,
                ),
                Item(
                    "核验接口",
                    ("certificates:verification_keys",),
                    also=("certificates:verification_key_new", "certificates:verification_key_revoke"),
                    spheres=_SECURITY,
                ),
                Item("审计", ("audit:list",), also=("audit:person",), spheres=_AUDITORS),
                Item(
                    "证书",
                    ("certificates:office",),
                    also=("certificates:office_detail", "certificates:office_reveal"),
                    duties=_CERTIFICATE_READERS,
                ),
                Item("企业", ("admin:enterprises_enterprise_changelist",), staff_only=True),
                Item("人员", ("admin:accounts_person_changelist",), staff_only=True),
                Item(
                    "公告",
                    ("administration:office_notices",),
                    also=("administration:news_new", "administration:news_edit", "administration:notice_withdraw"),
                    duties=frozenset({Duty.REGISTRY.value}),
                ),
                Item("统计", ("office_statistics",), spheres=_ALL_STAFF),
                Item("数据导入", ("imports:list",), duties=_TRAINERS | {Duty.REGISTRY.value, Duty.ORGANISE.value}),
                Item(
                    "企业登记事项",
                    children=(
                        Item(
                            "工商登记查询",
                            ("enterprises:registry",),
                            count="registry",
                            also=("enterprises:registry_answer", "enterprises:registry_ask"),
                            duties=frozenset({Duty.REGISTRY.value}),
                        ),
                        Item(
                            "信用代码变更",
                            ("enterprises:code_search",),
                            count="code_requests",
                            also=("enterprises:change_code", "enterprises:code_request"),
                            duties=frozenset({Duty.REGISTRY.value}),
                        ),
                        Item("旧证照企业登记", ("enterprises:old_code",), duties=frozenset({Duty.REGISTRY.value})),
                        Item(
                            "恢复聘用关系",
                            ("employment:restore_list",),
                            count="to_restore",
                            also=("employment:restore",),
                            duties=frozenset({Duty.REGISTRY.value}),
                        ),
                    ),
                ),
                Item(
                    "待核实",
                    ("certificates:settling",),
                    count="settling",
                    also=("certificates:settle",),
                    duties=frozenset({Duty.REGISTRY.value}),
                ),
                Item(
                    "意见反馈",
                    ("feedback_list",),
                    count="feedback",
                    unit="条",
                    also=("feedback_one",),
                    duties=_POLICY_DUTIES,
                    is_for=answers_feedback,
                ),
                Item("聘用解除", ("employment:office",), duties=frozenset({Duty.REVIEW.value})),
                Item(
                    "政策与设置",
                    children=(
                        Item("政策参数", ("parameters:list",), also=("parameters:holidays",), duties=_POLICY_DUTIES),
                        Item("政策参数", ("parameters:list",), spheres=_SYSTEM),
                        Item("政策延续", ("certificates:policies",), duties=frozenset({Duty.DECIDE.value})),
                        Item("常用原因", ("workflow:reasons",), duties=frozenset({Duty.DECIDE.value})),
                        Item(
                            "常见问题",
                            ("workflow:answers",),
                            also=("workflow:answer_change",),
                            duties=frozenset({Duty.DECIDE.value}),
                        ),
                        Item(
                            "消息外发",
                            ("outbox:choices",),
                            also=("outbox:choice", "outbox:log"),
                            duties=_POLICY_DUTIES,
                        ),
                        Item("定时任务", ("jobs:list",), duties=frozenset({Duty.DECIDE.value, Duty.REGISTRY.value})),
                        Item("定时任务", ("jobs:list",), spheres=_SYSTEM),
                    ),
                ),
                Item("登记台账", ("admin:index",), spheres=_ALL_STAFF, staff_only=True),
                replace(_MESSAGES, spheres=frozenset({Sphere.STAFF.value})),
                Item(
                    "账号安全",
                    ("accounts:office_security",),
                    also=("accounts:password", "accounts:totp", "accounts:totp_codes"),
                ),
            ),
            "县区、地市、省厅审核，登记点、培训和考试机构",
        ),
        Door(
            "mobile",
            "手机端",
            "certificates:phone_home",
            "accounts:mobile_login",
            (
                Item(
                    "证书",
                    ("certificates:phone_home",),
                    also=(
                        "accounts:person_home",
                        *(f"certificates:{page}" for page in ("in_hand", "mine", "detail", "elsewhere", "print")),
                    ),
                    icon="certificate",
                ),
                Item("办件", ("workflow:mine",), icon="case"),
                Item(
                    "待办",
                    ("workflow:mobile_inbox",),
                    count="inbox",
                    also=("workflow:mobile_detail", "workflow:mobile_decide", "workflow:inbox"),
                    icon="task",
                ),
                Item("学习", ("training:mine",), icon="study"),
                Item(
                    "我的",
                    ("accounts:phone_me",),
                    also=(
                        *(
                            f"accounts:{page}"
                            for page in ("profile", "photo", "photo_crop", "person_security", "password")
                        ),
                        *("employment:mine", "exams:mine", "workflow:messages", "contacts:contact"),
                    ),
                    icon="person",
                ),
                _MESSAGES,
            ),
            "确认聘用关系、人脸核验、找回密码",
        ),
    )
}
