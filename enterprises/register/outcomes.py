"""Says what becomes of each row of an imported register, for its preview and its report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, TypeVar

from django.db.models import Model

from administration.imports.plan import Change, Trace, changes_of
from administration.imports.services import Book
from common.tabular.row import Row
from enterprises.enums import EnterpriseStatus
from enterprises.models import Enterprise

from .services import EnterpriseFacts, Saved, Upserted

M = TypeVar("M", bound=Model)
NEW_NAME = "登记的名称改变，原名称成为曾用名"
ENTERPRISE_TITLES = {
    "name": "企业名称",
    "region_id": "注册地",
    "legal_representative": "法定代表人",
    "address": "住所",
    "phone": "联系电话",
    "status": "状态",
    "dissolved_on": "注销、吊销日期",
}


def note_enterprises(
    facts: dict[str, tuple[Row, EnterpriseFacts]],
    saved: Saved,
    ended: dict[int, tuple[EnterpriseStatus, date]],
    book: Book,
) -> None:
    created = set(saved.created)
    enterprises = Enterprise.objects.in_bulk(saved.ids.values())
    for uscc, (row, one) in facts.items():
        enterprise = enterprises[saved.ids[uscc]]
        former, end = saved.before.get(enterprise.pk, {}), ended.get(enterprise.pk)
        after: dict[str, object] = {name: getattr(enterprise, name) for name in ENTERPRISE_TITLES}
        before = None if enterprise.pk in created else _in_words(after | former)
        if end is not None:
            after |= {"status": end[0], "dissolved_on": end[1]}
        changes = changes_of(ENTERPRISE_TITLES, before, _in_words(after))
        if "legal_representative_index" in former:
            changes.append(Change("法定代表人身份证号", "", "有变化"))
        trace = _trace(enterprise, former, end, is_new=enterprise.pk in created)
        repeated = saved.repeated.get(enterprise.pk, set())
        if end is None and not one.is_existing:
            repeated = repeated | {"status", "dissolved_on"}
        effect = "这家企业的聘用关系随之结束" if end is not None else NEW_NAME if "name" in former else ""
        if enterprise.pk in created:
            book.add(row, enterprise, f"{one.name}，{uscc}", changes, effect, trace)
        elif former or end:
            book.change(row, enterprise, f"{one.name}，{uscc}", changes, effect, trace)
            book.repeat(enterprise, repeated)
        else:
            book.keep(row, enterprise, repeated)


def _trace(
    enterprise: Enterprise, former: Mapping[str, object], end: tuple[EnterpriseStatus, date] | None, *, is_new: bool
) -> Trace:
    """`end` is what a job will make of the status."""
    traced = (*ENTERPRISE_TITLES, "legal_representative_index") if is_new else tuple(former)
    after = {name: getattr(enterprise, name) for name in traced}
    before = {} if is_new else dict(former)
    if end is not None:
        if not is_new:
            before = {"status": enterprise.status, "dissolved_on": enterprise.dissolved_on} | before
        after |= {"status": str(end[0]), "dissolved_on": end[1]}
    return Trace(before, after)


def _in_words(values: dict[str, object]) -> dict[str, object]:
    return values | {"status": EnterpriseStatus(str(values["status"])).label}


PROJECT_TITLES = {"name": "项目名称", "enterprise_id": "企业", "started_on": "开工日期", "finished_on": "竣工日期"}
CONSTRUCTOR_TITLES = {
    "name": "姓名",
    "enterprise_id": "企业",
    "valid_to": "有效期止",
    "is_in_force": "有效",
}


def note_rows(book: Book, rows: Sequence[Row], saved: Upserted[M], titles: dict[str, str]) -> None:
    told: list[Mapping[str, Any]] = [values for one, before in saved.rows for values in (before or {}, vars(one))]
    employers = {values["enterprise_id"] for values in told if values.get("enterprise_id")}
    names = dict(Enterprise.objects.filter(pk__in=employers).values_list("pk", "name"))
    for row, (one, before) in zip(rows, saved.rows, strict=True):
        changes = changes_of(titles, _told(before, names), _told(vars(one), names) or {})
        if before is not None and before.get("id_number_index") not in (None, vars(one)["id_number_index"]):
            changes.append(Change("身份证号", "", "改为另一人"))
        subject = f"{vars(one)['name']}，{vars(one)['number']}"
        traced = before or {name: value for name, value in vars(one).items() if name not in ("id", "_state")}
        trace = Trace(before or {}, {name: vars(one)[name] for name in traced})
        if before is None:
            book.add(row, one, subject, changes, trace=trace)
        elif one.pk in saved.changed:
            book.change(row, one, subject, changes, trace=trace)
        else:
            book.keep(row, one)


def _told(values: Mapping[str, object] | None, names: dict[int, str]) -> dict[str, object] | None:
    """An enterprise is shown by its name."""
    if values is None:
        return None
    return {**values, "enterprise_id": names.get(values["enterprise_id"], "")}  # type: ignore[call-overload]
