"""What happens around the cases of the random walk: offices, numbers and enterprises change, and pages grow old."""

from __future__ import annotations

from typing import TYPE_CHECKING

from accounts.corrections.services import Grounds, ask_for_number, confirm_number
from accounts.enums import Duty
from accounts.models import Person, User
from administration.enums import OfficeKind
from administration.models import Office, OfficeRoute
from administration.offices.routing_change import ChangedBy, routing_change
from certificates.state.snapshots import refresh_for_people
from employment.restoring.services import restore_employments
from enterprises.enums import EnterpriseStatus
from enterprises.models import Enterprise
from tests.factories import make_id_number, make_office, make_staff
from tests.worlds.base import originals_seen, scan
from workflow.enums import Action
from workflow.models import Application, Event
from workflow.permissions import holds
from workflow.services.acting import act
from workflow.services.deadlines import leave_dissolved

from .promises import BrokenPromise

if TYPE_CHECKING:
    from .machine import Machine

OPEN_PAGES = 6


class Upheavals:
    """Each method does one thing and says what it was, like those of the machine."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.second = make_office("南昌市行政审批局", kind=OfficeKind.MUNICIPAL)
        registration = make_office("登记点", kind=OfficeKind.REGISTRATION)
        self.clerks: list[User] = [make_staff(registration, Duty.REGISTER, name=name) for name in ("甲登记", "乙登记")]
        self.dissolved: list[Enterprise] = []
        self.pages: dict[int, int] = {}
        """Pages that lie open: the application, and the last event that they show."""

    def switch_office_off(self) -> str:
        """Its regions go to the other one; what is open goes along, or the change is refused."""
        offices = [self.machine.province.municipal, self.second]
        if self.machine.random.random() < 0.2:
            offices.reverse()
        old, new = sorted(offices, key=lambda one: not Office.objects.get(pk=one.pk).is_active)
        forgets_routes = self.machine.random.random() < 0.2

        def change() -> None:
            with routing_change(by=ChangedBy(None, "登记台账"), now=self.machine.now):
                Office.objects.filter(pk=new.pk).update(is_active=True)
                if not forgets_routes:
                    OfficeRoute.objects.filter(office=old).update(office=new)
                Office.objects.filter(pk=old.pk).update(is_active=False)

        return self.machine.attempt(f"{new.name} takes over from {old.name}", change)

    def correct_number(self) -> str:
        """Sometimes to a number that is, or was, somebody's."""
        random, now = self.machine.random, self.machine.now
        person = Person.objects.get(pk=random.choice(self.machine.people).pk)
        other = Person.objects.get(pk=random.choice(self.machine.people).pk)
        number = str(other.id_number) if random.random() < 0.3 else make_id_number()
        first, second = random.choices(self.clerks, k=2)

        def correct() -> None:
            grounds = Grounds("公安机关证明", "号码更正", scan())
            asked = ask_for_number(person, id_number=number, grounds=grounds, by=first, now=now)
            try:
                confirm_number(asked, id_number=number, by=second, now=now)
            except BaseException:
                # One who asked by mistake takes it back, or nobody could ask again.
                asked.delete()
                raise

        said = self.machine.attempt(f"the number of {person.pk} is corrected", correct)
        if said.endswith("✓") and first == second:
            raise BrokenPromise(f"{said} by one clerk alone")
        refresh_for_people([person.pk])
        return said

    def press_on_an_old_page(self) -> str:
        """One window stays open while another acts; what it has not shown is not decided by it."""
        if len(self.pages) < OPEN_PAGES or self.machine.random.random() < 0.4:
            return self._open_page()
        pk, seen = self.pages.popitem() if self.machine.random.random() < 0.5 else next(iter(self.pages.items()))
        self.pages.pop(pk, None)
        application = Application.objects.get(pk=pk)
        by = next((one for one in self.machine.actors() if holds(one, application)), self.machine.actors()[0])
        is_old = Event.objects.filter(application=pk, pk__gt=seen).exclude(action=Action.REMIND).exists()
        said = self.machine.attempt(
            f"{by.name} approves {application.number} on a page of event {seen}",
            lambda: act(
                pk, action=Action.APPROVE, actor=by, detail=originals_seen(application), seen=seen, now=self.machine.now
            ),
        )
        if is_old and said.endswith("✓"):
            raise BrokenPromise(f"{said}, though later events were not seen")
        self.machine.note_decision([application])
        return said

    def _open_page(self) -> str:
        rows = list(Application.objects.filter(is_open=True).order_by("pk"))
        if not rows:
            return "nothing open to look at"
        application = self.machine.random.choice(rows)
        self.pages[application.pk] = Event.objects.filter(application=application).latest("pk").pk
        return f"{application.number} is looked at"

    def undo_dissolution(self) -> str:
        """The register was wrong: the enterprise exists, and its people are employed again where they still can be."""
        if not self.dissolved:
            return "no enterprise is dissolved"
        enterprise = self.machine.random.choice(self.dissolved)
        is_first = self.machine.random.random() < 0.8
        if is_first:
            self.dissolved.remove(enterprise)
            Enterprise.objects.filter(pk=enterprise.pk).update(status=EnterpriseStatus.EXISTING, dissolved_on=None)
            self.machine.enterprises.append(enterprise)
        said = self.machine.attempt(
            f"the employments of {enterprise.pk} are restored",
            lambda: restore_employments(
                enterprise_id=enterprise.pk, reason="工商登记更正", by=self.clerks[0], now=self.machine.now
            ),
        )
        if said.endswith("✓") and not is_first:
            raise BrokenPromise(f"{said}, though the enterprise is gone")
        refresh_for_people([one.pk for one in self.machine.people])
        return said

    def note_dissolved(self, enterprise: Enterprise) -> None:
        self.dissolved.append(enterprise)
        # The job that the dissolution has queued.
        leave_dissolved([enterprise.pk], now=self.machine.now)
