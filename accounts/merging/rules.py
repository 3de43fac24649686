"""Says why two records cannot be made into one, and why a merge cannot be taken back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.utils.timezone import localdate

from accounts.corrections.selectors import open_cases_of
from accounts.enums import CorrectionKind, CorrectionOutcome
from accounts.models import HeldCard, Person, RegisterCorrection
from administration.parameters.book import ParameterBook
from common.dates import chinese_date
from common.findings import Cure, Finding, Level, blocking

from .parts import CONFLICTS, PARTS

DAYS = "merge_undo_days"


def conflicts_of(kept: Person, gone: Person, *, case: RegisterCorrection | None = None) -> list[Finding]:
    """Answers every conflict at once. `case` is the merge that is being decided, which does not stand in its own way."""
    if kept.pk == gone.pk:
        return [Finding("merge.same", "两个号码查到的是同一份登记", "不需要合并。请核对另一份登记的号码。")]
    found = [*_of_records(kept, gone), *_open_cases(kept, gone, case), *_differences(kept, gone)]
    return found + [finding for conflict in CONFLICTS for finding in conflict(kept, gone)]


def why_not_merge(kept: Person, gone: Person, *, case: RegisterCorrection | None = None) -> list[Finding]:
    return blocking(conflicts_of(kept, gone, case=case))


def _of_records(kept: Person, gone: Person) -> Iterator[Finding]:
    for person in (kept, gone):
        if person.merged_into_id is not None:
            yield Finding(
                "merge.merged", "其中一份登记已经并入另一份", "请按保留的身份证号码重新查询。", turn="登记人员"
            )
        if person.died_on is not None:
            yield Finding(
                "merge.died",
                f"{person.name}已登记死亡",
                "死亡登记有误的，先撤销死亡登记，再合并。",
                turn="登记人员",
                cure=Cure("打开此人的登记", "accounts:counter_person", kwargs={"pk": person.pk}),
            )
        if person.quarantined_reason:
            yield Finding(
                "merge.quarantined",
                "其中一份登记的姓名待核实",
                f"{person.quarantined_reason}。先核实姓名，再合并。",
                turn="登记人员",
                cure=Cure("核实姓名", "accounts:counter_name", kwargs={"pk": person.pk}),
            )
    if gone.is_registered and not kept.is_registered:
        yield Finding(
            "merge.kept_unregistered",
            "要保留的登记还没有完成实名制登记",
            "请改为保留已完成实名制登记的那一份，或者先为本人办理实名登记。",
            turn="登记人员",
        )


def _open_cases(kept: Person, gone: Person, case: RegisterCorrection | None) -> Iterator[Finding]:
    for other in open_cases_of(kept, gone).exclude(pk=case.pk if case else 0):
        yield Finding(
            "merge.open_correction",
            f"有一件待复核的{other.get_kind_display()}",
            "先复核或撤回那一件，再合并。",
            turn="另一名登记人员",
            cure=Cure("查看待复核的更正", "accounts:corrections"),
        )


def _differences(kept: Person, gone: Person) -> Iterator[Finding]:
    pairs = [
        (what, before, after)
        for what, before, after in (
            ("姓名", gone.name, kept.name),
            ("性别", gone.get_sex_display(), kept.get_sex_display()),
            ("出生日期", chinese_date(gone.birth_date), chinese_date(kept.birth_date)),
        )
        if before != after
    ]
    if pairs:
        words = "；".join(f"{what}：并入的是“{before}”，保留的是“{after}”" for what, before, after in pairs)
        detail = f"{words}。请对照证件和人像再次核对是否同一人；合并后以保留的登记为准，原姓名作为其他写法保留。"
        yield Finding("merge.differs", "两份登记的身份信息不同", detail, Level.ADVISORY, turn="登记人员")
    if HeldCard.objects.filter(person=gone, settled_at=None).exists():
        yield Finding("merge.held_card", "并入的登记有一张待核实的身份证", "先核实姓名，再合并。", turn="登记人员")


def done_at(case: RegisterCorrection) -> datetime:
    if case.settled_at is None:
        raise TypeError("what was carried out has its moment, by constraint")
    return case.settled_at


def undo_until(merge: RegisterCorrection) -> date:
    """Answers the last day on which the merge may be taken back, by the parameter of the day of the merge."""
    day = localdate(done_at(merge))
    return day + timedelta(days=ParameterBook.load().integer(DAYS, day))


def why_not_undo(merge: RegisterCorrection, *, on: date) -> list[Finding]:
    """Answers every reason, row by row."""
    if merge.kind != CorrectionKind.MERGE or merge.outcome != CorrectionOutcome.DONE:
        return [Finding("unmerge.not_done", "这件合并没有办理过，不需要撤销", turn="登记人员")]
    if RegisterCorrection.objects.filter(undoes=merge, outcome=CorrectionOutcome.DONE).exists():
        return [Finding("unmerge.undone", "这件合并已经撤销", "不需要再次撤销。", turn="登记人员")]
    found = []
    if on > (last := undo_until(merge)):
        detail = f"合并可以在{chinese_date(last)}前撤销，期限已过。确有错误的，由省厅按个案处理。"
        found.append(Finding("unmerge.late", "已超过可以撤销的期限", detail, turn="省厅系统管理员"))
    if merge.person.merged_into_id is not None:
        detail = "保留的登记后来又并入了另一份，先撤销后面的合并。"
        found.append(Finding("unmerge.merged_again", "合并后的登记又并入了另一份", detail, turn="登记人员"))
    if merge.person.id_number_index == merge.record.get("former"):
        detail = (
            "保留的登记后来更正为这个号码，撤销后两份登记会同号。先把保留的登记更正为它自己的号码；"
            "确是同一人的，不需要撤销。"
        )
        found.append(Finding("unmerge.number_taken", "并入的登记的号码现在由保留的登记使用", detail, turn="登记人员"))
    return found + list(_of_rows(merge))


def _of_rows(merge: RegisterCorrection) -> Iterator[Finding]:
    moved: dict[str, list[int]] = merge.record.get("moved", {})
    for part in PARTS:
        ids = moved.get(part.key, [])
        if not ids:
            continue
        here = set(part.rows_of(merge.person).filter(pk__in=ids).values_list("pk", flat=True))
        if lost := len(set(ids) - here):
            detail = f"{lost} 条已不在合并后的登记名下，不能原样退回。"
            yield Finding("unmerge.row_gone", f"{part.title}合并后又有变化", detail, turn="省厅系统管理员")
        built = part.built_on(ids, done_at(merge)) if part.built_on else {}
        for reason in built.values():
            detail = "它建立在并入的记录上，撤销合并会使它没有依据。先按规定撤回这项办理，再撤销合并。"
            yield Finding("unmerge.built_on", f"{part.title}：{reason}", detail, turn="办理这项业务的部门")
