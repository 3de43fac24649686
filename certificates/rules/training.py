"""Checks the hours of continuing education in the term."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from accounts.models import Person
from certificates.models import Certificate
from common.dates import add_months
from common.findings import Cure, Finding, satisfied
from training.models import TrainingRecord
from training.selectors import records_of
from workflow.checks import Case, Facts, condition

from .filing import subject_certificates


def training_facts(cases: Sequence[Case]) -> dict[int, list[TrainingRecord]]:
    """Maps a person to their training records, in two queries."""
    people = dict(Person.objects.filter(pk__in={case.person_id for case in cases}).values_list("pk", "id_number_index"))
    records = records_of(set(people.values()))
    return {person_id: records.get(index, []) for person_id, index in people.items()}


def hours_in_term(certificate: Certificate, records: Sequence[TrainingRecord], *, term_years: int) -> float:
    """Counts the hours since the present term began; an employer change does not restart the count."""
    starts = add_months(certificate.ends_on + timedelta(days=1), -12 * term_years)
    return float(
        sum(
            record.hours
            for record in records
            if record.ends_on >= starts and record.category in ("", certificate.category)
        )
    )


@condition("每个有效期（{term_years} 年）内参加继续教育不少于 {training_hours_per_term} 学时，由培训机构上传记录")
def enough_training_hours(case: Case, facts: Facts) -> Iterator[Finding]:
    needed = facts.parameters.integer("training_hours_per_term", case.on)
    years = facts.parameters.integer("term_years", case.on)
    records = facts(training_facts).get(case.person_id or 0, [])
    for certificate in subject_certificates(case, facts):
        hours = hours_in_term(certificate, records, term_years=years)
        if hours < needed:
            yield Finding(
                "training.missing",
                "继续教育学时不足",
                f"本有效期内需要 {needed} 学时，已记录 {hours:g} 学时。由培训机构上传合格记录后即可申请。",
                turn="培训机构",
                cure=Cure("查看继续教育记录", url_name="training:mine"),
            )
        else:
            yield satisfied("training.missing", "继续教育学时已满足", f"{hours:g} / {needed} 学时")
