"""A small province in which random people do random things, allowed and forbidden, while time passes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from django.http import Http404

from accounts.models import Person, User
from certificates.authority import services
from certificates.enums import AuthorityAction, Category, Ground
from certificates.models import Certificate, CertificateEvent
from certificates.nightly import expire_certificates
from certificates.state.snapshots import refresh_for_people
from common.findings import Finding, Refused
from employment.businesses.employment_start import EmploymentStart
from employment.expiry.services import end_expired_contracts
from employment.models import Employment
from employment.relations.services import end_by_enterprise
from employment.renewing.services import ProposedTerms, propose_terms
from enterprises.models import Enterprise
from enterprises.register.dissolution import dissolve
from enterprises.register.services import change_name
from tests.factories import (
    Province,
    actor,
    make_certificate,
    make_constructor,
    make_employment,
    make_enterprise,
    make_operator,
    make_person,
    make_training,
)
from tests.worlds.base import originals_seen, scan
from training.models import TrainingRecord
from workflow.actors import Actor
from workflow.business import Business, businesses
from workflow.checks import Case
from workflow.enums import Action, Party, Status
from workflow.models import Application
from workflow.permissions import holds, why_not
from workflow.services.acting import act, act_many
from workflow.services.deadlines import apply_deadlines
from workflow.services.filing import attach, create_draft, resubmit, save_draft, submit

from .colleagues import Colleagues
from .promises import BrokenPromise
from .register import Register
from .upheavals import Upheavals

START = datetime.fromisoformat("2026-09-01T10:00:00+08:00")
ENDING = ("cancellation", "transfer_out", "employment_end")
POSTS = ("01", "02", "03", "07", "08")
GROUNDS: dict[AuthorityAction, dict[str, Any]] = {
    AuthorityAction.SUSPEND: {"until": None},
    AuthorityAction.REVOKE: {"ground": Ground.FRAUD},
    AuthorityAction.WITHDRAW: {"ground": Ground.ACCIDENT},
    AuthorityAction.CANCEL: {"ground": Ground.OTHER},
}
DECISIONS: dict[AuthorityAction, Callable[..., list[CertificateEvent]]] = {
    AuthorityAction.SUSPEND: services.suspend,
    AuthorityAction.RESTORE: services.restore,
    AuthorityAction.REVOKE: services.revoke,
    AuthorityAction.WITHDRAW: services.withdraw,
    AuthorityAction.CANCEL: services.cancel_by_office,
    AuthorityAction.UNDO_TRANSFER: services.undo_transfer_out,
    AuthorityAction.END_TRANSFER: services.end_transfer,
}


class Machine:
    """One province and its clock. `step` does one random thing and says what it was."""

    def __init__(self, seed: int, turn_clock: Callable[[datetime], None]) -> None:
        self.random = Random(seed)
        self._turn_clock = turn_clock
        self.now = START
        self._actors: list[Actor] = []
        self.before_a_decision: Callable[[], None] = lambda: None
        """What is read before a step that may decide applications."""
        self.decided: set[str] = set()
        """Kinds of the applications that the last step decided: holding rules must hold."""
        turn_clock(self.now)
        self.province = Province()
        self.enterprises = [make_enterprise() for _ in range(3)]
        self.operators = {one.pk: make_operator(one) for one in self.enterprises}
        self.people = [make_person(f"{family}某人") for family in "赵钱孙李周吴"]
        for person in self.people:
            self._settle(person)
        refresh_for_people([person.pk for person in self.people])
        self.upheavals = Upheavals(self)
        self.register = Register(self, self.upheavals.clerks)
        self.colleagues = Colleagues(self, self.upheavals.second, self.register.deciders[1])
        self.deciding = (
            self.decide_rightly,
            self.decide_anyhow,
            self.decide_many,
            self.upheavals.press_on_an_old_page,
        )
        self.steps: tuple[tuple[int, Callable[[], str]], ...] = (
            (22, self.file),
            (44, self.decide_rightly),
            (8, self.decide_anyhow),
            (4, self.decide_many),
            (3, self.resubmit),
            (5, self.pass_time),
            (3, self.end_employment),
            (3, self.act_by_authority),
            (2, self.overturn),
            (6, self.change_facts),
            (1, self.upheavals.switch_office_off),
            (2, self.upheavals.correct_number),
            (6, self.upheavals.press_on_an_old_page),
            (2, self.upheavals.undo_dissolution),
            (3, self.register.ask_for_merge),
            (3, self.register.ask_to_undo_a_merge),
            (2, self.register.ask_for_death),
            (2, self.register.ask_to_take_a_death_back),
            (8, self.register.decide),
            (2, self.register.change_code),
            (3, self.propose_terms),
            (4, self.colleagues.hand_over),
            (2, self.colleagues.take_over),
            (3, self.colleagues.go_away),
            (1, self.colleagues.come_back),
            (3, self.colleagues.ask_desk_before),
            (1, self.colleagues.leave),
        )

    # --- the beginning ---

    def _settle(self, person: Person) -> None:
        """Mixed certificates, some of them inherited against the rules; most people employed."""
        for _ in range(self.random.randint(0, 3)):
            self.find_certificate(person)
        if self.random.random() < 0.8:
            make_employment(person, self.random.choice(self.enterprises), *self.random.sample(POSTS, k=3))
        if self.random.random() < 0.5:
            make_training(person, ends_on=date(2026, 8, 1))

    def find_certificate(self, person: Person) -> None:
        """An old one, matched: it may break the rules lawfully."""
        category = self.random.choice(list(Category.values))
        ends_on = self.today + timedelta(days=self.random.choice((1, 14, 30, 60, 100, 400, 700)))
        place = self.random.choice(self.enterprises)
        make_certificate(person, place, category, starts_on=_start_of(ends_on), ends_on=ends_on)

    @property
    def today(self) -> date:
        return self.now.date()

    def living(self) -> list[Person]:
        """As they are now."""
        ids = [person.pk for person in self.people]
        return list(Person.objects.filter(pk__in=ids, died_on=None).select_related("user").order_by("pk"))

    def actors(self) -> list[Actor]:
        """Everybody who can log in, as they were when that last changed: names do not matter here."""
        if not self._actors:
            self._actors = self._everybody()
        return self._actors

    def forget_actors(self) -> None:
        self._actors = []

    def _everybody(self) -> list[Actor]:
        people = User.objects.filter(person__in=self.people, is_active=True).select_related("person").order_by("pk")
        users = [*people, *self.operators.values(), *self.colleagues.present(), self.province.stranger]
        return [actor(user, is_verified=True) for user in users]

    def step(self) -> str:
        self.decided = set()
        weights, calls = zip(*self.steps, strict=True)
        (call,) = self.random.choices(calls, weights)
        if call in self.deciding:
            self.before_a_decision()
        return call()

    def _certificate(self) -> Certificate | None:
        return self.any(Certificate.objects.order_by("pk"))

    def any(self, rows: Any) -> Any:
        found = list(rows)
        return self.random.choice(found) if found else None

    def attempt(self, words: str, call: Callable[[], object]) -> str:
        """Whatever is refused is refused in sentences."""
        try:
            call()
        except Refused as refused:
            self.refused(words, refused.findings)
            return f"{words} ✗ {'、'.join(finding.code for finding in refused.findings)}"
        except Http404:
            return f"{words} ✗ 404"
        return f"{words} ✓"

    def refused(self, words: str, findings: Iterable[Finding]) -> None:
        for finding in findings:
            if not finding.message or finding.code == "workflow.busy":
                raise BrokenPromise(f"{words}: {finding}")

    # --- filing ---

    def file(self) -> str:
        """Several people try; the first who succeeds ends the step."""
        said = []
        for _ in range(6):
            said.append(self._try_to_file())
            if said[-1].endswith("✓"):
                break
        return "; ".join(said)

    def _try_to_file(self) -> str:
        kinds = businesses()
        kinds = [one for one in kinds if one.filed_by != {Party.ENTERPRISE}]
        # What ends certificates comes seldom, or nothing would be left to act on.
        (business,) = self.random.choices(kinds, [1 if one.kind in ENDING else 4 for one in kinds])
        if self.random.random() < 0.2:
            return self._propose()
        person = self.random.choice(self.living())
        if person.user is None:
            raise ValueError("people here have logins")
        filer = actor(person.user)
        return self.attempt(f"{person.pk} files {business.kind}", lambda: self._file(business, filer))

    def _file(self, business: Business, filer: Actor) -> None:
        choices = business.choices(filer) or [("", {})]
        query = dict(self.random.choice(choices)[1])
        other = self._certificate()
        if other is not None and self.random.random() < 0.1:
            query["certificate"] = str(other.pk)
        case = business.prepare(filer, query, today=self.today)
        form = business.form_class(dict(case.payload) | self._payload(business), **business.form_kwargs(case))
        if not form.is_valid():
            raise Refused(*(Finding(f"form.{name}", "内容有误") for name in form.errors))
        self._submit(replace(case, payload=business.payload_of(form)), filer)

    def _submit(self, case: Case, filer: Actor) -> None:
        draft = create_draft(case=case, actor=filer, now=self.now)
        save_draft(draft.pk, payload=dict(case.payload), actor=filer)
        for kind in sorted(case.business.required_attachments(case.payload)):
            if self.random.random() < 0.95:
                attach(draft.pk, kind=kind, upload=scan(), actor=filer)
        submit(draft.pk, actor=filer, now=self.now)

    def _payload(self, business: Business) -> dict[str, Any]:
        """A value for every field that some business asks; each takes what is its own."""
        pick = self.random.choice
        category = pick(list(Category.values))
        province = "赣" if self.random.random() < 0.6 else "浙"
        values: dict[str, Any] = {
            "phone": "13800000000",
            "note": pick(("", "说明")),
            "commitment": True,
            "post": pick(POSTS[:3])
            if category == Category.A or "number" not in business.form_class.base_fields
            else "",
            "reason": pick(("leaving", "duplicate")),
            "category": category,
            "number": f"{province}建安{category}（2021）{self.random.randrange(1, 40):07d}",
            "enterprise_name": pick(self.enterprises).name,
            "first_issued_on": pick(("2018-03-01", "2019-03-01")),
            "valid_from": "2025-03-01",
            "valid_to": pick(("2028-02-29", "2026-09-20")),
            "destination": "浙江省",
            "new_enterprise": "浙江演示公司",
            "corrects_enterprise": self.random.random() < 0.4,
            "evidence": "award",
            "correct_name": True,
        }
        if "correct_name" in business.form_class.base_fields:
            values["valid_to"] = pick((None, None, "2027-12-31"))
            values["post"] = pick(("", *POSTS[:3]))
        elif "left_on" in business.form_class.base_fields:
            values |= {"reason": "resigned", "left_on": self.today.isoformat()}
        return {name: values[name] for name in business.form_class.base_fields if name in values}

    def _propose(self) -> str:
        person, enterprise = self.random.choice(self.people), self.random.choice(self.enterprises)
        ends = self.random.choice((None, None, self.today + timedelta(days=self.random.randrange(-5, 200))))
        payload = {
            "posts": self.random.sample(POSTS, k=3),
            "contract_from": "2026-01-01",
            "contract_to": ends.isoformat() if ends else None,
        }
        case = EmploymentStart().case(
            person_id=person.pk,
            enterprise_id=enterprise.pk,
            region_id=enterprise.region_id,
            payload=payload,
            today=self.today,
        )
        filer = actor(self.operators[enterprise.pk])
        return self.attempt(f"{enterprise.pk} proposes to {person.pk}", lambda: self._submit(case, filer))

    def propose_terms(self) -> str:
        """Renews a contract in place, or changes the posts; sometimes nothing of both, or of another's employee."""
        employment = self.any(Employment.objects.order_by("pk"))
        if employment is None:
            return "nobody was ever employed"
        by = self.operators[employment.enterprise_id]
        if self.random.random() < 0.1:
            by = self.random.choice(list(self.operators.values()))
        ends = self.random.choice(
            (None, employment.contract_to, self.today + timedelta(days=self.random.randrange(-5, 300)))
        )
        posts = tuple(self.random.sample(POSTS, k=3) if self.random.random() < 0.5 else employment.posts)
        wanted = ProposedTerms(employment.pk, posts, ends)
        result = propose_terms([wanted], actor=actor(by), now=self.now)
        words = f"{by.name} proposes other terms to {employment.person_id}"
        if employment.pk in result.filed:
            return f"{words} ✓"
        self.refused(words, result.refused[employment.pk])
        return f"{words} ✗ {'、'.join(found.code for found in result.refused[employment.pk])}"

    # --- desks ---

    def _open(self) -> Application | None:
        found: Application | None = self.any(Application.objects.filter(is_open=True).order_by("pk"))
        return found

    def decide_rightly(self) -> str:
        """By whose turn it is, mostly approving."""
        application = self._open()
        if application is None:
            return self.file()
        if application.status == Status.RETURNED:
            return self.resubmit()
        holder = next((one for one in self.actors() if holds(one, application)), None)
        if holder is None:
            raise BrokenPromise(f"{application.number} waits for nobody at {application.desk}")
        if application.asked_from:
            return self.colleagues.answer(application, holder)
        (action,) = self.random.choices((Action.APPROVE, Action.RETURN, Action.REJECT), (14, 3, 1))
        said = self._decide(application, holder, action)
        if "✗" in said and self.random.random() < 0.3:
            return f"{said}; {self._decide(application, holder, Action.REJECT)}"
        return said

    def decide_anyhow(self) -> str:
        """By anybody, anything, also on what is closed."""
        application = self.any(Application.objects.order_by("-pk")[:12])
        if application is None:
            return "nothing there"
        action = self.random.choice((Action.APPROVE, Action.RETURN, Action.REJECT, Action.WITHDRAW))
        return self._decide(application, self.random.choice(self.actors()), action)

    def _decide(self, application: Application, by: Actor, action: Action) -> str:
        forbidden = why_not(by, action, application, today=self.today)
        comment = self.random.choice(("", "请补充材料", "请补充材料"))
        detail = originals_seen(application) if self.random.random() < 0.9 else {}
        words = f"{by.name} {action} {application.kind} {application.number} at {application.desk}"
        said = self.attempt(
            words, lambda: act(application.pk, action=action, actor=by, comment=comment, detail=detail, now=self.now)
        )
        if forbidden and said.endswith("✓"):
            raise BrokenPromise(f"{said}, though {forbidden}")
        self.note_decision([application])
        return said

    def note_decision(self, before: Sequence[Application]) -> None:
        ids = [one.pk for one in before if one.status != Status.APPROVED]
        approved = Application.objects.filter(pk__in=ids, status=Status.APPROVED)
        self.decided = set(approved.values_list("kind", flat=True))

    def decide_many(self) -> str:
        """Everything open at once, whoever's turn it is; a refused row never holds up the others."""
        by = self.random.choice(self.actors())
        rows = list(Application.objects.filter(is_open=True).order_by("pk"))
        self.random.shuffle(rows)
        allowed = {row.pk for row in rows if why_not(by, Action.APPROVE, row, today=self.today) is None}
        ids = [row.pk for row in rows]
        result = act_many(ids, action=Action.APPROVE, actor=by, now=self.now)
        overtaken = set(Application.objects.filter(pk__in=ids, status=Status.CLOSED).values_list("pk", flat=True))
        if not set(result.done) <= allowed or set(result.done) | set(result.refused) != set(ids):
            raise BrokenPromise(f"{by.name} approves {ids}: {result}, allowed {allowed}, overtaken {overtaken}")
        self.note_decision(rows)
        return f"{by.name} approves {len(result.done)} of {len(ids)} at once"

    def resubmit(self) -> str:
        application = self.any(Application.objects.filter(status=Status.RETURNED).order_by("pk"))
        if application is None:
            return "nothing returned"
        by = next(one for one in self.actors() if holds(one, application))
        if self.random.random() < 0.5:
            changed = application.payload | {"note": f"补正{self.random.randrange(100)}"}
            save_draft(application.pk, payload=changed, actor=by)
        return self.attempt(
            f"{by.name} resubmits {application.number}", lambda: resubmit(application.pk, actor=by, now=self.now)
        )

    # --- time, registry, authority ---

    def pass_time(self) -> str:
        self.now += timedelta(days=self.random.choice((1, 1, 2, 3, 7, 20)))
        self._turn_clock(self.now)
        self.forget_actors()
        counts = apply_deadlines(now=self.now)
        again = apply_deadlines(now=self.now)
        if again:
            raise BrokenPromise(f"silence is not idempotent: {again}")
        ended, expired = end_expired_contracts(now=self.now), expire_certificates(now=self.now)
        refresh_for_people([person.pk for person in self.people])
        return f"it is {self.today}: {counts}, {ended} contracts, {expired} certificates expired"

    def end_employment(self) -> str:
        employment = self.any(Employment.objects.active().order_by("pk"))
        if employment is None:
            return "nobody is employed"
        by = actor(self.random.choice([self.operators[employment.enterprise_id], *self.operators.values()]))
        return self.attempt(
            f"{by.name} ends the employment of {employment.person_id}",
            lambda: end_by_enterprise(employment_id=employment.pk, actor=by, now=self.now),
        )

    def act_by_authority(self) -> str:
        certificate = self._certificate()
        if certificate is None:
            return "no certificate"
        action = self.random.choice(list(DECISIONS))
        by = self.random.choice((self.province.provincial_actor,) * 3 + (self.province.municipal_actor,))
        said: dict[str, Any] = {"document_number": "赣建〔2026〕1号", "reason": "演示理由", "by": by, "now": self.now}
        return self.attempt(
            f"{by.name} {action} {certificate.number}",
            lambda: DECISIONS[action]([certificate.pk], **said, **GROUNDS.get(action, {})),
        )

    def overturn(self) -> str:
        event = self.any(CertificateEvent.objects.filter(kind__in=[str(one) for one in DECISIONS]).order_by("pk"))
        if event is None:
            return "nothing to overturn"
        said = {"document_number": "赣府复决〔2026〕3号", "reason": "复议", "by": self.province.provincial_actor}
        return self.attempt(
            f"overturn {event.kind} {event.certificate_id}",
            lambda: services.overturn(event.pk, **said, now=self.now),  # type: ignore[arg-type]
        )

    def change_facts(self) -> str:
        person = self.random.choice(self.living())
        enterprise = self.random.choice(self.enterprises)
        changes = (
            "photo",
            "training",
            "certificate",
            "certificate",
            "name",
            "constructor",
            "representative",
            "dissolve",
        )
        what = self.random.choice(changes)
        if what == "photo":
            person.id_photo.name = "" if person.has_id_photo else self.people[0].id_photo.name
            person.save()
        elif what == "training":
            if not TrainingRecord.objects.filter(id_number_index=person.id_number_index, ends_on=self.today).exists():
                make_training(person, ends_on=self.today)
        elif what == "certificate":
            self.find_certificate(person)
        elif what == "name":
            change_name(enterprise_id=enterprise.pk, name=f"江西更名{self.random.randrange(10**6)}有限公司")
        elif what == "constructor":
            make_constructor(person, enterprise)
        elif what == "representative":
            Enterprise.objects.filter(pk=enterprise.pk).update(legal_representative_index=person.id_number_index)
        elif self.random.random() < 0.3:
            self._replace(enterprise)
        refresh_for_people([one.pk for one in self.people])
        return f"{what} of {person.pk} or {enterprise.pk}"

    def _replace(self, enterprise: Enterprise) -> None:
        dissolve({enterprise.pk: ("dissolved", self.today)})
        self.upheavals.note_dissolved(enterprise)
        made = make_enterprise()
        self.enterprises[self.enterprises.index(enterprise)] = made
        self.operators[made.pk] = make_operator(made)
        self.register.codes[made.uscc] = made.pk
        self.forget_actors()


def _start_of(ends_on: date) -> date:
    return ends_on.replace(year=ends_on.year - 3) + timedelta(days=1)
