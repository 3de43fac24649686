"""Makes applications at every desk, by the same services that people use."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from django.db.models import Case, When

from accounts.enums import Duty, Sphere
from accounts.models import Person, User
from certificates.enums import LegalState
from certificates.models import Certificate
from common.findings import blocking
from employment.businesses.employment_start import EmploymentStart
from employment.models import Employment
from enterprises.models import CaKey, Enterprise
from workflow.actors import Actor, actor_of
from workflow.business import business_of
from workflow.checks import Facts, evaluate
from workflow.enums import Action, Desk
from workflow.models import Application
from workflow.services.acting import act
from workflow.services.deadlines import apply_deadlines
from workflow.services.filing import create_draft, file_application, save_draft, submit

from .builders import demo_builder
from .context import DemoContext

PAYLOAD = {"phone": "13900001234", "note": "", "commitment": True}
CAPITAL_FIRST = Case(When(enterprise__region__parent="360100", then=0), default=1)
STAGES = ("draft", "employer", "municipal", "returned", "provincial", "approved", "rejected", "withdrawn")


class Desks:
    """Says who acts at which desk in the demonstration."""

    def __init__(self) -> None:
        self._operators = {key.enterprise_id: key.user for key in CaKey.objects.select_related("user", "enterprise")}
        self._staff: dict[tuple[int, str], Actor] = {}
        for user in User.objects.filter(sphere=Sphere.STAFF).select_related("office"):
            for duty in user.duties:
                if (who := actor_of(user)) is not None and user.office_id:
                    self._staff.setdefault((user.office_id, duty), who)

    def approve(
        self, application: Application, now: datetime, action: Action = Action.APPROVE, comment: str = ""
    ) -> None:
        application.refresh_from_db()
        act(application.pk, action=action, actor=self.holder(application), comment=comment, now=now)
        application.refresh_from_db()

    def operator(self, enterprise_id: int) -> Actor:
        who = actor_of(self._operators[enterprise_id])
        if who is None:
            raise ValueError(f"the operator of {enterprise_id} is not active")
        return who

    def holder(self, application: Application) -> Actor:
        if application.holder_enterprise_id:
            return self.operator(application.holder_enterprise_id)
        duty = {Desk.MUNICIPAL: Duty.REVIEW, Desk.COUNTER: Duty.COUNTER, Desk.PROVINCIAL: Duty.DECIDE}[
            Desk(application.desk)
        ]
        return self._staff[application.holder_office_id or 0, duty]


def person_actor(person: Person, *, is_verified: bool = False) -> Actor:
    if person.user is None or (who := actor_of(person.user, is_verified=is_verified)) is None:
        raise ValueError(f"{person.pk} has no login")
    return who


def build(context: DemoContext, now: datetime) -> dict[str, list[Application]]:
    """Answers the applications by kind; each stage of each kind has a few."""
    desks = Desks()
    made: dict[str, list[Application]] = defaultdict(list)
    for kind, candidates in (("extension", _extendable(context)), ("employer_change", _movable(context))):
        for round_of_stages in range(4):
            for stage in STAGES:
                application = _next_case(
                    kind, stage, candidates, desks, now - timedelta(days=round_of_stages, minutes=30)
                )
                if application is not None:
                    made[kind].append(application)
    made["employment_start"] = list(_proposals(desks, now))
    apply_deadlines(now=now)
    return made


def _extendable(context: DemoContext) -> Iterator[Certificate]:
    window = context.today + timedelta(days=85)
    yield from (
        Certificate.objects.filter(
            legal_state=LegalState.VALID,
            ends_on__range=(context.today, window),
            person__id_photo__gt="",
            display_status="normal",
        )
        .select_related("person__user")
        .order_by(CAPITAL_FIRST, "pk")[4:]
    )


def _movable(context: DemoContext) -> Iterator[Certificate]:
    yield from (
        Certificate.objects.filter(
            legal_state=LegalState.VALID,
            ends_on__gt=context.today + timedelta(days=90),
            person__id_photo__gt="",
            display_codes__contains=["employment.differs"],
            enterprise__isnull=False,
        )
        .select_related("person__user")
        .order_by(CAPITAL_FIRST, "pk")[1:]
    )


def _next_case(
    kind: str, stage: str, candidates: Iterator[Certificate], desks: Desks, now: datetime
) -> Application | None:
    """Answers the first candidate that no rule refuses; None when they are used up."""
    for certificate in candidates:
        me = person_actor(certificate.person)
        case = business_of(kind).prepare(me, {"certificate": str(certificate.pk)}, today=now.date())
        if blocking(evaluate([case], Facts([case]))[case]):
            continue
        application = create_draft(case=case, actor=me, now=now)
        save_draft(application.pk, payload=dict(PAYLOAD), actor=me)
        if stage == "draft":
            return application
        submit(application.pk, actor=me, now=now)
        application.refresh_from_db()
        _advance(application, stage, me, desks, now)
        return application
    return None


def _advance(application: Application, stage: str, me: Actor, desks: Desks, now: datetime) -> None:
    later = now + timedelta(minutes=30)  # no event of the demonstration lies in the future
    steps: dict[str, list[Callable[[], None]]] = {
        "employer": [],
        "municipal": [lambda: _confirm(application, desks, later)],
        "returned": [
            lambda: _confirm(application, desks, later),
            lambda: desks.approve(application, later, Action.RETURN, "联系电话有误，请核对后重新提交。"),
        ],
        "provincial": [lambda: _confirm(application, desks, later), lambda: desks.approve(application, later)],
        "approved": [
            lambda: _confirm(application, desks, later),
            lambda: desks.approve(application, later),
            lambda: desks.approve(application, later),
        ],
        "rejected": [lambda: desks.approve(application, later, Action.REJECT, "该人员与所填情况不符。")],
        "withdrawn": [lambda: act(application.pk, action=Action.WITHDRAW, actor=me, comment="暂不办理", now=later)],
    }
    for step in steps[stage]:
        step()


def _confirm(application: Application, desks: Desks, now: datetime) -> None:
    if application.holder_enterprise_id:
        desks.approve(application, now, comment="情况属实，同意。")


def _proposals(desks: Desks, now: datetime) -> Iterator[Application]:
    """Makes open, accepted, declined and overdue proposals to people without an employer."""
    employed = Employment.objects.active().values("person_id")
    free = Person.objects.exclude(pk__in=employed).select_related("user").order_by("pk")[:24]
    enterprises = list(Enterprise.objects.filter(status="existing").order_by("pk")[:12])
    for position, person in enumerate(free):
        when = now - timedelta(days=20 if position % 6 == 5 else position % 4)
        enterprise = enterprises[position % len(enterprises)]
        application = _propose(person, enterprise, desks.operator(enterprise.pk), when)
        if position % 6 == 3:
            act(application.pk, action=Action.APPROVE, actor=person_actor(person, is_verified=True), now=now)
        elif position % 6 == 4:
            act(
                application.pk,
                action=Action.REJECT,
                actor=person_actor(person, is_verified=True),
                comment="没有签订合同",
                now=now,
            )
        yield application


def _propose(person: Person, enterprise: Enterprise, operator: Actor, now: datetime) -> Application:
    case = EmploymentStart().case(
        person_id=person.pk,
        enterprise_id=enterprise.pk,
        region_id=enterprise.region_id,
        payload={"posts": ["07", "08"], "contract_from": now.date().isoformat(), "contract_to": None},
        today=now.date(),
    )
    return file_application(case=case, actor=operator, now=now)


@demo_builder("applications", order=80)
def build_applications(context: DemoContext) -> None:
    build(context, context.now)
