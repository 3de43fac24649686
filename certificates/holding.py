"""Applies the national rules on which certificates a person may hold, to facts of whole sets of people.

One implementation serves one certificate, a decision (before and after) and an enterprise's or a city's list. It reads
nothing from the database.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations

from enterprises.enums import Post

from .enums import C_CATEGORIES, Category


@dataclass(frozen=True)
class Held:
    """Holds the data of a certificate that these rules use.

    `in_force` means legal state 01, 02 or 06, and not past its end or with an extension filed in time.
    """

    certificate_id: int
    person_id: int
    enterprise_id: int | None
    category: str
    post: str
    number: str = ""
    in_force: bool = True


@dataclass(frozen=True)
class Violation:
    """Names the certificates that break one rule together.

    `marked` are shown as abnormal: the ones not at the present employer, else all.
    """

    code: str
    certificate_ids: frozenset[int]
    marked: frozenset[int]


SENTENCES = {
    "A-1": "多本A证须在不同企业，且最多一本的职务不是法定代表人",
    "A-2": "一家企业只能有一本职务为法定代表人的A证",
    "A-3": "同时持有A证和B证、C证的，至少一本A证应与B证、C证在同一企业",
    "B-1": "全国只能持有一本B证",
    "BC-1": "B证与C证不在同一企业",
    "C-1": "C1证和C2证合计只能持有一本，两种都有的应合并为C3证",
    "C-2": "C3证只能持有一本，且不能与C1证、C2证同时持有",
    "X-1": "持有外省有效证书，换证或注销后才能在本省办理业务",
}


def violations(held: Iterable[Held], employer: Mapping[int, int | None]) -> list[Violation]:
    """`employer` maps a person to the enterprise of the active employment."""
    in_force = [one for one in held if one.in_force]
    by_person: dict[int, list[Held]] = defaultdict(list)
    for one in in_force:
        by_person[one.person_id].append(one)
    found = [
        violation
        for person_id, own in sorted(by_person.items())
        for violation in _of_person(own, employer.get(person_id))
    ]
    return found + _legal_representatives(in_force)


def newly_caused(before: Iterable[Violation], after: Iterable[Violation]) -> list[Violation]:
    """A decision is refused only for the violations that it causes, because earlier ones are lawful.

    The rest of a larger violation is not new: of three certificates that break a rule, one must be allowed to go.
    """
    known = defaultdict(list)
    for violation in before:
        known[violation.code].append(violation.certificate_ids)
    return [one for one in after if not any(one.certificate_ids <= group for group in known[one.code])]


def _of_person(own: list[Held], employer: int | None) -> list[Violation]:
    a = [one for one in own if one.category == Category.A]
    b = [one for one in own if one.category == Category.B]
    c = [one for one in own if one.category in C_CATEGORIES]
    c3 = [one for one in c if one.category == Category.C3]
    found = _several_a(a, employer)
    if len(b) > 1:
        found.append(_marked("B-1", b, employer))
    if b and c and len({one.enterprise_id for one in b + c}) > 1:
        found.append(_marked("BC-1", b + c, employer))
    if a and (b or c):
        places = {one.enterprise_id for one in a}
        stray = [one for one in b + c if one.enterprise_id not in places]
        if stray:
            found.append(_marked("A-3", a + stray, employer))
    if len(c3) > 1 or (c3 and len(c) > len(c3)):
        found.append(_marked("C-2", c, employer))
    elif not c3 and len(c) > 1:
        found.append(_marked("C-1", c, employer))
    return found


def _several_a(a: list[Held], employer: int | None) -> list[Violation]:
    found = []
    for one, other in combinations(a, 2):
        same_place = one.enterprise_id == other.enterprise_id
        both_employed = Post.LEGAL_REPRESENTATIVE not in (one.post, other.post)
        if same_place or both_employed:
            found.append(_marked("A-1", [one, other], employer))
    return found


def _legal_representatives(in_force: list[Held]) -> list[Violation]:
    by_enterprise: dict[int, list[Held]] = defaultdict(list)
    for one in in_force:
        if one.category == Category.A and one.post == Post.LEGAL_REPRESENTATIVE and one.enterprise_id is not None:
            by_enterprise[one.enterprise_id].append(one)
    return [
        Violation("A-2", frozenset(one.certificate_id for one in group), frozenset(one.certificate_id for one in group))
        for _, group in sorted(by_enterprise.items())
        if len({one.person_id for one in group}) > 1
    ]


def _marked(code: str, group: list[Held], employer: int | None) -> Violation:
    everyone = frozenset(one.certificate_id for one in group)
    elsewhere = frozenset(one.certificate_id for one in group if one.enterprise_id != employer)
    return Violation(code, everyone, elsewhere if elsewhere and elsewhere != everyone else everyone)
