"""Declares what a kind of application is. The engine in `workflow.services` runs every declaration the same way."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import takewhile
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from django import forms
from django.utils.timezone import localdate

from common.encryption import blind_index
from common.findings import Cure, Finding
from common.registry import Registry

from .checks import Case, Check, Facts, parameters_of
from .enums import BarScope, Desk, Party
from .models import Application, ApplicationItem
from .steps import AttachmentKind, Comparison, Original, Proof, Step, Way

if TYPE_CHECKING:
    from accounts.models import User

    from .actors import Actor


class Business:
    """Describes one kind of application: subclass, declare, `@register`. No line outside compares `kind`.

    Businesses stand on pages in ascending `order`. `subject_field` names the item's foreign key to the thing, and is
    "" where the business has claims only. `menu_title` is the manual's word on buttons where it differs from the
    title (换证 for 进赣换证). `shown_as` is the display status of a thing that exists only once this is approved (新增归档,
    进赣换证).
    """

    kind: ClassVar[str]
    title: ClassVar[str]
    order: ClassVar[int] = 1000
    menu_title: ClassVar[str] = ""
    summary: ClassVar[str] = ""
    filed_by: ClassVar[frozenset[Party]]
    form_class: ClassVar[type[forms.Form]]
    steps: ClassVar[tuple[Step, ...]]
    checks: ClassVar[tuple[Check, ...]] = ()
    attachments: ClassVar[tuple[AttachmentKind, ...]] = ()
    item_model: ClassVar[type[ApplicationItem]]
    subject_field: ClassVar[str] = ""
    legal_basis: ClassVar[tuple[str, ...]] = ()
    materials: ClassVar[tuple[str, ...]] = ()
    effect_parameters: ClassVar[tuple[str, ...]] = ()
    changes: ClassVar[Mapping[str, Proof]]
    """Names the facts that an approval may change, each with what proves it; `compare` shows them."""
    after_refusal: ClassVar[str] = ""
    """It says what the applicant can do besides filing anew when the employer refuses."""
    holds_expiry: ClassVar[bool] = False
    """If filed before the certificate's end, the application keeps the certificate usable until it is decided
    (延续审查中).
    """
    is_needless_once_extended: ClassVar[bool] = False
    """It asks for nothing but another term, which a policy extension of the certificate gives already."""
    second_look: ClassVar[str] = "second_look_percent"
    """The parameter that says how many of a hundred approved cases are drawn for a second look."""
    waits_after_reset: ClassVar[bool] = False
    """An impostor would do this first, so the person's own part waits after a reset of the password
    (`permissions.what_waits`).
    """
    has_letters: ClassVar[bool] = False
    """It is a licence in the sense of the law, whose refusal and whose gaps an office tells in a letter."""
    start_on_web: ClassVar[bool] = True
    start_url_name: ClassVar[str] = ""
    content_template: ClassVar[str] = "workflow/content/any.html"
    section: ClassVar[str] = "安全管理考核证书管理"
    outcome: ClassVar[str] = "办结"
    shown_as: ClassVar[str] = ""

    def prepare(self, actor: Actor, query: Mapping[str, str], *, today: date) -> Case:
        """Answers the case as it would be filed now. Raises `NotFound` for a subject that is not the actor's."""
        raise NotImplementedError(f"{self.kind} does not say how it starts")

    def choices(self, actor: Actor) -> list[tuple[str, dict[str, str]]]:
        """Answers what the actor may file it about, as label and query of the start page, where `prepare` needs to be told."""
        return []

    def about(self, case: Case) -> list[str]:
        """Names the things that a case is about, before it is filed."""
        return []

    def rebuild(self, applications: Sequence[Application], *, today: date) -> list[Case]:
        """Answers the cases of stored applications, in a constant number of queries."""
        items: dict[int, list[ApplicationItem]] = {application.pk: [] for application in applications}
        for item in self.item_model._default_manager.filter(application__in=items).order_by("pk"):
            items[item.application_id].append(item)
        return [self._rebuild(application, items[application.pk], today) for application in applications]

    def _rebuild(self, application: Application, items: list[ApplicationItem], today: date) -> Case:
        filed = application.first_submitted_at
        subjects = (getattr(item, f"{self.subject_field}_id") for item in items) if self.subject_field else ()
        return Case(
            business=self,
            filing_day=localdate(filed) if filed else today,
            on=today,
            person_id=application.person_id,
            enterprise_id=application.enterprise_id,
            former_enterprise_id=application.former_enterprise_id,
            region_id=application.region_id,
            subjects=tuple(subject for subject in subjects if subject is not None),
            claims=tuple(item.claim_key for item in items if item.claim_key),
            payload=application.payload,
            application_id=application.pk,
            is_filing=not application.is_open or application.desk == Desk.FILER,
        )

    def refresh(self, case: Case) -> Case:
        """Answers the case at submission with its present parties: an employer may have changed since the draft."""
        return case

    def payload_of(self, form: forms.Form) -> dict[str, Any]:
        return {name: plain(value) for name, value in form.cleaned_data.items()}

    def required_attachments(self, payload: Mapping[str, Any]) -> set[str]:
        """Answers the keys of the attachments that this content needs."""
        return {kind.key for kind in self.attachments if kind.required}

    def bar_scopes(self, case: Case) -> Collection[str]:
        """Answers the bars that prevent it, for businesses that ask `rules.not_barred`."""
        return (BarScope.CERTIFICATES,)

    def office_at(self, application: Application, desk: str) -> int | None:
        """Answers the office of a desk that does not follow from the region; None leaves it to the routing."""
        return None

    def disputed_users(self, case: Case) -> Collection[User]:
        """Answers who made the decision that the case disputes; these natural persons decide nothing on it."""
        return ()

    def initial(self, case: Case) -> dict[str, Any]:
        """Answers what a form begins with where nothing was typed yet; nothing that has legal effect."""
        return {}

    def form_kwargs(self, case: Case) -> dict[str, Any]:
        """Answers what the form needs to know of the case beyond its values."""
        return {}

    def round_keys(self, application: Application) -> Iterable[Hashable]:
        """Applications of one batch that share a key are decided one after another."""
        return (
            (("person", application.person_id),)
            if application.person_id
            else (("enterprise", application.enterprise_id),)
        )

    def on_approve(
        self, applications: Sequence[Application], facts: Facts, *, by: Actor, now: datetime
    ) -> dict[int, list[Finding]]:
        """Carries out the last approval in sets, under lock. Answers refusals by application id; for those all is
        rolled back.
        """
        orders = [order for case in facts.cases for order in self.orders(case, facts)]
        self.carry_out(orders, facts, by=by, now=now)
        return {}

    def orders(self, case: Case, facts: Facts) -> Iterable[Any]:
        """Answers what the approval of one case brings about; nothing is written yet."""
        raise NotImplementedError(f"{self.kind} has no effect")

    def compare(self, case: Case, facts: Facts) -> list[Comparison]:
        """Answers what the approval of an open case would change if it were decided now."""
        raise NotImplementedError(f"{self.kind} does not say what it changes")

    def carry_out(self, orders: list[Any], facts: Facts, *, by: Actor, now: datetime) -> None:
        """Writes the orders of all cases at once."""
        raise NotImplementedError(f"{self.kind} does not carry out its orders")

    def cause(self, case: Case) -> dict[str, Any]:
        """Answers the arguments by which an order names its kind and its application, for the trail."""
        return {"kind": self.kind, "application_id": case.application_id}

    def describe(self, applications: Sequence[Application]) -> dict[int, list[tuple[str, str]]]:
        """Answers label and value of what each application is about, for lists and the review screen, in constant queries."""
        return {application.pk: self.facts_of(application) for application in applications}

    def facts_of(self, application: Application) -> list[tuple[str, str]]:
        """Answers label and value of what one application says by itself, without a query."""
        return []

    def ways_after(self, application: Application, desk: str) -> Iterable[Way]:
        """Answers what this kind offers after it ended at the desk without success, before what every kind offers."""
        return ()

    def start_again(self, application: Application) -> tuple[Cure, ...]:
        """Answers the link that begins the same application anew; empty where it does not begin on the web."""
        if not self.start_on_web:
            return (Cure("去发起", url_name=self.start_url_name),) if self.start_url_name else ()
        return (Cure("重新申请", business=self.kind, query=self._query_of(application)),)

    def _query_of(self, application: Application) -> dict[str, object]:
        if not self.subject_field:
            return {}
        items = self.item_model._default_manager.filter(application=application)
        subjects = items.order_by("pk").values_list(f"{self.subject_field}_id", flat=True)
        first = next((pk for pk in subjects if pk is not None), None)
        return {} if first is None else {self.subject_field: first}

    def content(self, application: Application) -> dict[str, Any]:
        """It is the `extra` of `content_template`."""
        return {}

    @property
    def button(self) -> str:
        return self.menu_title or self.title

    @property
    def concerns_one_person(self) -> bool:
        """Answers whether a person files it or has a say in it, so that it can stand among the person's own cases."""
        return Party.PERSON in self.filed_by or any(step.desk == Desk.PERSON for step in self.steps)

    @property
    def parameter_keys(self) -> list[str]:
        """Lists every policy parameter that an application of this kind may ask, for the record and the guides."""
        keys = [step.clock for step in self.steps if step.clock]
        keys += [key for check in self.checks for key in parameters_of(check)]
        return list(dict.fromkeys([*keys, *self.effect_parameters]))

    def step_at(self, desk: str) -> Step | None:
        return next((step for step in self.steps if step.desk == desk), None)

    @property
    def originals(self) -> dict[str, Original]:
        """Answers the originals of all its desks by their keys."""
        return {original.key: original for step in self.steps for original in step.originals}

    def steps_of(self, application: Application) -> tuple[Step, ...]:
        """Leaves out the steps that never apply to this application."""
        return tuple(step for step in self.steps if step.is_part_of(application))

    def steps_before(self, application: Application, desk: str) -> list[Step]:
        """Answers the steps of this application before a desk."""
        return list(takewhile(lambda step: step.desk != desk, self.steps_of(application)))

    def steps_after(self, desk: str) -> tuple[Step, ...]:
        """Answers the steps after a desk; for the filer's, all of them."""
        for position, step in enumerate(self.steps):
            if step.desk == desk:
                return self.steps[position + 1 :]
        return self.steps

    def steps_ahead(self, application: Application, desk: str) -> Iterator[tuple[Step, str]]:
        """Answers the steps of this application after a desk, each with the reason why it is skipped, or "".

        The first without a reason is the next one.
        """
        for step in self.steps_after(desk):
            if step.is_part_of(application):
                yield step, step.reason_to_skip(application)


