"""What clerks do to the records of the random walk: merges, deaths and other codes, each with its way back."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from accounts.corrections.services import Grounds, refuse_correction
from accounts.deaths.selectors import state_of as what_dies
from accounts.deaths.services import ask_for_death, ask_to_take_back, decide_death, refuse_death
from accounts.enums import CorrectionKind, CorrectionOutcome, Duty
from accounts.merging.selectors import state_of as what_both_hold
from accounts.merging.services import Pair, ask_for_merge, ask_for_undoing, decide_merge
from accounts.models import Person, RegisterCorrection, User
from certificates.state.snapshots import refresh_for_people
from enterprises.code_change.services import NewCode, change_code
from enterprises.models import Enterprise
from tests.factories import make_enterprise, make_person, make_staff, make_training, make_uscc
from tests.worlds.base import scan
from workflow.enums import BarScope
from workflow.models import Bar

from .promises import BrokenPromise

if TYPE_CHECKING:
    from .machine import Machine

PEOPLE = 8
"""Records at most; each takes part in every comparison."""
LIVING = 4
"""As many stay alive, or nothing would be filed any more."""
DEATHS = (CorrectionKind.DEATH, CorrectionKind.DEATH_UNDO)


class Register:
    """Each method does one thing and says what it was, like those of the machine."""

    def __init__(self, machine: Machine, clerks: list[User]) -> None:
        self.machine = machine
        self.random = machine.random
        self.clerks = clerks
        self.deciders = [machine.province.decider, make_staff(machine.province.provincial, Duty.DECIDE, name="高厅")]
        self.shown: dict[int, str] = {}
        """What the page of each waiting correction showed when it was asked for."""
        self.bars_of: dict[int, set[int]] = {}
        """The bars of a record before it was merged into another one, by the merge."""
        self.new_owners: dict[int, int] = {}
        """The person of a bar, where the last step has changed that."""
        self.codes = {one.uscc: one.pk for one in machine.enterprises}
        """Every code by which an enterprise has to be found."""

    # --- two records of one person ---

    def ask_for_merge(self) -> str:
        """Of two people of the walk, which is mostly refused, or of one and a second record of the same."""
        people = self.machine.people
        kept = self.random.choice(people)
        is_new = len(people) < PEOPLE and self.random.random() < 0.7
        gone = self._second_record(kept) if is_new else self.random.choice(people)
        first = self.random.choice(self.clerks)
        said = self.machine.attempt(
            f"{gone.pk} shall be merged into {kept.pk}",
            lambda: self._remember(
                ask_for_merge(Pair(_read(kept), _read(gone)), grounds=_grounds(), by=first, now=self.machine.now)
            ),
        )
        return said

    def _second_record(self, person: Person) -> Person:
        made = make_person(person.name, birth_date=person.birth_date)
        if self.random.random() < 0.7:
            self.machine.find_certificate(made)
        if self.random.random() < 0.5:
            make_training(made, ends_on=self.machine.today)
        if self.random.random() < 0.4:
            today = self.machine.today
            Bar.objects.create(
                person=made, scope=BarScope.CERTIFICATES, starts_on=today, ends_on=today + timedelta(days=30)
            )
        refresh_for_people([made.pk])
        self.machine.people.append(made)
        self.machine.forget_actors()
        return made

    def ask_to_undo_a_merge(self) -> str:
        merges = RegisterCorrection.objects.filter(kind=CorrectionKind.MERGE, outcome=CorrectionOutcome.DONE)
        merge = self.machine.any(merges.filter(undone_by=None).order_by("pk"))
        if merge is None:
            return "nothing is merged"
        return self.machine.attempt(
            f"the merge of {merge.other_id} into {merge.person_id} shall be undone",
            lambda: self._remember(
                ask_for_undoing(merge, grounds=_grounds(), by=self.random.choice(self.clerks), now=self.machine.now)
            ),
        )

    # --- deaths ---

    def ask_for_death(self) -> str:
        living = self.machine.living()
        if len(living) <= LIVING:
            return "enough have died"
        person = self.random.choice(living)
        day = self.machine.today - timedelta(days=self.random.choice((0, 1, 40, -1)))
        return self.machine.attempt(
            f"the death of {person.pk} on {day}",
            lambda: self._remember(
                ask_for_death(_read(person), died_on=day, grounds=_grounds(), by=self._somebody(), now=self.machine.now)
            ),
        )

    def ask_to_take_a_death_back(self) -> str:
        done = RegisterCorrection.objects.filter(kind=CorrectionKind.DEATH, outcome=CorrectionOutcome.DONE)
        death = self.machine.any(done.order_by("pk"))
        if death is None:
            return "nobody has died"
        return self.machine.attempt(
            f"the death of {death.person_id} was none",
            lambda: self._remember(
                ask_to_take_back(death, grounds=_grounds(), by=self._somebody(), now=self.machine.now)
            ),
        )

    def _somebody(self) -> User:
        return self.random.choice([*self.clerks, *self.deciders])

    # --- what waits for a second one ---

    def _remember(self, case: RegisterCorrection) -> None:
        self.shown[case.pk] = self._state(case)

    def _state(self, case: RegisterCorrection) -> str:
        person = _read(case.person)
        return what_dies(person) if case.other is None else what_both_hold(person, _read(case.other))

    def decide(self) -> str:
        """On a page that is old or new; sometimes by the one who has asked, or by one who has not the duty."""
        case = self.machine.any(RegisterCorrection.objects.filter(outcome="").order_by("pk"))
        if case is None:
            return "no correction waits"
        is_death, present = case.kind in DEATHS, self._state(case)
        by = self.random.choice(self.deciders if is_death and self.random.random() < 0.8 else self.clerks)
        shown = self.shown[case.pk] if self.random.random() < 0.25 else present
        if self.random.random() < 0.1:
            return self._refuse(case, by)
        bars = set(Bar.objects.filter(person=case.other).values_list("pk", flat=True)) if case.other else set()
        decided = decide_death if is_death else decide_merge
        said = self.machine.attempt(
            f"{by.name} decides {case.kind} {case.pk} of {case.person_id}",
            lambda: decided(case, state=shown, by=by, now=self.machine.now),
        )
        if not said.endswith("✓"):
            # It is looked at again later, or taken back, so that another can be asked for.
            return f"{said}; {self._refuse(case, by)}" if self.random.random() < 0.5 else said
        if case.requested_by_id == by.pk or shown != present or (is_death and by not in self.deciders):
            raise BrokenPromise(f"{said}, asked by {case.requested_by.name}, shown {shown}, present {present}")
        self._follow(case, bars)
        return said

    def _refuse(self, case: RegisterCorrection, by: User) -> str:
        call = refuse_death if case.kind in DEATHS else refuse_correction
        return self.machine.attempt(
            f"{by.name} refuses {case.kind} {case.pk}",
            lambda: call(case, answer="证明不足", by=by, now=self.machine.now),
        )

    def _follow(self, case: RegisterCorrection, bars: set[int]) -> None:
        """The walk goes on with the records that are left."""
        people = self.machine.people
        if case.kind == CorrectionKind.MERGE and case.other is not None:
            people[:] = [one for one in people if one.pk != case.other_id]
            self.bars_of[case.pk] = bars
            self.new_owners = dict.fromkeys(bars, case.person_id)
        elif case.kind == CorrectionKind.UNMERGE and case.other is not None:
            people.append(_read(case.other))
            self.new_owners = dict.fromkeys(self.bars_of.pop(case.undoes_id or 0), case.other_id or 0)
        self.machine.forget_actors()
        refresh_for_people([one.pk for one in people])

    # --- codes of enterprises ---

    def change_code(self) -> str:
        """To a new code, an earlier one of its own, or one by which another enterprise is known."""
        enterprise = Enterprise.objects.get(pk=self.random.choice(self.machine.enterprises).pk)
        code = self._some_code(enterprise)
        seen = enterprise.uscc if self.random.random() < 0.8 else make_uscc()
        keeps = self.random.random() < 0.8
        new = NewCode(code, "变更登记通知书〔2026〕1号", self.machine.today, "三证合一", scan(), keeps_former=keeps)
        said = self.machine.attempt(
            f"{enterprise.pk} gets another code",
            lambda: change_code(
                enterprise_id=enterprise.pk, new=new, seen=seen, by=self.clerks[0], now=self.machine.now
            ),
        )
        if said.endswith("✓"):
            if seen != enterprise.uscc or self.codes.get(code, enterprise.pk) != enterprise.pk:
                raise BrokenPromise(f"{said}, seen {seen}, code {code}")
            if not keeps:
                del self.codes[enterprise.uscc]
            self.codes[code] = enterprise.pk
        return said

    def _some_code(self, enterprise: Enterprise) -> str:
        chance = self.random.random()
        own = sorted(code for code, pk in self.codes.items() if pk == enterprise.pk and code != enterprise.uscc)
        if chance < 0.5:
            return make_uscc()
        if chance < 0.7 and own:
            return self.random.choice(own)
        if chance < 0.9:
            return self.random.choice(sorted(self.codes))
        return make_enterprise().uscc  # an entry on which nothing hangs


def _read(person: Person) -> Person:
    return Person.objects.select_related("user").get(pk=person.pk)


def _grounds() -> Grounds:
    return Grounds("证明〔2026〕1号", "经核对", scan())
