"""Says why the business registry gave nothing to take over, and what the reader can do; `back` leads to the reader's page."""

from __future__ import annotations

from common.dates import chinese_date
from common.findings import Cure, Finding
from enterprises.models import Enterprise

from .client import (
    RegistryBusy,
    RegistryError,
    RegistryNotSet,
    RegistryRecord,
    RegistrySilent,
    RegistryUnknown,
)

STILL_WORKS = "没有任何内容改变，聘用登记、业务确认等其他业务照常办理。"
BACK = Cure("返回企业基本信息", url_name="enterprises:profile")
CLERKS_BACK = Cure("返回工商登记查询", url_name="enterprises:registry")
OFFICES = Cure("查看主管部门的地址和电话", "accounts:registration_points")
OUTDATED = Finding(
    "registry.outdated",
    "这次同步的结果已经过时",
    "请在“企业基本信息”重新点击“工商信息数据同步”，以最新的登记信息为准。",
    turn="企业",
    cure=BACK,
)
CLERKS_OUTDATED = Finding(
    "registry.outdated",
    "这次查询的结果已经过时",
    "请重新查询，以最新的登记信息为准。",
    turn="登记人员",
    cure=CLERKS_BACK,
)


def too_often(seconds: int, back: Cure) -> Finding:
    words = f"请在 {-(-seconds // 60)} 分钟后再试。{STILL_WORKS}"
    return Finding("registry.too_often", "同步次数过多", words, turn="企业", cure=back)


def old_code(back: Cure) -> Finding:
    words = f"工商登记系统只按统一社会信用代码查询。换发执照后，带新执照联系注册地主管部门，由登记人员办理“信用代码变更”。{STILL_WORKS}"
    return Finding("registry.old_code", "本企业按旧证照登记，没有有效的信用代码", words, turn="企业", cure=back)


def failure(error: RegistryError, back: Cure) -> Finding:
    if isinstance(error, RegistryNotSet):
        return Finding("registry.not_set", "尚未接入工商登记系统", STILL_WORKS, turn="省厅系统管理员", cure=back)
    if isinstance(error, RegistryBusy):
        words = f"正有其他企业在等它的答复，这次没有查询。请一分钟后再试。{STILL_WORKS}"
        return Finding("registry.busy", "工商登记系统应答很慢", words, cure=back)
    if isinstance(error, RegistrySilent):
        words = f"请稍后再试。{STILL_WORKS}"
        return Finding("registry.silent", "工商登记系统没有应答", words, cure=back)
    if isinstance(error, RegistryUnknown):
        words = f"请核对营业执照，或向登记机关查询。{STILL_WORKS}"
        return Finding("registry.unknown", "工商登记中没有本企业的信用代码", words, turn="企业", cure=back)
    words = f"已记录，请稍后再试；一直这样请联系省厅。{STILL_WORKS}"
    return Finding("registry.unclear", "工商登记系统的答复无法识别", words, turn="省厅系统管理员", cure=back)


def another(code: str, record: RegistryRecord) -> Finding:
    """Another code means another enterprise, never a new name of this one (edge case 10)."""
    return Finding(
        "registry.another_enterprise",
        "统一社会信用代码已变，不是名称变更，而是另一家企业",
        f"本企业的信用代码是{code}，工商登记返回的是{record.uscc}（{record.name}）。没有更新任何内容。"
        "本企业换发执照、改制而变更了代码的，带新执照和登记机关的证明联系注册地主管部门，由登记人员办理“信用代码变更”，人员和证书不变；"
        "确是另一家企业、人员转入该企业的，由该企业登记聘用关系，再由本人办理执业企业变更。",
        turn="注册地主管部门，或持证人和新企业",
        cure=Cure("执业企业变更办事指南", url_name="workflow:guide", kwargs={"kind": "employer_change"}),
    )


# --- what an enterprise reads that is not let in ---


def at_login_first() -> Finding:
    words = "请先用 CA 锁登录一次；没有登录成功的原因是企业未登记或已注销、吊销的，页面上会有查询工商登记的按钮。"
    cure = Cure("返回企业登录", "enterprises:login")
    return Finding("registry.no_key", "没有收到 CA 锁的签名，不能查询", words, turn="企业", cure=cure)


def at_login_too_often(seconds: int) -> Finding:
    hours = -(-seconds // 3600)
    words = f"请约 {hours} 小时后再试，或等今晚的自动查询。急办的，带营业执照联系注册地主管部门的登记人员。"
    return Finding("registry.too_often", "这家企业刚刚查询过", words, turn="企业", cure=OFFICES)


def at_login_failed(error: RegistryError) -> Finding:
    found = failure(error, OFFICES)
    if isinstance(error, RegistryNotSet):
        words = "请带营业执照联系注册地主管部门，由登记人员在“数据导入”中登记。"
    elif isinstance(error, RegistryUnknown):
        words = (
            "新办、刚变更的执照要过几天才查得到：申请已经记下，系统30天内每晚自动再查，过几天可以再登录试试。"
            "急办的，带营业执照联系注册地主管部门，由登记人员登记。"
        )
        return Finding(found.code, "工商登记中查不到这个信用代码", words, turn="企业和登记机关", cure=OFFICES)
    else:
        words = (
            "查询申请已经记下，系统今晚自动再查，明天可以再登录试试。急办的，带营业执照联系注册地主管部门的登记人员。"
        )
    return Finding(found.code, found.message, words, turn=found.turn or "工商登记系统", cure=OFFICES)


def still_gone(enterprise: Enterprise | None, record: RegistryRecord) -> Finding:
    name = enterprise.name if enterprise is not None else record.name
    day = f"（{chinese_date(record.dissolved_on)}）" if record.dissolved_on else ""
    again = (
        "更正后系统每周自动查询，急办的回到这里再查一次。" if enterprise is not None else "更正后请回到这里再查一次。"
    )
    words = (
        f"工商登记有误的，先请市场监督管理部门更正；{again}"
        "工商登记还没有更正、但有更正证明的，带证明联系注册地主管部门的登记人员。"
    )
    title = f"{name}在工商登记中是{record.status.label}{day}"
    return Finding("registry.gone", title, words, turn="市场监督管理部门", cure=OFFICES)


def no_region(record: RegistryRecord) -> Finding:
    words = (
        "注册地在本省的，带营业执照联系注册地主管部门，由登记人员选定注册地后登记；申请已经记下，登记人员看得到。"
        "注册地在外省的企业不在本系统办理。"
    )
    title = f"工商登记没有写明{record.name}在本省的注册地"
    return Finding("registry.no_region", title, words, turn="注册地主管部门", cure=OFFICES)


def known_already(enterprise: Enterprise) -> Finding:
    cure = Cure("查看这家企业", url_name="enterprises:registry", query={"q": enterprise.uscc})
    words = "不需要再登记，请在查询结果中查询它的工商登记。"
    return Finding("registry.known", f"{enterprise.name}已经登记", words, turn="登记人员", cure=cure)
