"""Lists the businesses that can be tried beforehand, each with the questions that its own checks need answered."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from exams.sign_up.eligibility import BEFORE_SIGN_UP
from workflow.business import BUSINESSES, Business, business_of

_WHO = ("registered", "photo")
_OWN = ("category", "state", "ends_on", "busy")
_AT_WORK = ("employed", "gone")
_ON_PAPER = ("category", "ends_on", "others", "bar")
_QUESTIONS = {
    "extension": (*_WHO, *_OWN, *_AT_WORK, "hours", "constructor", "elsewhere"),
    "employer_change": (*_WHO, *_OWN, *_AT_WORK, "last_change", "constructor", "elsewhere"),
    "c3_merge": (*_WHO, "parts", "state", "ends_on", "busy", *_AT_WORK, "elsewhere"),
    "transfer_out": ("registered", *_OWN, "elsewhere"),
    "cancellation": ("registered", *_OWN, "project"),
    "late_entry": (*_WHO, *_ON_PAPER, "employed", "elsewhere"),
    "transfer_in": (*_WHO, *_ON_PAPER, "employed"),
}
_EXAM = (*_WHO, "category", "post", "birth_date", "hired", "education", "professional_title", "constructor")


@dataclass(frozen=True)
class Kind:
    """`kind` is that of the guide, and stands in the address."""

    kind: str
    title: str
    questions: tuple[str, ...]
    business: Business

    @property
    def starts_here(self) -> bool:
        """An exam is signed up for by the enterprise, on its own pages."""
        return self.kind in BUSINESSES


@cache
def _kinds() -> dict[str, Kind]:
    found = [Kind("exam", "考核报名", (*_EXAM, "others", "elsewhere", "bar"), BEFORE_SIGN_UP)]
    for kind, questions in _QUESTIONS.items():
        business = business_of(kind)
        found.append(Kind(kind, business.title, questions, business))
    return {one.kind: one for one in sorted(found, key=lambda one: one.business.order)}


def kinds() -> list[Kind]:
    return list(_kinds().values())


def kind_of(kind: str) -> Kind | None:
    return _kinds().get(kind)
