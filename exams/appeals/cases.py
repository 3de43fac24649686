"""Makes the case of an appeal from an entry, and describes it for readers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db.models import QuerySet

from accounts.models import User
from exams.enums import APPEALABLE
from exams.models import ExamEntry, ResultChange
from exams.results.history import Standing
from workflow.business import Business
from workflow.checks import Case, Facts
from workflow.models import Application
from workflow.steps import Comparison, FactChange, Proof

from .rules import claim_of, entry_of, filed_at, in_words

CORRECTION = Proof("考试机构登记的成绩")


def appealable(person_id: int | None) -> QuerySet[ExamEntry]:
    rows = ExamEntry.objects.filter(person=person_id or 0, state__in=APPEALABLE)
    return rows.select_related("batch", "enterprise").order_by("-pk")


def own_entry(person_id: int | None, entry_id: int | None) -> ExamEntry | None:
    """Answers any entry of the person, so that the checks say why it cannot be appealed."""
    rows = ExamEntry.objects.filter(person=person_id or 0, pk=entry_id or 0)
    return rows.select_related("batch", "enterprise").first()


def case_of(business: Business, entry: ExamEntry, *, today: date) -> Case:
    """The enterprise is no party: the result is the person's own."""
    return Case(
        business=business,
        filing_day=today,
        on=today,
        person_id=entry.person_id,
        region_id=entry.enterprise.region_id,
        claims=(claim_of(entry.pk),),
        payload={"entry": entry.pk, "organiser": entry.batch.organiser_id},
    )


def entry_named(case: Case) -> ExamEntry | None:
    return ExamEntry.objects.filter(pk=case.payload.get("entry") or 0).select_related("batch").first()


def recorder_of(case: Case) -> User | None:
    """Answers who recorded the result as it is; the system and files of the command line are nobody."""
    entry = ExamEntry.objects.filter(pk=case.payload.get("entry") or 0).select_related("settled_by").first()
    return entry.settled_by if entry is not None else None


def appeal_lines(case: Case) -> list[str]:
    entry = entry_named(case)
    return [f"{entry.category}证，{entry.batch.name}：{in_words(entry)}"] if entry else []


def appeal_facts(applications: Sequence[Application]) -> dict[int, list[tuple[str, str]]]:
    """Maps an application to its exam and the result as it is now, in one query."""
    wanted = {application.pk: application.payload.get("entry") for application in applications}
    found = ExamEntry.objects.select_related("batch").in_bulk({pk for pk in wanted.values() if pk})
    return {pk: _described(found[entry]) if entry in found else [] for pk, entry in wanted.items()}


def _described(entry: ExamEntry) -> list[tuple[str, str]]:
    return [
        ("类别", f"{entry.category}证（{entry.get_category_display()}）"),
        ("考试", entry.batch.name),
        ("现在的成绩", in_words(entry)),
    ]


def compared_result(case: Case, facts: Facts) -> list[Comparison]:
    """Compares the result of the day of the appeal with the present one: it is corrected before the approval."""
    entry, application = entry_of(case, facts), facts(filed_at).get(case.application_id or 0)
    if entry is None or application is None:
        return []
    now = Standing.of(entry)
    corrections = ResultChange.objects.filter(entry=entry, changed_at__gte=application.first_submitted_at)
    first = corrections.order_by("pk").first() if application.first_submitted_at else None
    before = now
    if first is not None:
        before = Standing(first.former_state, first.former_knowledge, first.former_ability, first.former_remark)
    title = f"{entry.category}证，{entry.batch.name}"
    return [Comparison(title, (FactChange("成绩", before.words, now.words, CORRECTION),))]
