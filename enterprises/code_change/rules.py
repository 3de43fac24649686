"""Says why an enterprise cannot take a code, or why its present code cannot be called a mistake of the register."""

from __future__ import annotations

from administration.imports.row_ways import users_of
from administration.models import Message
from common.findings import Cure, Finding
from enterprises.models import CaKey, CodeChange, Enterprise, EnterpriseName, FormerCode, RegistrySync
from enterprises.register.selectors import with_answers

NO_MERGE = (
    "两家企业的登记不在本页合并。号码填错的，请对照新执照核对；同一家企业登记了两次的，由新号码的登记发起聘用，"
    "再由本人办理“执业企业变更”，原登记保留作历史。"
)


def why_not_this_code(enterprise: Enterprise, other: Enterprise | None, code: str) -> list[Finding]:
    """`other` is the enterprise that is registered by the code now; the caller has locked both."""
    if code == enterprise.uscc:
        return [Finding("code.same", "新号码与现在登记的号码相同", "不需要变更。", turn="登记人员")]
    former = FormerCode.objects.filter(code=code).exclude(enterprise=enterprise).select_related("enterprise").first()
    if former is not None:
        owner = former.enterprise
        title = f"这是{owner.name}的曾用号码（现用号码{owner.uscc}）"
        return [Finding("code.former", title, NO_MERGE, turn="登记人员", cure=_look_at(owner))]
    if other is None:
        return []
    there = what_hangs_on(other)
    if not there:
        return []
    title = f"这个号码已登记为{other.name}，名下有{'、'.join(there)}"
    return [Finding("code.taken", title, NO_MERGE, turn="登记人员", cure=_look_at(other))]


def _look_at(enterprise: Enterprise) -> Cure:
    return Cure("查看这家企业的号码", url_name="enterprises:change_code", kwargs={"pk": enterprise.pk})


def what_hangs_on(enterprise: Enterprise) -> list[str]:
    """Names every kind of record that refers to the enterprise, whatever app keeps it; its former names do not count."""
    found = users_of([enterprise], besides=(EnterpriseName, RegistrySync)).get(enterprise.pk, [])
    if with_answers([enterprise.pk]):
        found = [*found, str(RegistrySync._meta.verbose_name)]
    has_messages = Message.objects.filter(mailbox=enterprise.mailbox_id).exists()
    return [*found, "消息"] if has_messages else found


def built_on(enterprise: Enterprise) -> list[Finding]:
    """A code by which somebody has logged in, or the business registry has answered, was no mere mistake of the register."""
    changes = CodeChange.objects.filter(enterprise=enterprise)
    last = changes.order_by("-pk").first()
    # A code that counted before and came back may have been used at that time, too.
    came_back = changes.filter(former_code=enterprise.uscc).exists()
    since = enterprise.created_at if last is None or came_back else last.changed_at
    found = []
    if CaKey.objects.filter(enterprise=enterprise, bound_at__gte=since).exists():
        found.append("有 CA 锁以这个号码绑定")
    if RegistrySync.objects.filter(enterprise=enterprise, accepted_at__gte=since).exists():
        found.append("工商登记以这个号码答复过")
    if not found:
        return []
    words = (
        "请保留为曾用号码（不勾选“原号码是登记错误”），再办理一次变更；以这个号码绑定的锁不是本企业的，请企业先停用。"
    )
    title = f"原号码已经用过：{'、'.join(found)}"
    return [Finding("code.used", title, words, turn="登记人员")]
