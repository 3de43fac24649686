"""Checks the hours of continuing education in the term."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from accounts.models import Person
from common.findings import Cure, Finding, satisfied
from training.hours import LIMITS, Rules, count_hours
from training.models import TrainingRecord
from training.selectors import records_of
from workflow.checks import Case, Facts, condition

from .filing import subject_certificates


def training_facts(cases: Sequence[Case]) -> dict[int, list[TrainingRecord]]:
    """Maps a person to their training records, in two queries."""
    people = dict(Person.objects.filter(pk__in={case.person_id for case in cases}).values_list("pk", "id_number_index"))
    records = records_of(set(people.values()))
    return {person_id: records.get(index, []) for person_id, index in people.items()}


@condition(
    "每个有效期（{term_years} 年）内参加继续教育不少于 {training_hours_per_term} 学时，由培训机构上传记录",
    limits=LIMITS,
)
def enough_training_hours(case: Case, facts: Facts) -> Iterator[Finding]:
    rules = Rules(facts.parameters, case.on)
    records = facts(training_facts).get(case.person_id or 0, [])
    for certificate in subject_certificates(case, facts):
        found = count_hours(certificate, records, rules)
        if not found.is_enough:
            yield Finding(
                "training.missing",
                "继续教育学时不足",
                f"本有效期内需要 {found.needed} 学时，已记录 {found.words} 学时。由培训机构上传合格记录后即可申请。",
                turn="培训机构",
                cure=Cure("查看继续教育记录", url_name="training:mine"),
            )
        else:
            yield satisfied("training.missing", "继续教育学时已满足", f"{found.words} / {found.needed} 学时")
