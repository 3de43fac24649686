"""Says what certificate business stands against taking back imported training records and constructors."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime

from django.db.models import QuerySet

from administration.imports.reversing import Obstacles
from administration.imports.row_ways import Made
from administration.models import ImportRun
from certificates.businesses.extension import Extension
from certificates.enums import Category
from certificates.models import CertificateItem
from common.findings import Cure, Finding
from enterprises.register.reversing import CONSTRUCTORS, ENTERPRISES
from training.reversing import TRAINING
from workflow.enums import OPEN_STATUSES, Status
from workflow.models import Application


@TRAINING.against
def extended_since(there: Sequence[Made], run: ImportRun) -> Obstacles:
    """Hours count for an extension that was filed while the record was there."""
    items = _items_of(there).filter(application__kind=Extension.kind)
    return _found(
        there, items, lambda made, category: made.one.category in ("", category), lambda made: made.one.created_at
    )


@CONSTRUCTORS.against
def built_on_constructor(there: Sequence[Made], run: ImportRun) -> Obstacles:
    """A registration as constructor is what a project manager's certificate stands on."""
    imported_at = run.finished_at or run.started_at
    return _found(there, _items_of(there), lambda _, category: category == Category.B, lambda _: imported_at)


@ENTERPRISES.against
def renamed_since(there: Sequence[Made], run: ImportRun) -> Obstacles:
    """Certificates were, or are being, issued anew in the name that the import has brought: a case of the enterprise
    itself, which concerns no single person.
    """
    named = [made for made in there if "name" in made.after and not made.is_new]
    cases: dict[int, list[Application]] = defaultdict(list)
    for case in Application.objects.filter(
        person__isnull=True,
        enterprise__in=[made.one.pk for made in named],
        status__in=[*OPEN_STATUSES, Status.APPROVED],
        first_submitted_at__gte=run.started_at,
    ).order_by("pk"):
        cases[case.enterprise_id or 0].append(case)
    return {made.row.pk: [_finding(case) for case in cases.get(made.one.pk, [])] for made in named}


def _items_of(there: Sequence[Made]) -> QuerySet[CertificateItem]:
    people = {made.one.id_number_index for made in there}
    return CertificateItem.objects.filter(
        application__person__id_number_index__in=people,
        application__status__in=[*OPEN_STATUSES, Status.APPROVED],
    )


def _found(
    there: Sequence[Made],
    items: QuerySet[CertificateItem],
    concerns: Callable[[Made, str], bool],
    since: Callable[[Made], datetime],
) -> Obstacles:
    by_person: dict[str, list[tuple[Application, str]]] = defaultdict(list)
    for item in items.select_related("application__person", "certificate").order_by("pk"):
        category = item.certificate.category if item.certificate else item.claim_key.rpartition(":")[2]
        person = item.application.person
        if person is not None:
            by_person[person.id_number_index].append((item.application, category))
    found: Obstacles = defaultdict(list)
    for made in there:
        cases = [
            case
            for case, category in by_person.get(made.one.id_number_index, [])
            if concerns(made, category) and case.first_submitted_at and case.first_submitted_at >= since(made)
        ]
        found[made.row.pk] += [_finding(case) for case in dict.fromkeys(cases)]
    return found


def _finding(case: Application) -> Finding:
    done = case.status == Status.APPROVED
    message = f"办件 {case.number} {'已据此办结' if done else '正在办理，用到了它'}"
    detail = "已发的证书不因撤回导入而改变；证书有误的，由省厅依法撤销。" if done else "请先办结或退回这一办件。"
    cure = Cure("查看办件", "workflow:detail", kwargs={"number": case.number})
    return Finding("reversal.used", message, detail, turn="" if done else "办理部门", cure=cure)
