"""Declares policy parameters with their meaning; their values are dated rows (`Parameter`), never constants in code."""

from __future__ import annotations

from datetime import date

from administration.models import Parameter

from .declaration import Declared
from .letters import LETTERS
from .messages import MESSAGES

EDUCATIONS = (
    ("none", "不要求"),
    ("senior_middle", "高中及以上"),
    ("secondary_vocational", "中专、中技及以上"),
    ("junior_college", "大专及以上"),
    ("bachelor", "本科及以上"),
)
"""The levels have the names of `accounts.enums.Education`, which lives to the right of this app."""
TITLES = (("none", "不要求"), ("junior", "初级及以上"), ("intermediate", "中级及以上"), ("senior", "副高级及以上"))
EXPORT_NOTE = "从生成时起算，到期自动删除；每次下载都记入审计。"
C_CATEGORIES = (("C1", "C1（机械类）"), ("C2", "C2（土建类）"), ("C3", "C3（综合类）"))


def _working_days(key: str, title: str, seed: int, *, maximum: int = 60) -> Declared:
    """A desk has so many working days."""
    return Declared(key, title, "个工作日", seed, maximum=maximum)


def _decision_days(key: str, title: str, seed: int) -> Declared:
    return _working_days(key, f"{title}的决定期限", seed, maximum=120)


def _share(key: str, title: str) -> Declared:
    note = "由作出决定的部门另一名工作人员复核。"
    return Declared(key, f"{title}随机抽取复核的比例", "%", 0, minimum=0, maximum=100, note=note, zero="不抽取")


def _bar_months(key: str, title: str, seed: int, *, minimum: int = 1, maximum: int = 120) -> Declared:
    """Somebody may not apply for so long."""
    return Declared(key, f"{title}的期限", "个月", seed, minimum=minimum, maximum=maximum)


OFFICERS = (
    ("general_special", "施工总承包特级企业", 6), ("general_first", "施工总承包一级企业", 4),
    ("general_second", "施工总承包二级及以下企业", 3), ("professional_first", "专业承包一级企业", 3),
    ("professional_second", "专业承包二级及以下企业", 2), ("labour", "劳务分包企业", 2), ("branch", "分公司、区域公司等分支机构", 2),
)  # fmt: skip
"""The keys end with the values of `enterprises.enums.EnterpriseGrade`, which lives to the right of this app."""


def _officers(key: str, title: str, seed: int) -> Declared:
    """An enterprise has at least so many safety officers in its safety department."""
    note, source = "企业“人员与证书”页面按它提示还差几人；项目部另行配备。", "建质〔2008〕91号第八条"
    return Declared(key, f"{title}的专职安全生产管理人员", "人", seed, maximum=200, note=note, source=source)


def _level(key: str, title: str, seed: str, choices: tuple[tuple[str, str], ...], note: str) -> Declared:
    """The education or the professional title that a certificate asks."""
    return Declared(key, title, "", seed, choices=choices, note=note)


def _hours_of_a_year(source: str, words: str) -> Declared:
    """Provinces count the hours of some sources up to a limit."""
    return Declared(
        f"training_year_{source}",
        f"每年最多计入的继续教育学时（{words}）",
        "学时",
        0,
        minimum=0,
        maximum=500,
        note="填 0 表示不限。按课程结束所在的公历年度计算，自生效日所在的年度起适用。",
        zero="不限",
    )


