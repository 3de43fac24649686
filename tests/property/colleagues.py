"""What the members of the offices of the random walk do among themselves: they give cases on, are away, ask and leave."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from accounts.enums import Duty
from accounts.models import User
from administration.models import Office
from tests.factories import actor, make_staff
from workflow.actors import Actor
from workflow.enums import OFFICE_DESKS, Status
from workflow.models import Absence, Application, Event
from workflow.permissions import holds, why_not_hand_over
from workflow.selectors.questions import desk_before
from workflow.services.absences import end_absence, record_absence
from workflow.services.handing_over import Receiver, hand_over, take_over
from workflow.services.questions import answer_question, ask_desk_before

from .promises import BrokenPromise

if TYPE_CHECKING:
    from .machine import Machine

WORDS = ("请核实", "请核实", "请核实", "")


class Colleagues:
    """Each method does one thing and says what it was, like those of the machine."""

    def __init__(self, machine: Machine, second: Office, decider: User) -> None:
        self.machine = machine
        self.random = machine.random
        province = machine.province
        self.staff: list[User] = [
            province.reviewer,
            province.decider,
            decider,
            make_staff(province.municipal, Duty.REVIEW, Duty.COUNTER, Duty.HEAD, name="吴科"),
            make_staff(province.municipal, Duty.REVIEW, Duty.COUNTER, name="何审"),
            make_staff(province.provincial, Duty.DECIDE, Duty.HEAD, name="郑处"),
            make_staff(second, Duty.REVIEW, Duty.COUNTER, Duty.HEAD, name="周新"),
            make_staff(second, Duty.REVIEW, Duty.COUNTER, name="冯新"),
        ]
        self.offices = [province.municipal, province.provincial, second]

    def present(self) -> list[User]:
        return [one for one in self._all() if one.is_active]

    def _all(self) -> list[User]:
        """As they are now, because duties and offices change."""
        return list(User.objects.filter(pk__in=[one.pk for one in self.staff]).select_related("office").order_by("pk"))

    def _somebody(self) -> Actor:
        return actor(self.random.choice(self.present()))

    def _at_an_office(self) -> list[Application]:
        rows = Application.objects.filter(is_open=True, status=Status.IN_REVIEW, desk__in=OFFICE_DESKS)
        return list(rows.order_by("pk"))

    # --- cases change hands ---

    def hand_over(self) -> str:
        """Some cases, to a colleague, to another office, or to nobody; mostly by the head of the office that has them."""
        rows = self._at_an_office()
        if not rows:
            return "no case lies at an office"
        first = self.random.choice(rows)
        near = [one for one in rows if one.holder_office_id == first.holder_office_id]
        picked = [*self.random.sample(near if self.random.random() < 0.8 else rows, k=1), first]
        by = self._head(first.holder_office_id)
        to = self._receiver(first)
        forbidden = {
            one.pk for one in picked if why_not_hand_over(by, one, to_office=to.office is not None) is not None
        }
        own = {one.pk for one in picked if one.assignee_id == by.user_id} if to == Receiver() else set()
        reason = self.random.choice(("请协助", "请协助", "请协助", " "))
        result = hand_over([one.pk for one in picked], to=to, actor=by, reason=reason, now=self.machine.now)
        if set(result.done) & (forbidden - own) or (result.done and not reason.strip()):
            raise BrokenPromise(f"{by.name} hands over {result.done}, forbidden {forbidden}")
        if set(result.done) | set(result.refused) != {one.pk for one in picked}:
            raise BrokenPromise(f"{by.name} hands over {picked}: {result}")
        found = [finding for findings in result.refused.values() for finding in findings]
        self.machine.refused(f"{by.name} hands over", found)
        return f"{by.name} does {to.action} with {len(result.done)} of {len(set(picked))} cases"

    def _head(self, office_id: int | None = None) -> Actor:
        """Of this office, mostly; now and then it is anybody."""
        heads = [one for one in self.present() if Duty.HEAD in one.duties and office_id in (None, one.office_id)]
        return actor(self.random.choice(heads)) if heads and self.random.random() < 0.8 else self._somebody()

    def _receiver(self, application: Application) -> Receiver:
        chance = self.random.random()
        if chance < 0.2:
            return Receiver()
        if chance < 0.4:
            return Receiver(office=Office.objects.get(pk=self.random.choice(self.offices).pk))
        near = [one for one in self._all() if one.office_id == application.holder_office_id]
        return Receiver(colleague=self.random.choice(near if near and chance < 0.9 else self._all()))

    def take_over(self) -> str:
        application = self.machine.any(Application.objects.filter(is_open=True, assignee__isnull=False).order_by("pk"))
        if application is None:
            return "nothing is assigned"
        by = self._somebody()
        said = self.machine.attempt(
            f"{by.name} takes {application.number} over",
            lambda: take_over(application.pk, actor=by, reason=self.random.choice(WORDS), now=self.machine.now),
        )
        if said.endswith("✓") and by.office_id != application.holder_office_id:
            raise BrokenPromise(f"{said} from another office")
        return said

    # --- absences ---

    def go_away(self) -> str:
        """Today or soon; sometimes with a deputy who is away too, or serves elsewhere."""
        user = self.random.choice(self._all())
        near = [one for one in self._all() if one.office_id == user.office_id and one.pk != user.pk]
        deputy = self.random.choice(near if self.random.random() < 0.8 else self._all())
        begins = self.machine.today + timedelta(days=self.random.choice((0, 0, 0, 1, 5, -3)))
        ends = begins + timedelta(days=self.random.choice((0, 3, 3, 10, 10, 400, -1)))
        by = actor(user) if user.is_active and self.random.random() < 0.6 else self._head(user.office_id)
        said = self.machine.attempt(
            f"{user.name} is away from {begins} to {ends}, {deputy.name} stands in, by {by.name}",
            lambda: record_absence(
                user=user, deputy=deputy, starts_on=begins, ends_on=ends, reason="", actor=by, now=self.machine.now
            ),
        )
        self.machine.forget_actors()
        return said

    def come_back(self) -> str:
        rows = Absence.objects.filter(ends_on__gte=self.machine.today).order_by("pk")
        absence = self.machine.any(rows.select_related("user"))
        if absence is None:
            return "nobody is away"
        by = (
            actor(absence.user)
            if absence.user.is_active and self.random.random() < 0.6
            else self._head(absence.user.office_id)
        )
        said = self.machine.attempt(
            f"the absence of {absence.user.name} ends, by {by.name}",
            lambda: end_absence(absence.pk, actor=by, now=self.machine.now),
        )
        self.machine.forget_actors()
        return said

    # --- questions to the desk before ---

    def ask_desk_before(self) -> str:
        rows = self._at_an_office()
        if not rows:
            return "no case lies at an office"
        answerable = [one for one in rows if desk_before(one) is not None]
        application = self.random.choice(answerable if answerable and self.random.random() < 0.8 else rows)
        holder = next((one for one in self.machine.actors() if holds(one, application)), None)
        by = holder if holder is not None and self.random.random() < 0.8 else self._somebody()
        seen = Event.objects.filter(application=application).latest("pk").pk
        return self.machine.attempt(
            f"{by.name} asks about {application.number} at {application.desk}",
            lambda: ask_desk_before(
                application.pk, actor=by, words=self.random.choice(WORDS), seen=seen, now=self.machine.now
            ),
        )

    def answer(self, application: Application, by: Actor) -> str:
        return self.machine.attempt(
            f"{by.name} answers about {application.number} at {application.desk}",
            lambda: answer_question(application.pk, actor=by, words=self.random.choice(WORDS), now=self.machine.now),
        )

    # --- members leave and come ---

    def leave(self) -> str:
        """One login is closed or opened again, or its member works in the other office; one stays in each."""
        user = self.random.choice(self._all())
        others = [one for one in self.present() if one.office_id == user.office_id and one.pk != user.pk]
        if not user.is_active:
            user.is_active = True
        elif len(others) < 2:
            return f"{user.name} cannot be spared"
        else:
            user.is_active = False
        user.save(update_fields=["is_active"])
        self.machine.forget_actors()
        return f"{user.name} is active: {user.is_active}"
