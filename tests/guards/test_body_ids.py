"""Ids in request bodies are addresses too: everybody sends those of somebody else, unknown ones and absurd ones.

Each sender uses pages of their own (own application, batch, certificate) and names in the form what is another's: a person,
an enterprise and an office of another city. Forms and their values are those of the sender's own pages.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from django.core.files.base import ContentFile
from django.db import connection, models, transaction
from django.test import Client
from django.urls import resolve
from PIL import Image
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.enums import Duty, Sphere
from accounts.models import LoginSession, Person, User
from administration.enums import OfficeKind
from administration.models import ImportRun, Message, Office
from certificates.models import Certificate, CertificateEvent, OutOfProvinceCertificate
from certificates.out_of_province.services import Declared, declare
from common.database.fields import EncryptedFileSystemStorage
from common.jobs import enqueue
from employment.models import Employment
from enterprises.models import CaKey, Enterprise
from exams.models import Evidence, ExamEntry, Excuse
from tests.clock import Clock
from tests.exams.exam_world import make_batch, make_candidate, make_entry, make_seat, make_session, make_site
from tests.factories import make_enterprise, make_office, make_operator, make_staff
from tests.worlds.base import NOW, TODAY
from tests.worlds.extension import ExtensionWorld
from workflow.business import businesses
from workflow.enums import Action
from workflow.models import Application, Attachment, DecisionReason
from workflow.services.acting import act

from .test_access_matrix import Owner, fill, text_of
from .test_addresses import ALL, access_of

pytestmark = pytest.mark.django_db

FIRM = "江西䶮甲建设有限公司"
UNKNOWN = "999999"
# The last one is refused at the entrance, with all that comes beside it.
ABSURD = ("0", "-1", "9" * 5000, "9" * 19, "４２", "1 OR 1=1", "1\0")

# Fields that hold an id, each with the sort of thing that it names; a new one on a page has to be added here.
FIELDS = {
    "picked": "every", "pk": "person", "id": "person", "person": "person", "application": "application", "seen": "application",
    "remove": "attachment", "attachment": "attachment", "session": "session", "renews": "key", "key": "key",
    "organiser": "office", "office": "office", "region": "region", "entry": "entry", "employer": "enterprise",
    "enterprise": "enterprise", "certificate": "certificate", "version": "certificate", "declared": "declared",
    "employment": "employment", "batch": "batch", "run": "run", "sync": "sync", "review": "review", "user": "user",
    "colleague": "user", "deputy": "user", "member": "user", "job": "every", "shown": "person",
    "return_reasons": "reason", "reject_reasons": "reason",
}  # fmt: skip
# Numbers on pages that name no row.
NUMBERS = frozenset(
    {"phone", "save_draft", "quota", "post", "posts", "hours", "seats", "rows_per_day", "length", "year"}
)
# Where the senders' own page may answer 404, and why. What they send there is looked at all the same.
ELSEWHERE = {
    "applications/bulk/<uuid:key>/order/": "only after a question about a whole list: tests/workflow/views/test_whole_lists.py",
    **dict.fromkeys(
        (route for route in ALL if route.startswith("api/kiosk/")), "signed by a machine: tests/accounts/kiosk"
    ),
    **dict.fromkeys(
        ("checkin/<str:token>/", "checkin/<str:token>/list/", "checkin/<str:token>/merge/"),
        "opened by a link that nobody guesses: tests/exams/checkin",
    ),
    "api/sms/receipts/": "signed by a service: tests/portal/outbox",
    "api/verification/": "takes a key and no form: tests/certificates/batch_verification",
    "office/verification-keys/<int:pk>/revoke/": "the security administrator's own keys, named by the address",
    "office/exams/<int:pk>/day/<int:room>/": "only for a batch with rooms: tests/exams/checkin",
    "m/applications/<slug:number>/<slug:choice>/": "only while the case stands at the person",
    "office/certificates/<int:pk>/actions/overturn/<int:event>/": "only after a decision of the province; the address names it",
    "office/counter/<int:pk>/name/": "only for a card that is held; the address names the person",
    "office/counter/<int:pk>/photo/crop/": "only with a photo in the session",
    "office/exports/<int:pk>/take/": "only the asker's own request, named by the address: tests/workflow/exports",
    "office/lookups/<int:pk>/login/": "only where a login asked; the address names the alarm",
    "office/parameters/<slug:key>/<int:pk>/withdraw/": "only for a value to come; the address names it",
    "office/undo/<uuid:key>/": "only within the minute after an own decision: tests/workflow/test_undo.py",
    "office/second-looks/": "only once a case was drawn: tests/workflow/test_second_looks.py",
    "office/policy/<int:pk>/approve/": "the province's own batches, named by the address",
    "office/policy/<int:pk>/recall/": "the province's own batches, named by the address",
    "office/policy/<int:pk>/send-back/": "the province's own batches, named by the address",
    "office/policy/<int:pk>/discard/": "the province's own batches, named by the address",
    "office/policy/<int:pk>/reverse/": "the province's own batches, named by the address",
    "office/policy/<int:pk>/reversal/approve/": "the province's own batches, named by the address",
    "office/policy/<int:pk>/reversal/recall/": "the province's own batches, named by the address",
    "office/policy/<int:pk>/reversal/send-back/": "the province's own batches, named by the address",
    "office/policy/<int:pk>/start/": "the province's own batches, named by the address",
}


# --- which addresses take a POST, and which fields their forms have ---


def methods_of(view: Callable[..., Any]) -> list[str] | None:
    """As its `require_…` decorator lists them; None for a view that takes all."""
    waiting, seen = [view], set[int]()
    while waiting:
        function = waiting.pop()
        if id(function) in seen or not hasattr(function, "__code__"):
            continue
        seen.add(id(function))
        cells = [cell.cell_contents for cell in function.__closure__ or ()]
        held = dict(zip(function.__code__.co_freevars, cells, strict=True))
        if "request_method_list" in held:
            return list(held["request_method_list"])
        waiting += [value for value in held.values() if callable(value)]
    return None


def takes_post(route: str) -> bool:
    methods = methods_of(ALL[route].callback)
    return methods is None or "POST" in methods


POSTS = sorted(route for route in ALL if takes_post(route))


def test_every_exception_takes_a_post() -> None:
    assert ELSEWHERE.keys() - set(POSTS) == set()


class Forms(HTMLParser):
    """Forms that are posted: their address, and the value of each field (the first one of a choice)."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.ids: set[str] = set()
        self._inside, self._select = False, ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = given.get("method", "").lower() == "post"
            if self._inside:
                self.found.append((given.get("action", ""), {}))
        elif tag == "select":
            self._select = given.get("name", "")
        elif self._inside and tag == "option":
            self._keep(self._select, given.get("value", ""))
        elif self._inside and tag in ("input", "button", "textarea"):
            self._keep(given.get("name", ""), given.get("value", "x" if tag == "textarea" else ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False

    def _keep(self, name: str, value: str) -> None:
        if not name or name == "csrfmiddlewaretoken":
            return
        values = self.found[-1][1]
        values[name] = values.get(name) or value
        if re.fullmatch(r"[1-9]\d{0,18}", value, re.ASCII):
            self.ids.add(name)


# --- whose ids, and who sends them ---


class Rival(Owner):
    """The same things again in Jiujiang, all of them another's."""

    name, phone, address = "李四", "13700000000", "江西省九江市浔阳区演示路1号"

    def __init__(self, clock: Clock, owner: Owner) -> None:
        self.owner = owner
        super().__init__(clock)
        buffer = BytesIO()
        Image.effect_noise((413, 579), 90).convert("RGB").save(buffer, "JPEG")
        kept = EncryptedFileSystemStorage().save("photos/rival.jpg", ContentFile(buffer.getvalue()))
        Person.objects.filter(pk=self.person.pk).update(id_photo=kept, portrait=kept)
        everywhere = make_batch(region_id="360000", name="全省批次")
        self.seat.delete()
        self.excuse.delete()
        self.entry.delete()
        self.entry = make_entry(self.person, self.world.enterprise, everywhere, office=self.office, state="entered")
        self.seat = make_seat(self.entry, self.office)
        self.excuse.pk, self.excuse.entry = None, self.entry
        self.excuse.save(force_insert=True)
        site = make_site(self.world.province.provincial, 30)
        self.exam_session = make_session(everywhere, site, self.world.province.provincial_actor)
        make_candidate(self.world.enterprise, "赵六")

    def arguments(self, route: str) -> dict[str, Any]:
        """The pages of logins are those of staff; who declared a certificate may change it."""
        if route.startswith("office/users/"):
            return {"pk": self.world.province.stranger.pk}
        if route.startswith("person/certificates/elsewhere/<int:pk>/") and "scan" not in route:
            return {"pk": OutOfProvinceCertificate.objects.get(declared_by=self.person).pk}
        return super().arguments(route)

    def make_world(self) -> ExtensionWorld:
        enterprise = make_enterprise(region="360402")
        return ExtensionWorld(self.owner.world.province, (enterprise, make_operator(enterprise)))

    def office_of(self, world: ExtensionWorld) -> Office:
        return Office.objects.get(pk=world.province.stranger.office_id)


class Scene:
    def __init__(self, clock: Clock) -> None:
        self.owner = owner = Owner(clock)
        Enterprise.objects.filter(pk=owner.world.enterprise.pk).update(name=FIRM)
        owner.world.enterprise.refresh_from_db()
        self.rival = Rival(clock, owner)
        self.declared: list[OutOfProvinceCertificate] = []
        for one in (owner, self.rival):
            act(one.application.pk, action=Action.APPROVE, actor=one.world.holder(one.application), now=NOW)
            said = Declared(
                f"浙建安B（2021）{one.person.pk:07d}", "B", "浙江省", "浙江演示公司", TODAY.replace(year=2027)
            )
            self.declared.append(declare(one.person.pk, said, now=NOW))
        ExamEntry.objects.filter(pk=owner.entry.pk).update(state="entered", reviewed_at=None)
        self.session = LoginSession.objects.create(
            user=owner.world.person_user, session_key="s" * 32, started_at=NOW, is_exclusive=False
        )
        job = enqueue("administration.run_nightly_job", queueing_lock="nightly silence", name="silence")
        ProcrastinateJob.objects.filter(pk=job).update(status="failed")

    def foreign(self) -> dict[str, str]:
        """Ids of the owner's things by their sort."""
        owner = self.owner
        things: dict[str, Any] = {
            "person": owner.person,
            "user": owner.world.person_user,
            "enterprise": owner.world.enterprise,
            "key": owner.world.operator.ca_key,
            "application": owner.application,
            "attachment": owner.attachment,
            "entry": owner.entry,
            "batch": owner.entry.batch,
            "certificate": owner.world.certificate,
            "declared": self.declared[0],
            "employment": Employment.objects.get(person=owner.person),
            "office": owner.office,
            "run": owner.run,
            "sync": owner.sync,
            "review": owner.review,
            "session": self.session,
            "reason": DecisionReason.objects.get(kind="employer_change"),
        }
        return {sort: str(thing.pk) for sort, thing in things.items()} | {"region": "360102"}

    def secrets(self) -> list[bytes]:
        owner = self.owner
        texts = (
            *owner.secrets[:-1],
            FIRM.encode(),
            owner.world.certificate.number.encode(),
            owner.application.number.encode(),
        )
        return [*texts, self.declared[0].number.encode()]

    def state(self) -> list[Any]:
        """Whole rows of the owner's."""
        person, firm = self.owner.person.pk, self.owner.world.enterprise.pk
        rows: list[models.QuerySet[Any, Any]] = [
            Application.objects.filter(person=person),
            Attachment.objects.filter(application=self.owner.application),
            Certificate.objects.filter(person=person),
            CertificateEvent.objects.filter(certificate__person=person),
            OutOfProvinceCertificate.objects.filter(declared_by=person),
            Employment.objects.filter(person=person),
            ExamEntry.objects.filter(person=person),
            Excuse.objects.filter(entry__person=person),
            Evidence.objects.filter(person=person),
            Person.objects.filter(pk=person),
            Enterprise.objects.filter(pk=firm),
            CaKey.objects.filter(enterprise=firm),
            User.objects.filter(pk__in=[self.owner.person.user_id, self.owner.world.operator.pk]),
            LoginSession.objects.filter(pk=self.session.pk),
            ImportRun.objects.filter(pk=self.owner.run.pk),
            Message.objects.filter(mailbox_id=self.owner.person.mailbox_id),
        ]
        return [list(query.order_by("pk").values()) for query in rows]


BACKEND = "django.contrib.auth.backends.ModelBackend"


def senders(scene: Scene) -> Iterator[tuple[str, User | None]]:
    world, city = scene.rival.world, scene.rival.office
    duties = (Duty.REVIEW, Duty.COUNTER, Duty.REGISTER, Duty.TRAINING, Duty.ORGANISE)
    yield "nobody", None
    yield "person", world.person_user
    yield "operator", world.operator
    yield "city", make_staff(city, *duties, Duty.HEAD)
    yield "county", make_staff(make_office("都昌县住建局", kind=OfficeKind.COUNTY, region="360428"), *duties[:4])
    yield "training", make_staff(make_office("培训机构", kind=OfficeKind.TRAINING, region="360400"), Duty.TRAINING)
    yield "organiser", make_staff(make_office("考试中心", kind=OfficeKind.ORGANISER, region="360000"), Duty.ORGANISE)
    yield "province", make_staff(world.province.provincial, Duty.DECIDE, Duty.REGISTRY)
    for sphere in (Sphere.SYSTEM_ADMIN, Sphere.SECURITY_ADMIN, Sphere.AUDIT_ADMIN):
        yield sphere.value, User.objects.create(login=f"{sphere}-y", sphere=sphere, name="管理员")


FORM = "application/x-www-form-urlencoded"
WHO = (
    "nobody", "person", "operator", "city", "county", "training", "organiser", "province",
    "system_admin", "security_admin", "audit_admin",
)  # fmt: skip
SEES_ALL = ("province", "security_admin", "audit_admin")
"""They may read what is the owner's; change it they may not by these forms."""


class Sender:
    """One role, whose every request is undone: the next one finds everything as it was."""

    def __init__(self, scene: Scene, who: str, user: User | None) -> None:
        self.scene, self.who, self.user, self.requests = scene, who, user, 0
        self.client = Client(raise_request_exception=False)
        if user is not None:
            self.client.force_login(user, backend=BACKEND)
            session = self.client.session
            session["verified_at"], session["verified_user"] = NOW.timestamp(), user.pk
            scene.rival.come_to_the_counter(session)
            session.save()
        self.cookies = SimpleCookie(self.client.cookies)
        self.secrets = [] if who in SEES_ALL else scene.secrets()
        self.before = scene.state()

    def may_enter(self, route: str) -> bool:
        access = access_of(ALL[route])
        if access is None or access.is_public:
            return True
        return self.user is not None and access.why_not(self.user) is None

    def send(self, method: str, address: str, data: Any = None) -> Any:
        self.requests += 1
        mark = transaction.savepoint()
        self.client.cookies = SimpleCookie(self.cookies)
        wrote: list[str] = []

        def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            if re.match(r'(INSERT INTO|UPDATE|DELETE FROM) "(?!django_session|administration_(audit|request))', sql):
                wrote.append(sql)
            return execute(sql, params, many, context)

        with connection.execute_wrapper(watch):
            if method == "post":
                # Half as dear as a multipart body, whose parts Django reads one by one.
                sent = urlencode(data or {}, doseq=True)
                response: Any = self.client.post(address, sent, content_type=FORM, follow=True)
            else:
                response = self.client.get(address)
        broken = connection.needs_rollback
        transaction.set_rollback(False)
        what = (self.who, method, address[:200], str(data)[:300])
        assert response.status_code < 500, (*what, response.status_code)
        assert not broken, what
        shown = (
            text_of(response) + str(response.headers).encode() + str(response.redirect_chain if data else "").encode()
        )
        assert [secret.decode(errors="replace") for secret in self.secrets if secret in shown] == [], what
        if wrote:
            assert self.scene.state() == self.before, what
        transaction.savepoint_rollback(mark)
        return response


# --- what is sent ---


def forms_of(sender: Sender, routes: dict[str, str]) -> dict[str, dict[str, str]]:
    """route → fields of its form with their values, from all pages that the sender may open."""
    found: dict[str, dict[str, str]] = {}
    for route, address in routes.items():
        if not sender.may_enter(route):
            continue
        response = sender.send("get", address)
        if response.status_code != 200 or "text/html" not in response.headers["Content-Type"]:
            continue
        page = Forms(text_of(response).decode())
        for action, values in page.found:
            target = str(resolve(urlsplit(action).path or address.partition("?")[0]).route)
            found.setdefault(target, {}).update(values)
        SHOWN.add(*page.ids)
    return found


class Told:
    """Words that the senders tell each other, whichever of this run's test processes they are in."""

    def __init__(self, name: str) -> None:
        self._file = Path(os.environ["JXCLOUD_TEST_FILES"]) / f"body-ids-{name}"

    def add(self, *words: str) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with self._file.open("a") as file:
            file.write("".join(f"{word}\n" for word in words))

    def all(self) -> set[str]:
        return set(self._file.read_text().splitlines()) if self._file.exists() else set()


REACHED, ASKED, SHOWN, DONE = Told("reached"), Told("asked"), Told("shown"), Told("done")
"""Routes whose POST was looked at; routes asked with absurd ids in the query; names of fields that hold a number on
some page; senders that have sent everything.
"""


def bodies(values: dict[str, str], foreign: dict[str, str], *, absurd: bool) -> Iterator[dict[str, Any]]:
    """Beside what the form holds: all fields at once, the fields of the form one by one, lists with the sender's own."""
    own = {"commitment": "on", "confirmed": "on", "comment": "已核对", "action": "approve", **values}
    every = sorted(set(foreign.values()))
    posts = {f"post_{one}": "08" for one in (*every, UNKNOWN)} | {f"seats_{one}": "1" for one in (*every, UNKNOWN)}
    named: dict[str, Any] = {name: foreign.get(sort, every) for name, sort in FIELDS.items()}
    yield own | posts | named
    yield own | posts | named | {"picked": [values.get("picked", "1"), *every, UNKNOWN, *ABSURD[:-1]]}
    for one in (UNKNOWN, *ABSURD) if absurd else (UNKNOWN,):
        yield own | posts | dict.fromkeys(FIELDS, one)
    for name in FIELDS.keys() & values.keys():
        for value in (named[name], UNKNOWN, ABSURD[2], ABSURD[4]):
            yield own | posts | {name: value}


def questions(scene: Scene, foreign: dict[str, str]) -> Iterator[str]:
    """Starting a business names its subject in the address."""
    own = {"certificate": scene.rival.world.certificate.pk, "entry": scene.rival.entry.pk}
    for business in businesses():
        for name in ("certificate", "entry", "declared", "enterprise"):
            for value in (foreign[name], UNKNOWN, ABSURD[2], ABSURD[4], ABSURD[6]):
                yield f"/applications/new/{business.kind}/?{urlencode({**own, name: value})}"


def walk(sender: Sender, routes: dict[str, str]) -> None:
    """Everything one sender sends. How an id is read depends on nobody's role: one sender tries the absurd ones."""
    foreign = sender.scene.foreign()
    forms = forms_of(sender, routes)
    for route in POSTS:
        open_to = sender.may_enter(route)
        for data in bodies(forms.get(route, {}), foreign, absurd=route not in REACHED.all()):
            response = sender.send("post", routes[route], data)
            if not open_to:
                break
            if response.status_code not in (404, 405):
                REACHED.add(route)
            elif route not in forms:
                break
    if sender.who in ("person", "operator"):
        for address in questions(sender.scene, foreign):
            sender.send("get", address)
    names = (*FIELDS, "name", "q", "kind", "actor", "cursor")
    for route in ALL:
        if sender.may_enter(route) and route not in ASKED.all():
            ASKED.add(route)
            for one in (ABSURD[2], ABSURD[4], ABSURD[6]):
                sender.send("get", f"{routes[route]}?{urlencode(dict.fromkeys(names, one))}")


@pytest.mark.parametrize("who", WHO)
def test_ids_of_others_unknown_ids_and_absurd_ones_give_nothing_away(clock: Clock, who: str) -> None:
    """Whoever is the last to have sent everything looks at what all have reached; some senders alone do not."""
    scene = Scene(clock)
    routes = {route: fill(route, scene.rival) for route in ALL}
    users = dict(senders(scene))
    assert tuple(users) == WHO
    sender = Sender(scene, who, users[who])
    walk(sender, routes)
    print(f"{who}: {sender.requests} requests to {len(POSTS)} addresses with POST and {len(ALL)} in all")
    DONE.add(who)
    if DONE.all() == set(WHO):
        look_at_all()


def look_at_all() -> None:
    assert set(POSTS) - REACHED.all() - ELSEWHERE.keys() == set(), "send something to these addresses, or say what does"
    shown = {re.sub(r"^seats_\d+$", "seats", name) for name in SHOWN.all()}
    assert shown - FIELDS.keys() - NUMBERS == set(), (
        "say in FIELDS what these fields of forms name, or that they are numbers"
    )
