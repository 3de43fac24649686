"""Members of an office keep filters of a queue under a name; the address of a view is that of its filters."""

from __future__ import annotations

from django.db import transaction

from accounts.models import User
from common.findings import Finding, Refused

from ..actors import Actor
from ..models import QueueView
from .locking import lock_rows

MOST_VIEWS = 12
LONGEST_NAME = 20
LONGEST_QUERY = 500


@transaction.atomic
def keep_view(*, actor: Actor, desk: str, name: str, query: str) -> QueueView:
    """A view of the same name is replaced. Raises `Refused` with every reason."""
    said = " ".join(name.split())
    findings = []
    if not said or len(said) > LONGEST_NAME:
        findings.append(Finding("view.name", f"请填写 1 至 {LONGEST_NAME} 个字的名称"))
    if not query:
        findings.append(Finding("view.nothing", "还没有筛选条件", "请先筛选，再存为常用筛选。"))
    if len(query) > LONGEST_QUERY:
        findings.append(Finding("view.query", "筛选条件太长，不能保存"))
    if findings or actor.user_id is None:
        raise Refused(*findings)
    lock_rows(User, [actor.user_id])
    mine = QueueView.objects.filter(user=actor.user_id, desk=desk)
    if mine.exclude(name=said).count() >= MOST_VIEWS:
        raise Refused(Finding("view.many", f"每个环节最多存 {MOST_VIEWS} 个常用筛选", "请先删除不用的。"))
    return QueueView.objects.update_or_create(user_id=actor.user_id, desk=desk, name=said, defaults={"query": query})[0]


@transaction.atomic
def drop_view(*, actor: Actor, desk: str, name: str) -> bool:
    return bool(QueueView.objects.filter(user=actor.user_id, desk=desk, name=name).delete()[0])