class UnknownBusiness(LookupError):
    pass


BUSINESSES: Registry[Business] = Registry("business")
"""Pages offer the kinds in this order. Modules in a folder `businesses` are found by themselves; `order` of the class
says where it stands.
"""

B = TypeVar("B", bound=type[Business])


def register(business: B) -> B:
    known = BUSINESSES.get(business.kind)
    if known is None or type(known).__qualname__ != business.__qualname__:
        BUSINESSES.register(business.kind, business(), order=business.order)
    return business


def unregister(kind: str) -> None:
    """Tests that declare a business of their own remove it again."""
    if kind in BUSINESSES:
        BUSINESSES.unregister(kind)


def business_of(kind: str) -> Business:
    known = BUSINESSES.get(kind)
    if known is None:
        raise UnknownBusiness(kind)
    return known


def businesses() -> list[Business]:
    return list(BUSINESSES)


def plain(value: object) -> object:
    """Answers the JSON form of a cleaned form value."""
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, (list, tuple, set)):
        return [plain(element) for element in value]
    if value is None or isinstance(value, (str, int, bool)):
        return value
    raise TypeError(f"a payload cannot hold {type(value).__name__}; override payload_of")


DIGEST_PURPOSE = "application content"


def digest(payload: Mapping[str, Any], attachments: Iterable[str]) -> str:
    """Digests what the employer confirms: form values and attachment contents."""
    text = json.dumps([payload, sorted(attachments)], ensure_ascii=False, sort_keys=True)
    # The digest is keyed, because the few values of a telephone number could otherwise be tried one by one.
    return blind_index(hashlib.sha256(text.encode()).hexdigest(), DIGEST_PURPOSE)
