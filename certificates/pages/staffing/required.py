"""Compares who must hold which certificate with who can use one, and says the cheapest way out of a shortfall.

Leading posts need A and project managers B (住建部令第17号); the number of safety officers with C depends on the
qualification of the enterprise (建质〔2008〕91号第八条), by parameters that the province changes with a day of effect.

Officers of a project (第十三条) depend on its area or contract sum, which the register of projects in progress does not
have (`enterprises.models.ProjectInProgress`), so that they are named and not counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from administration.parameters.book import ParameterBook
from certificates.enums import DisplayStatus
from common.findings import Cure
from enterprises.enums import EnterpriseGrade, Post

from .board import Board

LEADERS = frozenset(
    {
        Post.LEGAL_REPRESENTATIVE,
        Post.GENERAL_MANAGER,
        Post.SAFETY_DEPUTY,
        Post.PRODUCTION_DEPUTY,
        Post.TECHNICAL_LEAD,
        Post.SAFETY_DIRECTOR,
    }
)
PROFILE = Cure("填写本企业的资质", "enterprises:profile")
EXAMS = Cure("报名考试", "exams:enterprise")
EMPLOY = Cure("聘用已持证人员", "employment:propose")


@dataclass(frozen=True)
class Need:
    """`required` is None where it is not known. All numbers are people; `unusable` hold a certificate that they may not
    use now, and are not among `present`.
    """

    letter: str
    who: str
    required: int | None
    present: int
    unusable: int
    basis: str
    unheld_query: dict[str, str]

    @property
    def missing(self) -> int:
        return max((self.required or 0) - self.present, 0)

    @property
    def way_out(self) -> str:
        """Restoring what is there costs least; then people here are examined, or others employed."""
        if not self.missing:
            return ""
        restored = min(self.missing, self.unusable)
        left = self.missing - restored
        if not left:
            return f"另有 {self.unusable} 人的{self.letter}证为异常状态，恢复 {restored} 人的就够。"
        begin = f"另有 {restored} 人的{self.letter}证为异常状态，恢复后还差 {left} 人：" if restored else ""
        return f"{begin}为在聘人员报名考试，或者聘用已持证的人员。"

    @property
    def cures(self) -> list[Cure]:
        if not self.missing:
            return [PROFILE] if self.required is None else []
        cures = []
        if self.unusable:
            cures.append(Cure("看异常状态的证书", "certificates:staff", query={"state": "abnormal"}))
        if self.missing > self.unusable:
            without = Cure(f"看没有{self.letter}证的人员", "certificates:staff", query=self.unheld_query)
            cures += [*([without] if self.unheld_query else []), EXAMS, EMPLOY]
        return cures


def needs_of(board: Board, grades: Sequence[str], book: ParameterBook) -> list[Need]:
    """Reads nothing that the board has not read."""
    jobs = board.roster.jobs
    leaders = {person_id for person_id, job in jobs.items() if LEADERS & set(job.posts)}
    managers = {person_id for person_id, job in jobs.items() if Post.PROJECT_MANAGER in job.posts}
    officers, basis = _officers(board, grades, book)
    return [
        _need(board, "A", "企业主要负责人", leaders, len(leaders), "按在聘人员的职务，每人都应持A证", {}),
        _need(
            board,
            "B",
            "项目负责人",
            managers,
            len(managers),
            "按在聘人员的职务，每人都应持B证",
            {"state": "none", "category": "B", "post": Post.PROJECT_MANAGER.value},
        ),
        _need(board, "C", "专职安全生产管理人员", set(jobs), officers, basis, {}),
    ]


def _need(
    board: Board,
    letter: str,
    who: str,
    people: set[int],
    required: int | None,
    basis: str,
    unheld_query: dict[str, str],
) -> Need:
    held = [one for one in board.roster.held if one.category[0] == letter and one.person_id in people]
    usable = {one.person_id for one in held if one.display_status == DisplayStatus.NORMAL}
    unusable = {one.person_id for one in held} - usable
    return Need(letter, who, required, len(usable), len(unusable), basis, unheld_query)


def _officers(board: Board, grades: Sequence[str], book: ParameterBook) -> tuple[int | None, str]:
    """Lets the qualification that asks for most count, where there are several."""
    known = [grade for grade in EnterpriseGrade if grade in grades]
    if not known:
        return None, "还没有填写本企业的资质，不能计算"
    asked = {grade: book.integer(f"safety_officers_{grade.value}", board.today) for grade in known}
    most = max(known, key=lambda grade: asked[grade])
    source = book.row(f"safety_officers_{most.value}", board.today).document_number
    return asked[most], f"{most.label}企业不少于 {asked[most]} 人（{source}）；项目部按在建项目另行配备"
