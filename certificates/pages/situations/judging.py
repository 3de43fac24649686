"""Judges the situation of every certificate of one person, by the checks that the application itself is filed by."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

from certificates.enums import LegalState
from certificates.facts.holdings import Holdings, holdings, load_holdings
from certificates.models import Certificate
from certificates.rules.training import training_facts
from certificates.state.display import StatusAnswer, answer_all
from common.dates import chinese_date, months_before
from common.findings import Cure, Finding, blocking
from training.hours import Count, Rules, count_hours, in_hours
from workflow.business import business_of
from workflow.checks import Case, Facts, evaluate
from workflow.facts import enterprises, persons
from workflow.models import Application
from workflow.selectors.expected import expected_end
from workflow.selectors.lists import is_at_filer

from .endings import ended
from .reading import ENDED, Known, known_of_many
from .situation import Situation

EXTENSION = "extension"
URGENT, ABNORMAL, OPEN, OTHER, IN_ORDER, LAST = range(6)
STUDY = Cure("去学习", url_name="training:mine")
TOO_LATE = Cure("来不及怎么办", url_name="workflow:guide", kwargs={"kind": EXTENSION})


def situations_of(facts: Holdings, known: Known) -> list[Situation]:
    """Answers first what ends first, then what cannot be used, what is under way, what is in order, and what has ended.

    No line is green while another certificate of the person ends or cannot be used.
    """
    judge = _Judge(facts, known, answer_all(facts))
    found = sorted((judge.situation(one) for one in facts.certificates.values()), key=lambda one: one.order)
    if any(one.tone in ("bad", "warn") for one in found):
        found = [replace(one, tone="") if one.tone == "good" else one for one in found]
    return _with_one_primary(found)


def pressing_of(person_ids: Collection[int]) -> dict[int, Situation]:
    """Maps certificates of these people that end soon to their situations, for reminders; a constant number of queries."""
    facts = load_holdings(person_ids)
    judge = _Judge(facts, known_of_many(person_ids), answer_all(facts))
    found = {pk: judge.situation(one) for pk, one in facts.certificates.items()}
    return {pk: one for pk, one in found.items() if one.rank == URGENT}


def _with_one_primary(found: Sequence[Situation]) -> list[Situation]:
    first = next((one for one in found if one.act is not None and one.rank in (URGENT, ABNORMAL)), None)
    return [replace(one, is_pressing=True) if one is first else one for one in found]


@dataclass(frozen=True)
class _Judge:
    facts: Holdings
    known: Known
    answers: Mapping[int, StatusAnswer]

    @property
    def today(self) -> date:
        return self.facts.on

    def situation(self, one: Certificate) -> Situation:
        answer, case = self.answers[one.pk], self.known.cases.get(one.pk)
        if one.legal_state in ENDED or self._is_past(one):
            return ended(one, answer, self.known, rank=LAST)
        if one.legal_state == LegalState.TRANSFERRING:
            return self._transferring(one, answer)
        if case is not None:
            return self._under_way(one, answer, case)
        if one.legal_state == LegalState.VALID and self.opens_on(one) <= self.today:
            return _advised(self._ending(one, answer))
        return self._in_order(one, answer) if answer.is_normal else _advised(self._unusable(one, answer))

    def _is_past(self, one: Certificate) -> bool:
        """The night will end it; nothing can be filed about it any more."""
        return one.legal_state == LegalState.VALID and one.ends_on < self.today and one.pk not in self.facts.in_grace

    def opens_on(self, one: Certificate) -> date:
        return months_before(one.ends_on, self.known.book.integer("extension_window_months", self.today))

    def _hours(self, one: Certificate) -> Count:
        return count_hours(one, self.known.training.get(one.person_id, []), Rules(self.known.book, self.today))

    # --- what is under way ---

    def _under_way(self, one: Certificate, answer: StatusAnswer, case: Application) -> Situation:
        business = business_of(case.kind)
        is_own = case.person_id == one.person_id
        look = Cure("查看进度", url_name="workflow:detail", kwargs={"number": case.number}) if is_own else None
        usable = answer.is_normal
        if is_own and is_at_filer(case):
            until = (
                f"{chinese_date(case.due_on)}（含）前补好再提交，过期视为撤回。" if case.due_on else "补好后再提交。"
            )
            cure = Cure("去补正", url_name="workflow:edit", kwargs={"number": case.number})
            return self._of(
                one,
                answer,
                "warn",
                URGENT,
                f"{business.button}被退回，等您补正",
                "办理未完成",
                until,
                act=cure,
                case=case,
            )
        return self._of(
            one,
            answer,
            "info" if usable else "bad",
            OPEN if usable else ABNORMAL,
            f"{business.button}办理中",
            "证书照常使用" if usable else "办结前不能使用",
            self._whose_turn(one, case),
            act=look,
            case=case,
        )

    def _whose_turn(self, one: Certificate, case: Application) -> str:
        holder = case.holder_office or case.holder_enterprise or case.holder_person
        is_holder = case.holder_person_id == one.person_id
        words = f"现在轮到{'您本人' if is_holder else holder.name}" if holder else "正在办理"
        end = expected_end(case, self.known.book, self.facts.working_days, today=self.today)
        when = f"，预计 {chinese_date(end)}前办结" if end else ""
        return f"{words}{when}。{'' if is_holder or holder is None else '您不用做什么。'}"

    # --- what ends soon ---

    def _ending(self, one: Certificate, answer: StatusAnswer) -> Situation:
        left = (one.ends_on - self.today).days
        title = f"还有 {left} 天到期" if left > 0 else "今天到期" if left == 0 else "有效期已届满"
        days = left if left > 0 else None
        last = chinese_date(self.facts.last_day_to_extend(one))
        missing = tuple(self._missing[one.pk])
        if not missing:
            act = Cure("办理延续", business=EXTENSION, query={"certificate": one.pk})
            sentence = f"条件都已满足。{last}（含）前提交，办理期间证书照常使用。"
            return self._of(one, answer, "warn", URGENT, title, "可以延续", sentence, act=act, days=days)
        hours = self._hours(one)
        lacks = not hours.is_enough
        note = f"还差 {in_hours(hours.missing)} 学时，{last}（含）前学完并提交延续" if lacks else ""
        others = [finding for finding in missing if finding.code != "training.missing"]
        cures = [finding.cure for finding in others if finding.cure is not None]
        mark = "还不能延续" if answer.is_normal else "异常状态，还不能延续"
        acts = [*([STUDY] if lacks else []), *cures]
        return replace(
            self._of(one, answer, "bad", URGENT, title, mark, _reasons(others), days=days),
            hours=hours if lacks else None,
            hours_note=note,
            act=acts[0] if acts else None,
            also=(*_distinct(acts[1:], acts[:1]), TOO_LATE),
            missing=missing,
        )

    @cached_property
    def _missing(self) -> dict[int, list[Finding]]:
        """Maps a certificate whose window is open to what stands against its extension, as the start page would say it."""
        due = [
            one
            for one in self.facts.certificates.values()
            if one.legal_state == LegalState.VALID and self.opens_on(one) <= self.today
        ]
        cases = {one.pk: self._case(one) for one in due}
        found = evaluate(list(cases.values()), self._facts(list(cases.values())))
        return {pk: blocking(found[case]) for pk, case in cases.items()}

    def _case(self, one: Certificate) -> Case:
        employer = self.facts.works_for.employer(one.person_id)
        return Case(
            business=business_of(EXTENSION),
            filing_day=self.today,
            on=self.today,
            person_id=one.person_id,
            enterprise_id=employer.pk if employer else one.enterprise_id,
            former_enterprise_id=one.enterprise_id,
            subjects=(one.pk,),
        )

    def _facts(self, cases: Sequence[Case]) -> Facts:
        places = [one.enterprise for one in self.facts.certificates.values()]
        employers = [job.enterprise for job in self.facts.works_for.employment.values()]
        known: dict[Callable[[Sequence[Case]], Any], Any] = {
            holdings: self.facts,
            persons: self.known.people,
            enterprises: {one.pk: one for one in (*places, *employers) if one is not None},
            training_facts: self.known.training,
        }
        return Facts(cases, self.known.book, known=known)

    # --- what cannot be used, what is in order ---

    def _unusable(self, one: Certificate, answer: StatusAnswer) -> Situation:
        reasons = answer.reasons
        cures = _distinct([finding.cure for finding in reasons if finding.cure is not None])
        suspended = one.legal_state == LegalState.SUSPENDED
        return replace(
            self._of(
                one,
                answer,
                "bad",
                ABNORMAL,
                "暂扣中" if suspended else "异常状态",
                "不能用于投标、上岗",
                _reasons(reasons),
                act=cures[0] if cures else None,
            ),
            also=tuple(cures[1:]),
            missing=tuple(reasons),
        )

    def _transferring(self, one: Certificate, answer: StatusAnswer) -> Situation:
        act = Cure("调出证明", url_name="certificates:detail", kwargs={"pk": one.pk})
        sentence = "凭调出证明到转入的省份办理转入；证书在本省不能再使用和变更。"
        return self._of(one, answer, "info", OTHER, "已办理跨省调出", "等转入地办结", sentence, act=act)

    def _in_order(self, one: Certificate, answer: StatusAnswer) -> Situation:
        advice = [finding for finding in answer.findings if finding.blocking is False]
        cures = [finding.cure for finding in advice if finding.cure is not None]
        hours = self._hours(one)
        note = f"学时 {hours.words} / {hours.needed}，{chinese_date(self.opens_on(one))}起可办理延续"
        return replace(
            self._of(
                one,
                answer,
                "info" if advice else "good",
                OTHER if advice else IN_ORDER,
                "正常使用",
                f"到 {chinese_date(one.ends_on)}",
                _advice(advice),
                act=cures[0] if cures else None,
            ),
            also=tuple(_distinct(cures[1:], cures[:1])),
            hours_note=note,
            missing=tuple(advice),
        )

    def _of(
        self,
        one: Certificate,
        answer: StatusAnswer,
        tone: str,
        rank: int,
        title: str,
        mark: str,
        sentence: str,
        *,
        act: Cure | None = None,
        days: int | None = None,
        case: Application | None = None,
    ) -> Situation:
        return Situation(one, answer, tone, rank, title, mark, sentence, days=days, act=act, case=case)


def _advised(found: Situation) -> Situation:
    """Adds what the holder may put right besides. An extension that is due is what the situation itself speaks of."""
    advice = [
        finding
        for finding in found.answer.findings
        if not finding.blocking and finding.cure is not None and finding.cure.business != EXTENSION
    ]
    cures = [finding.cure for finding in advice if finding.cure is not None]
    offered = [cure for cure in (found.act, *found.also) if cure is not None]
    added = _distinct(cures, offered)
    return replace(found, sentence=f"{found.sentence}{_advice(advice)}", also=(*found.also, *added))


def _distinct(cures: Sequence[Cure], but: Sequence[Cure] = ()) -> list[Cure]:
    """Two reasons that have one cure make one button."""
    seen = {_address(cure) for cure in but}
    found = []
    for cure in cures:
        if _address(cure) not in seen:
            seen.add(_address(cure))
            found.append(cure)
    return found


def _address(cure: Cure) -> tuple[str, str, str]:
    return cure.business or cure.url_name, str(dict(cure.kwargs)), str(dict(cure.query))


def _reasons(findings: Sequence[Finding]) -> str:
    said = _said(findings)
    return f"原因：{said[0]}" if len(said) == 1 else "".join(f"{place}. {words}" for place, words in enumerate(said, 1))


def _advice(findings: Sequence[Finding]) -> str:
    return f"提示：{''.join(_said(findings))}" if findings else ""


def _said(findings: Sequence[Finding]) -> list[str]:
    return [
        f"{finding.message}。{finding.detail}" if finding.detail else f"{finding.message}。" for finding in findings
    ]
