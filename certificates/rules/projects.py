"""Checks that the holder is in no project in progress."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from accounts.models import Person
from common.findings import Finding, satisfied
from enterprises.models import ProjectInProgress
from workflow.checks import Case, Facts, condition


def projects(cases: Sequence[Case]) -> dict[int, list[ProjectInProgress]]:
    """Maps a person to the projects in progress that name them, in two queries."""
    people = dict(Person.objects.filter(pk__in={case.person_id for case in cases}).values_list("id_number_index", "pk"))
    found: dict[int, list[ProjectInProgress]] = {}
    for project in ProjectInProgress.objects.filter(id_number_index__in=people, finished_on__isnull=True):
        found.setdefault(people[project.id_number_index], []).append(project)
    return found


@condition("没有在建项目")
def no_project_in_progress(case: Case, facts: Facts) -> Iterator[Finding]:
    own = facts(projects).get(case.person_id or 0, [])
    for project in own:
        yield Finding(
            "cancellation.project",
            f"有在建项目：{project.name}",
            f"项目编号{project.number}，岗位{project.post or '未填'}。项目竣工或人员变更登记后才能注销证书。",
            turn="企业",
            facts={"project": project.number},
        )
    if not own:
        yield satisfied("cancellation.project", "没有在建项目")