DECLARED = {
    declared.key: declared
    for declared in (
        Declared("extension_window_months", "延续申请可提前的月数", "个月", 3, maximum=12),
        Declared(
            "extension_after_decision_days",
            "变更在有效期届满后办结的，办结后可申请延续的期限",
            "个工作日",
            10,
            minimum=0,
            maximum=60,
            note="变更、纠错须在有效期届满前申请；期间证书继续有效，逾期未申请延续的失效。",
        ),
        Declared(
            "policy_second_person_from",
            "政策延续一批达到多少本证书须由第二人批准",
            "本",
            1000,
            minimum=0,
            maximum=1_000_000,
            note="由另一名有“省厅审核”职责的工作人员批准后才能执行，撤回也是；同一人的不同账号视为一人。填 0 表示每批都须批准。",
            zero="每批都须批准",
        ),
        Declared("training_hours_per_term", "每个有效期内的继续教育学时", "学时", 24, minimum=0, maximum=500),
        _hours_of_a_year("institution", "培训机构"),
        _hours_of_a_year("enterprise", "企业组织"),
        _hours_of_a_year("online", "网络学习"),
        Declared(
            "employer_change_cool_down_months",
            "执业企业变更间隔",
            "个月",
            6,
            minimum=0,
            maximum=36,
            note="企业信息纠错同样适用；原单位注销、吊销的不受限。",
        ),
        Declared(
            "cool_down_spares_ending",
            "间隔期满前到期的证书不受变更间隔限制",
            "（1 为不受限）",
            0,
            minimum=0,
            maximum=1,
            note="填 0 表示没有这项例外，6 个月内一律不能再次变更；填 1 表示间隔期满以前就到期的证书可以变更，页面会写明。",
            zero="没有这项例外",
        ),
        _working_days("acceptance_days", "受理或一次性告知补正的期限", 5),
        _decision_days("decision_days_issue", "首次发证、延续", 20),
        _decision_days("decision_days_change", "变更、换发", 5),
        _decision_days("decision_days_transfer_out", "跨省调出", 4),
        _decision_days("decision_days_other", "其他业务", 20),
        _working_days("former_employer_days", "证书所在单位未确认转地市的期限", 5),
        _working_days("employer_days", "受聘企业未确认自动终止的期限", 15),
        _working_days("employment_end_days", "受聘企业未答复解除申请转地市的期限", 10),
        Declared(
            "share_link_days",
            "证书分享链接最长的有效天数",
            "天",
            90,
            minimum=1,
            maximum=365,
            note="本人选择截止日期，不能超过这个天数；已经创建的链接不受影响。",
        ),
        Declared("proposal_days", "聘用申请有效期", "天", 15, maximum=180),
        Declared(
            "merge_undo_days",
            "合并人员登记后可以撤销的期限",
            "天",
            30,
            maximum=365,
            note="合并后又有申请或决定的，先撤回再撤销合并。",
        ),
        Declared(
            "former_code_key_days",
            "信用代码变更后旧 CA 锁继续可用的期限",
            "天",
            30,
            minimum=0,
            maximum=366,
            note="从变更当日起算；到期后，写有曾用号码的锁不能登录，须向 CA 机构换发。",
        ),
        Declared("supplement_days", "补正期限", "天", 30, maximum=180),
        Declared("term_years", "证书有效期", "年", 3, maximum=10, note="已签发证书的有效期不受影响。"),
        Declared(
            "longest_term_years",
            "一个有效期最长的年数",
            "年",
            6,
            minimum=3,
            maximum=20,
            note="更长的多半是笔误：导入的历史数据转人工核实，录入、换证、纠错不能提交。",
        ),
        _bar_months("bar_false_material_months", "提供虚假材料后不得再次申请", 12),
        _bar_months("bar_fraud_months", "以欺骗等手段取得证书被撤销后不得再次申请", 36),
        _bar_months("bar_accident_months", "因事故责任被吊销后不得担任主要负责人、项目负责人", 60, maximum=240),
        _bar_months("bar_absence_months", "无故缺考后不得报名", 6, minimum=0, maximum=60),
        _bar_months("bar_cheating_months", "考试作弊后不得报名", 12),
        Declared(
            "face_accept_percent",
            "人脸识别直接通过的相似度",
            "%",
            45,
            minimum=36,
            maximum=95,
            note="随核验服务而定：更换核验服务时一并核定。",
        ),
        Declared(
            "face_review_percent",
            "人脸识别转人工核对的最低相似度",
            "%",
            36,
            minimum=20,
            maximum=95,
            note="低于此值不通过；不低于此值、但未达到直接通过的，由窗口人员核对。",
        ),
        Declared(
            "face_light",
            "屏幕颜色反光检测",
            "",
            "optional",
            choices=(("optional", "看不清反光的也可以通过"), ("required", "看不清反光的转人工核对")),
            note="只用于内置的人脸识别。反光与屏幕颜色不一致的一律不通过；正式使用内置识别时应设为转人工核对。",
        ),
        Declared("face_tries", "每天人脸识别可以失败的次数", "次", 3, maximum=10, note="用完后到窗口当面核验。"),
        Declared("counter_code_hours", "窗口核验码有效期", "小时", 24, maximum=720),
        *LETTERS,
        _share("second_look_percent", "办结的办件"),
        _share("second_look_entries_percent", "录入、纠错办结后"),
        Declared(
            "reservation_minutes",
            "办件占用后没有操作、自动释放的时间",
            "分钟",
            15,
            minimum=2,
            maximum=120,
            note="占用期间同事不能作出决定，但可以接手占用。",
        ),
        Declared(
            "reset_wait_hours",
            "重设密码后办理重要事项的等待时间",
            "小时",
            24,
            minimum=0,
            maximum=168,
            note="用动态口令或窗口核验码确认的，不用等待。",
        ),
        Declared("export_days", "未脱敏导出文件的保留天数", "天", 3, maximum=30, note=EXPORT_NOTE),
        Declared("exam_least_age", "参加考核的最低年龄", "周岁", 18, minimum=16, maximum=60),
        Declared(
            "exam_age_limit",
            "C证参加考核的年龄上限",
            "周岁",
            60,
            minimum=40,
            maximum=80,
            note="未满这一年龄的可以报名，从生日的第二天起计算。",
        ),
        _level(
            "exam_education_a",
            "A证报名的学历要求",
            "junior_college",
            EDUCATIONS,
            "学历和职称都须具备；法定代表人不受限。",
        ),
        _level("exam_title_a", "A证报名的职称要求", "intermediate", TITLES, "法定代表人不受限。"),
        _level("exam_education_c", "C证报名的学历要求", "senior_middle", EDUCATIONS, "学历、职称具备其中一项即可。"),
        _level("exam_title_c", "C证报名的职称要求", "junior", TITLES, "可以代替学历。"),
        Declared(
            "exam_experience_years",
            "报名考核的建筑施工从业年限",
            "年",
            2,
            minimum=0,
            maximum=20,
            note="由报名企业承诺，系统没有数据核对。",
        ),
        Declared(
            "exam_resit_months",
            "补考的期限",
            "个月",
            12,
            maximum=60,
            note="从不合格或者因故缺考的那次考试起计算；超过的报名新考。",
        ),
        Declared(
            "exam_pass_mark", "考核合格分数", "分", 60, minimum=1, maximum=100, note="知识考核、能力考核分别达到。"
        ),
        _working_days("exam_review_days", "考试报名的审核期限", 5, maximum=30),
        Declared(
            "exam_resubmit_days",
            "退回的考试报名最迟在考试前多少天补正",
            "天",
            3,
            minimum=1,
            maximum=30,
            note="到期没有重新提交的，报名自动终止，不算缺考。",
        ),
        Declared(
            "exam_appeal_days",
            "对考试成绩提出复核的期限",
            "天",
            15,
            minimum=1,
            maximum=180,
            note="从成绩登记的次日起计算；成绩更正后，从更正的次日起重新计算。",
        ),
        _working_days("exam_appeal_answer_days", "考试机构答复成绩复核的期限", 10),
        Declared(
            "exam_excuse_days",
            "考后提交缺考证明的期限",
            "日",
            15,
            minimum=1,
            maximum=90,
            note="从考试结束或登记缺考之日起计算，以后到的为准。",
        ),
        Declared(
            "exam_result_days",
            "考试结束后登记成绩的期限",
            "日",
            30,
            minimum=5,
            maximum=180,
            note="过了期限还没有成绩的，可以重新报名以后的考试；成绩仍可以登记。",
        ),
        *(
            Declared(
                f"lookups_{kind}_{window}",
                f"{asker}每{words}按身份证号查询的次数上限",
                "次",
                seed,
                maximum=10_000,
                note="用完后到下一个时段才能再查；查询者会看到时间和联系人。",
            )
            for kind, asker, seeds in (
                ("enterprise", "一家企业", (30, 100)),
                ("user", "一名工作人员", (120, 500)),
                ("kiosk", "一台登记一体机", (240, 1000)),
                ("address", "一个网络地址（公众查询）", (60, 200)),
            )
            for window, words, seed in (("hour", "小时", seeds[0]), ("day", "天", seeds[1]))
        ),
        Declared(
            "lookup_alarm_percent",
            "每天查询达到上限的多大比例时提醒安全管理员",
            "%",
            60,
            minimum=10,
            maximum=100,
        ),
        Declared(
            "lookup_alarm_misses",
            "每天查不到人的查询达到多少次时提醒安全管理员",
            "次",
            15,
            minimum=3,
            maximum=1000,
            note="登记一体机除外：来登记的人本来就查不到。",
        ),
        Declared(
            "lookup_alarm_outside",
            "每天在非工作时间查询达到多少次时提醒安全管理员",
            "次",
            10,
            minimum=3,
            maximum=1000,
            note="工作时间为工作日7时至20时；公众查询和登记一体机除外。",
        ),
        *MESSAGES,
        *(_officers(f"safety_officers_{key}", title, seed) for key, title, seed in OFFICERS),
        Declared("undivided_c_category", "未分类C证对应的类别", "", "C3", choices=C_CATEGORIES),
    )
}

SEEDED_FROM = date(2000, 1, 1)
SEED_DOCUMENT = "系统初始参数"


def seed_rows() -> list[Parameter]:
    """Answers unsaved rows with the values of a new installation."""
    return [
        Parameter(
            key=declared.key,
            value=declared.seed,
            effective_from=SEEDED_FROM,
            document_number=declared.source or SEED_DOCUMENT,
            note=declared.title,
        )
        for declared in DECLARED.values()
    ]
