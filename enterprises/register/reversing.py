"""Says how imports of enterprises, projects and constructors are taken back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from administration.enums import RowOutcome
from administration.imports.reversing import WAYS, Obstacles
from administration.imports.row_ways import Made, RowWay, users_of
from administration.models import ImportReversal, ImportRow, ImportRun, Mailbox
from common.findings import Cure, Finding
from enterprises.enums import EnterpriseStatus
from enterprises.models import Enterprise, EnterpriseName, ProjectInProgress, Qualification, RegistrySync
from enterprises.signals import enterprises_changed, qualifications_changed

from .outcomes import CONSTRUCTOR_TITLES, ENTERPRISE_TITLES, PROJECT_TITLES
from .selectors import with_answers


class EnterpriseWay(RowWay):
    """A new enterprise is removed if nothing points to it; a changed one gets back what the import has changed."""

    model = Enterprise
    titles = ENTERPRISE_TITLES | {"legal_representative_index": "法定代表人身份证号"}
    promise = "没有人用过的新增企业删除；更新过的企业恢复原来的名称、状态和其他内容。"

    def words(self, row: ImportRow) -> str:
        if row.outcome != RowOutcome.NEW and _was_gone(row):
            return f"{super().words(row)}；已解除的聘用关系不会自动恢复，请登记人员在“恢复聘用关系”中核对后恢复"
        return "删除这家企业" if row.outcome == RowOutcome.NEW else super().words(row)

    def built_on(self, there: Sequence[Made], run: ImportRun, user_id: int | None) -> Obstacles:
        found: Obstacles = defaultdict(list)
        new = [made for made in there if made.is_new]
        users = users_of([made.one for made in new], besides=(EnterpriseName, RegistrySync))
        for pk in with_answers([made.one.pk for made in new]):
            users[pk] = [*users.get(pk, []), str(RegistrySync._meta.verbose_name)]
        told = _with_messages(new)
        for made in new:
            names = [*users.get(made.one.pk, []), *(["消息"] if made.one.mailbox_id in told else [])]
            if names:
                cure = Cure("查看企业", "admin:enterprises_enterprise_changelist", query={"q": made.one.uscc})
                detail = "这家企业已经在用，不能删除；内容有误的，请在登记台账中更正。"
                found[made.row.pk].append(Finding("reversal.in_use", f"已有{'、'.join(names)}", detail, cure=cure))
        return found

    def undo(self, free: Sequence[Made], reversal: ImportReversal, now: datetime) -> None:
        mailboxes = [made.one.mailbox_id for made in free if made.is_new and made.one.mailbox_id]
        EnterpriseName.objects.filter(pk__in=_last_names(free)).delete()
        # Nobody has used what the night has read about them; answers to anybody else stand against the reversal.
        RegistrySync.objects.filter(enterprise__in=[made.one.pk for made in free if made.is_new]).delete()
        super().undo(free, reversal, now)
        Mailbox.objects.filter(pk__in=mailboxes).delete()
        changed = [made.one.pk for made in free if not made.is_new]
        if changed:
            enterprises_changed.send(sender=Enterprise, enterprise_ids=changed)


def _last_names(renamed: Sequence[Made]) -> list[int]:
    """Answers the entries of the names that the enterprises get back, in one query."""
    names = {made.one.pk: made.before["name"] for made in renamed if "name" in made.before}
    found = {}
    for one in EnterpriseName.objects.filter(enterprise__in=names, name__in=set(names.values())).order_by("pk"):
        if names[one.enterprise_id] == one.name:
            found[one.enterprise_id] = one.pk
    return list(found.values())


def _was_gone(row: ImportRow) -> bool:
    """Answers whether the import has dissolved an enterprise that existed."""
    return bool((row.trace or {}).get("before", {}).get("status") == EnterpriseStatus.EXISTING)


def _with_messages(new: Sequence[Made]) -> set[int]:
    boxes = list(Mailbox.objects.filter(pk__in=[made.one.mailbox_id for made in new]))
    return set(users_of(boxes, besides=(Enterprise,)))


class ProjectWay(RowWay):
    model = ProjectInProgress
    titles = PROJECT_TITLES
    promise = "新增的项目人员删除，更新过的恢复原来的内容。"


class ConstructorWay(RowWay):
    model = Qualification
    titles = CONSTRUCTOR_TITLES | {"id_number_index": "身份证号"}
    promise = "新增的注册删除，更新过的恢复原来的内容。"

    def undo(self, free: Sequence[Made], reversal: ImportReversal, now: datetime) -> None:
        people: set[Any] = {made.one.id_number_index for made in free}
        super().undo(free, reversal, now)
        people |= {made.one.id_number_index for made in free}
        if people:
            qualifications_changed.send(sender=Qualification, id_number_indexes=people)


ENTERPRISES, CONSTRUCTORS = EnterpriseWay(), ConstructorWay()
WAYS.register("enterprises", ENTERPRISES)
WAYS.register("projects", ProjectWay())
WAYS.register("constructors", CONSTRUCTORS)
