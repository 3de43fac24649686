"""Judges what somebody has told by the same checks that judge an application: the facts are imagined, the rules are not.

The rows below are never saved. Their ids are beyond those of any table, so that what is not imagined is found nowhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from accounts.models import Person
from certificates.enums import IN_FORCE_STATES, Category
from certificates.facts.grace_period import grace_periods_of
from certificates.facts.holdings import Holdings, holdings
from certificates.holding import Held
from certificates.models import Certificate, OutOfProvinceCertificate
from certificates.rules.projects import projects
from certificates.rules.training import training_facts
from common.dates import SHANGHAI
from common.findings import Cure, Finding
from employment.models import Employment
from employment.selectors import WorksFor
from enterprises.enums import EnterpriseStatus, Post, QualificationKind
from enterprises.models import Enterprise, ProjectInProgress, Qualification
from exams.selectors import constructors
from training.models import TrainingRecord
from workflow.checks import Case, Facts, evaluate
from workflow.facts import bars, enterprises, persons
from workflow.models import Application, Bar

from .forms import NONE, OTHER, SAME, YES
from .kinds import Kind

_FIRST = 2**62
ME, PRINTED, PRESENT = _FIRST, _FIRST + 1, _FIRST + 2
_OWN, _OTHERS = _FIRST + 10, _FIRST + 20
_INDEX = "imagined"
_OF_NO_ROW = {"kind"}
"""Parts of an address that name a business; every other one names a row, and the rows are imagined here."""
_POSTS = {Category.A: Post.GENERAL_MANAGER, Category.B: Post.PROJECT_MANAGER}


class Told:
    """Turns the answers of one form into the rows that checks ask for."""

    def __init__(self, kind: Kind, answers: Mapping[str, Any], today: date) -> None:
        self.kind, self.answers, self.today = kind, answers, today
        self.person = Person(
            pk=ME,
            name="本人",
            id_number_index=_INDEX,
            registered_at=datetime.combine(today, time(), SHANGHAI) if answers.get("registered") == YES else None,
            id_photo="imagined" if answers.get("photo") == YES else "",
            birth_date=answers.get("birth_date") or date(1980, 1, 1),
            education=answers.get("education", ""),
            professional_title=answers.get("professional_title", ""),
        )
        gone = EnterpriseStatus.DISSOLVED if answers.get("gone") == YES else EnterpriseStatus.EXISTING
        self.printed = Enterprise(
            pk=PRINTED, name="证书上的单位" if "hired" not in answers else "给您报名的企业", status=gone
        )
        self.present = Enterprise(pk=PRESENT, name="现在聘用您的单位", status=EnterpriseStatus.EXISTING)
        self.certificates = self._certificates()

    @property
    def category(self) -> str:
        return str(self.answers.get("category", ""))

    @property
    def has_certificate(self) -> bool:
        """A certificate that is to be entered, exchanged or obtained is none yet."""
        return "state" in self.answers

    @property
    def employer(self) -> Enterprise | None:
        where = self.answers.get("employed") or self.answers.get("hired", NONE)
        return {SAME: self.printed, OTHER: self.present}.get(where)

    @property
    def post(self) -> str:
        """An A has the post that was named, and B and C have one each by law."""
        of_category = _POSTS.get(Category(self.category), Post.SAFETY_OFFICER) if self.category else ""
        return str(self.answers.get("post") or of_category)

    def _certificates(self) -> list[Certificate]:
        own = self.answers.get("parts", [self.category]) if self.has_certificate else []
        every = [(_OWN + place, one) for place, one in enumerate(own)]
        every += [(_OTHERS + place, one) for place, one in enumerate(self.answers.get("others", []))]
        return [self._certificate(pk, category) for pk, category in every]

    def _certificate(self, pk: int, category: str) -> Certificate:
        is_own = pk < _OTHERS
        return Certificate(
            pk=pk,
            number="您的证书" if is_own else f"您的{category}证",
            category=category,
            post=_POSTS.get(Category(category), Post.SAFETY_OFFICER),
            person=self.person,
            enterprise=self.printed,
            enterprise_name=self.printed.name,
            ends_on=self.answers["ends_on"] if is_own else self.today + timedelta(days=365),
            legal_state=self.answers["state"] if is_own else "01",
            last_change_on=self.answers.get("last_change"),
        )

    # --- what the checks load ---

    def known(self, case: Case) -> dict[Any, Any]:
        firms = {one.pk: one for one in (self.printed, self.present)}
        return {
            persons: {ME: self.person},
            enterprises: firms,
            holdings: self._holdings(),
            training_facts: {ME: self._records()},
            constructors: {ME: self._registrations()},
            projects: {ME: self._projects()},
            bars: {ME: self._bars(case)},
        }

    def _holdings(self) -> Holdings:
        under_way = self._under_way()
        late = grace_periods_of(self.certificates, {}, [], on=self.today)
        in_grace = {pk: over for pk, over in late.items() if over.is_open(self.today)}
        elsewhere = self._elsewhere()
        return Holdings(
            on=self.today,
            certificates={one.pk: one for one in self.certificates},
            held=tuple(self._held(one, one.pk in in_grace) for one in self.certificates),
            open_applications=under_way,
            works_for=WorksFor({ME: job} if (job := self._job()) else {}),
            grace_periods=late,
            in_grace=in_grace,
            constructors={_INDEX: self._registrations()},
            all_out_of_province={ME: elsewhere} if elsewhere else {},
        )

    def _held(self, one: Certificate, is_in_grace: bool) -> Held:
        in_force = one.legal_state in IN_FORCE_STATES and (one.ends_on >= self.today or is_in_grace)
        return Held(one.pk, ME, one.enterprise_id, one.category, one.post, one.number, in_force)

    def _job(self) -> Employment | None:
        if self.employer is None:
            return None
        started = datetime.combine(self.today, time(), SHANGHAI)
        return Employment(person=self.person, enterprise=self.employer, posts=[self.post], started_at=started)

    def _under_way(self) -> dict[int, Application]:
        if self.answers.get("busy") != YES:
            return {}
        case = Application(pk=_FIRST, number="")
        return {one.pk: case for one in self.certificates if one.pk < _OTHERS}

    def _records(self) -> list[TrainingRecord]:
        hours = self.answers.get("hours")
        if not hours:
            return []
        day = min(self.today, self.answers["ends_on"])
        return [TrainingRecord(pk=_FIRST, hours=hours, starts_on=day, ends_on=day, category="")]

    def _registrations(self) -> list[Qualification]:
        where = self.answers.get("constructor")
        if where not in (SAME, OTHER):
            return []
        firm = self.employer if where == SAME else Enterprise(pk=_FIRST + 3, name="别的单位")
        return [Qualification(kind=QualificationKind.CONSTRUCTOR, enterprise=firm, id_number_index=_INDEX)]

    def _projects(self) -> list[ProjectInProgress]:
        has_one = self.answers.get("project") == YES
        return [ProjectInProgress(name="您任职的项目", number="以登记为准", post="以登记为准")] if has_one else []

    def _elsewhere(self) -> list[OutOfProvinceCertificate]:
        ends = self.answers.get("elsewhere")
        return [OutOfProvinceCertificate(number="", province="外省", valid_to=ends)] if ends else []

    def _bars(self, case: Case) -> list[Bar]:
        ends: date | None = self.answers.get("bar")
        if ends is None:
            return []
        return [
            Bar(scope=one, source="您填写的情况", starts_on=date.min, ends_on=ends)
            for one in case.business.bar_scopes(case)
        ]


def what_is_missing(kind: Kind, answers: Mapping[str, Any], today: date) -> list[Finding]:
    """Answers what blocks and what should be known, by the checks of the business itself."""
    told = Told(kind, answers, today)
    case = _case(told)
    found = evaluate([case], Facts([case], known=told.known(case)))[case]
    unmet = (one for one in found if not one.met)
    return list({(one.message, one.detail): _for_a_stranger(one) for one in unmet}.values())


def _case(told: Told) -> Case:
    case = Case(
        business=told.kind.business,
        filing_day=told.today,
        on=told.today,
        person_id=ME,
        enterprise_id=PRINTED if "hired" in told.answers or not told.employer else told.employer.pk,
        former_enterprise_id=PRINTED,
        subjects=tuple(one.pk for one in told.certificates if one.pk < _OTHERS),
    )
    if told.has_certificate:
        return case
    ends = told.answers.get("ends_on")
    payload = {"category": told.category, "post": told.post, "valid_to": ends.isoformat() if ends else ""}
    return replace(case, payload=payload)


def _for_a_stranger(finding: Finding) -> Finding:
    """A link about a thing that is only imagined leads to the guide instead, or is left out."""
    cure = finding.cure
    if cure is None:
        return finding
    if cure.business:
        guide = Cure(f"{cure.label}的指南", url_name="workflow:guide", kwargs={"kind": cure.business})
        return replace(finding, cure=guide)
    return finding if set(cure.kwargs) <= _OF_NO_ROW else replace(finding, cure=None)
