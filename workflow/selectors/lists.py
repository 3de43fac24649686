"""Reads lists of applications. A page of any list costs the same number of queries, whatever the number of rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.utils.timezone import localdate

from accounts.models import Person, User
from administration.calendar.working_days import WorkingDays, load_working_days
from common.database.name_search import LOOKED_UP, organisation_named, person_named, related
from common.text.signs import half_width
from common.text.signs import visible as visible_text
from enterprises.models import Enterprise
from workflow.permissions import at_desks, awaiting, visible, visible_to_enterprise

from ..actors import Actor
from ..business import Business, business_of
from ..enums import ENTERPRISE_DESKS, CloseReason, Desk, Party, Status
from ..models import Application, Event
from .case_use import InUse, uses_of
from .events import last_events

PARTIES = (
    "person", "enterprise", "former_enterprise", "holder_office", "holder_enterprise", "holder_person", "assignee"
)  # fmt: skip
OTHER_PARTIES = tuple(party for party in PARTIES if party not in ("person", "assignee"))
"""Those that a person reads of their own cases: the applicant asks, and members of offices are not told."""
QUEUE_ORDER = ("due_sort",)

STATUS_TONES = {
    Status.DRAFT: "",
    Status.IN_REVIEW: "info",
    Status.RETURNED: "warn",
    Status.APPROVED: "good",
    Status.REJECTED: "bad",
    Status.WITHDRAWN: "",
    Status.CLOSED: "bad",
}


@dataclass(frozen=True)
class Due:
    day: date
    text: str
    is_late: bool
    is_provisional: bool
    is_today: bool = False


@dataclass(frozen=True)
class Assigned:
    """Says for an office whose case it is. `whose` is mine, deputy (of somebody who is away) or other."""

    name: str
    whose: str

    @property
    def words(self) -> str:
        return {"mine": "由您承办", "deputy": f"代{self.name}办理"}.get(self.whose, f"由{self.name}承办")


@dataclass(frozen=True)
class Row:
    """Describes one application as lists show it."""

    application: Application
    business: Business
    about: list[tuple[str, str]]
    applicant: str
    holder: str
    due: Due | None
    last_event_id: int
    assigned: Assigned | None = None
    use: InUse | None = None

    @property
    def state(self) -> str:
        """Lists send it back as `application.event` with what is ordered on them, to tell what they have shown."""
        return f"{self.application.pk}.{self.last_event_id}"

    @property
    def edge(self) -> str:
        """Names the class by which a list marks what is late or due today at the edge of its row."""
        if self.due is None:
            return ""
        return "is-late" if self.due.is_late else "is-today" if self.due.is_today else ""

    @property
    def names_enterprise(self) -> bool:
        """Answers whether the description names the enterprise already."""
        return any(self.application.enterprise and value == self.application.enterprise.name for _, value in self.about)

    @property
    def names_person(self) -> bool:
        return any(self.application.person and value == self.application.person.name for _, value in self.about)

    @property
    def number(self) -> str:
        return self.application.number

    @property
    def status_text(self) -> str:
        return status_text(self.application)

    @property
    def status_tone(self) -> str:
        return STATUS_TONES[Status(self.application.status)]


def status_text(application: Application) -> str:
    if application.status == Status.CLOSED:
        return str(CloseReason(application.close_reason).label)
    return str(Status(application.status).label)


def applicant_of(application: Application) -> str:
    party = application.person or application.enterprise
    return party.name if party else ""


def holder_of(application: Application, viewer: Actor) -> str:
    """Names the party that has to act; the viewer reads 您本人 or 本企业."""
    if application.holder_person is not None:
        return "您本人" if viewer.person_id == application.holder_person_id else application.holder_person.name
    if application.holder_enterprise is not None:
        own = viewer.enterprise_id == application.holder_enterprise_id
        return "本企业" if own else application.holder_enterprise.name
    return application.holder_office.name if application.holder_office else ""


def assigned_of(application: Application, viewer: Actor) -> Assigned | None:
    """Answers None for applicants, who deal with an office and not with one of its members."""
    if viewer.party != Party.OFFICE or application.holder_office_id is None:
        return None
    user = application.assignee
    if user is None:
        return None
    own = user.pk == viewer.user_id
    return Assigned(user.name, "mine" if own else "deputy" if user.pk in viewer.deputy_for else "other")


def due_of(application: Application, days: WorkingDays, *, today: date) -> Due | None:
    due_on = application.due_on
    if due_on is None:
        return None
    left = days.between(today, due_on)
    if due_on < today:
        text = f"已超期 {max(-left, 1)} 个工作日"
    elif due_on == today:
        text = "今天到期"
    else:
        text = f"还有 {left} 个工作日" if left else "下一个工作日前"
    return Due(due_on, text, due_on < today, application.due_is_provisional, is_today=due_on == today)


def rows_of(applications: Sequence[Application], viewer: Actor, *, with_use: bool = False) -> list[Row]:
    """Makes rows for applications that were read with their parties (`PARTIES`); `with_use` tells who is at each."""
    if not applications:
        return []
    by_kind: dict[str, list[Application]] = defaultdict(list)
    for application in applications:
        by_kind[application.kind].append(application)
    about = {pk: rows for kind, chunk in by_kind.items() for pk, rows in business_of(kind).describe(chunk).items()}
    days, today = load_working_days(), localdate()
    last = last_events([application.pk for application in applications])
    uses = uses_of(applications, viewer) if with_use else {}
    return [
        Row(
            application=application,
            business=business_of(application.kind),
            about=about.get(application.pk, []),
            applicant=applicant_of(application),
            holder=holder_of(application, viewer),
            due=due_of(application, days, today=today),
            last_event_id=last.get(application.pk, 0),
            assigned=assigned_of(application, viewer),
            use=uses.get(application.pk),
        )
        for application in applications
    ]


def _with_parties(condition: Q) -> QuerySet[Application]:
    return Application.objects.filter(condition).select_related(*PARTIES)


def _in_due_order(queryset: QuerySet[Application]) -> QuerySet[Application]:
    return queryset.order_by("due_sort", "pk")


def mine(actor: Actor) -> QuerySet[Application]:
    return _with_parties(visible(actor))


@dataclass(frozen=True)
class Brief:
    """Describes one application in a line of a home page, from what `briefly` has read."""

    application: Application
    holder: str

    @property
    def business(self) -> Business:
        return business_of(self.application.kind)

    @property
    def number(self) -> str:
        return self.application.number

    @property
    def status_text(self) -> str:
        return status_text(self.application)

    @property
    def status_tone(self) -> str:
        return STATUS_TONES[Status(self.application.status)]


def briefly(applications: QuerySet[Application]) -> QuerySet[Application]:
    """Reads no more of each application than a `Brief` shows."""
    holders = ("holder_person", "holder_enterprise", "holder_office")
    shown = ("number", "kind", "status", "close_reason", *holders, *(f"{holder}__name" for holder in holders))
    return applications.select_related(None).select_related(*holders).only(*shown)


def mine_by_ways(actor: Actor) -> tuple[QuerySet[Application], list[Q]]:
    """Answers rows and branches for a page of `mine`.

    The branches of an enterprise are the whole condition: beside the OR of both columns the planner would read all its
    cases for one page.
    """
    if actor.party != Party.ENTERPRISE:
        return mine(actor), []
    return _with_parties(Q()), visible_to_enterprise(actor)


def inbox(actor: Actor) -> QuerySet[Application]:
    return _in_due_order(_with_parties(awaiting(actor)))


def confirmations(actor: Actor) -> QuerySet[Application]:
    """Lists what waits for an enterprise to agree; its own returned applications are left out."""
    return inbox(actor).filter(desk__in=ENTERPRISE_DESKS)


def queue(actor: Actor, desk: str) -> QuerySet[Application]:
    """Lists what stands at the desk, also what is assigned to colleagues."""
    return _in_due_order(_with_parties(at_desks(actor, desk)))


MOST_AT_ONCE = 1000
"""The unit is applications of a list that are decided by one order."""


def whole_list(queryset: QuerySet[Application]) -> list[int]:
    """Answers the ids of all that a filtered queue shows, the earliest due first, up to the most that one order takes."""
    return list(_in_due_order(queryset.select_related(None)).values_list("pk", flat=True)[:MOST_AT_ONCE])


def own_queue(actor: Actor, desk: str) -> QuerySet[Application]:
    """Leaves out what is assigned to colleagues."""
    return _in_due_order(_with_parties(awaiting(actor) & Q(desk=desk)))


def stuck() -> QuerySet[Application]:
    """Lists the open cases that nobody can move, for the province."""
    return _in_due_order(_with_parties(Q(is_open=True) & ~Q(stuck=""))).select_related("region", *PARTIES)


def overdue(actor: Actor) -> QuerySet[Application]:
    return _in_due_order(_with_parties(awaiting(actor) & Q(due_sort__lt=localdate())))


def done_by(actor: Actor, *, whole_office: bool, narrowed: Q | None = None) -> QuerySet[Event]:
    """Lists what the member of staff, or the whole office, did to applications."""
    # Logins instead of a join: of a join the planner expects one row, and reads all that the office ever did.
    who = Q(actor__in=_logins_of_office(actor)) if whole_office else Q(actor_id=actor.user_id)
    return Event.objects.filter(who, narrowed or Q()).select_related(
        "application", "application__person", "application__enterprise"
    )


def cases_meant(words: str) -> list[int]:
    """Answers the cases whose number, person or enterprise has these words, the latest first and no more than names fit."""
    number = "".join(half_width(visible_text(words)).split())
    ways = [
        related("person", Person, person_named("name", words)),
        related("enterprise", Enterprise, organisation_named("name", words)),
        *([Q(number__icontains=number)] if number.isascii() else []),
    ]
    found: set[int] = set()
    for way in ways:
        found |= set(Application.objects.filter(way).order_by("-pk").values_list("pk", flat=True)[:LOOKED_UP])
    return sorted(found, reverse=True)[:LOOKED_UP]


def of_enterprises(words: str) -> Q:
    """Filters cases to those of enterprises with this part of a name, or whose code begins so."""
    code = "".join(half_width(visible_text(words)).split()).upper()
    named = organisation_named("name", words)
    known = named | Q(uscc__startswith=code) if named and code.isalnum() and code.isascii() else named
    # The keys stand in the index of the queue, so that its order needs no other.
    return related("enterprise_sort", Enterprise, known)


def members_of_office(actor: Actor) -> list[Q]:
    """Answers the branches of a page of what the whole office did, one for each member of staff."""
    return [Q(actor_id=pk) for pk in _logins_of_office(actor)]


def _logins_of_office(actor: Actor) -> list[int]:
    return list(User.objects.filter(office_id=actor.office_id or 0).order_by("pk").values_list("pk", flat=True))


def is_at_filer(application: Application) -> bool:
    return application.status == Status.RETURNED or application.desk == Desk.FILER


def filer_word(application: Application) -> str:
    return "本人" if application.filed_by == Party.PERSON else "企业"
