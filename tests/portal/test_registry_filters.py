"""No condition that a registry does not offer narrows its list: a hash or a token cannot be asked for piece by piece."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import cycle, product

import pytest
from django.contrib import admin
from django.db.models import Field, Model
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from accounts.enums import Duty, Sphere
from accounts.models import LoginSession, User
from administration.admin import CalendarDayAdmin
from administration.models import ImportRun
from administration.offices.registry import RoutingRegistry
from common.database.fields import EncryptedTextField
from common.web.admin import Registry
from tests.factories import (
    enrol_totp,
    make_certificate,
    make_employment,
    make_enterprise,
    make_office,
    make_operator,
    make_person,
    make_staff,
    make_training,
)

pytestmark = pytest.mark.django_db
REGISTRIES = sorted(admin.site._registry.items(), key=lambda entry: entry[0]._meta.label)
EACH = pytest.mark.parametrize(("model", "registry"), REGISTRIES, ids=[one._meta.label for one, _ in REGISTRIES])
LOOKUPS = {
    "": ("argon2", "x"),
    "__exact": ("argon2", "x"),
    "__startswith": ("a", "~"),
    "__regex": (".", "^~$"),
    "__isnull": ("True", "False"),
    "__gt": ("0", "9999999999"),
    "__in": ("1,2,3", "-1"),
    "__range": ("0,9", "8,9"),
}
"""Each with a condition that holds more often and one that holds less often."""
SECRET = re.compile(
    r"password|secret|token|(^|_)hash|payload|_index$|identity|session|digest|fingerprint|key$|portrait|^id_number"
    r"|code_hash|answer|cms|signature|^extra$"
)
REASONS = {"answer", "answered_by", "answered_at"}
"""Of an import: why it goes on with unlikely many rows of legal effect, and who said so; no answer to a secret question."""
SHOWN = {"pk", "id"}


@pytest.fixture
def administrator() -> Client:
    client = Client()
    user = User.objects.create(login="sysadmin", sphere=Sphere.SYSTEM_ADMIN, name="系统管理员")
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def rows() -> None:
    """At least something in the tables whose fields are worth asking for."""
    staff = enrol_totp(make_staff(make_office(), Duty.REVIEW))
    LoginSession.objects.create(user=staff, session_key="k" * 32)
    enterprise = make_enterprise()
    make_operator(enterprise)
    for _ in range(2):
        person = make_person()
        make_employment(person, enterprise)
        make_certificate(person, enterprise, "B")
        make_training(person)


def paths(model: type[Model], depth: int = 2) -> Iterator[str]:
    """Own fields, and those of relations in either direction, two deep."""
    for field in model._meta.get_fields(include_hidden=True):
        name = field.name.rstrip("+")
        if not name:
            continue
        yield name
        attname = getattr(field, "attname", None)
        if attname and attname != name:
            yield attname
        if field.is_relation and isinstance(field.related_model, type) and depth:
            yield from (f"{name}__{rest}" for rest in paths(field.related_model, depth - 1))


def offered(registry: Registry) -> set[str]:
    """What the list itself puts on the page to narrow it by."""
    request = RequestFactory().get("/")
    names: set[str] = set()
    for entry in registry.get_list_filter(request):
        entry = entry[0] if isinstance(entry, tuple) else entry
        names.add(entry if isinstance(entry, str) else entry.parameter_name)
    if registry.date_hierarchy:
        names.add(registry.date_hierarchy)
    return names


def changelist(model: type[Model]) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def rows_of(page: HttpResponse) -> list[int]:
    return [row.pk for row in page.context["cl"].result_list]  # type: ignore[attr-defined]


@EACH
def test_no_path_is_allowed_but_those_on_offer(model: type[Model], registry: Registry) -> None:
    request, known = RequestFactory().get("/"), offered(registry)
    tried = 0
    for path, lookup in product(paths(model), LOOKUPS):
        tried += 1
        if registry.lookup_allowed(f"{path}{lookup}", "x", request):
            assert path in known, f"{path}{lookup}"
            assert lookup in ("", "__exact", "__isnull"), f"{path}{lookup}"
    assert tried > len(LOOKUPS)


@EACH
@pytest.mark.usefixtures("rows")
def test_a_list_never_tells_a_true_condition_from_a_false_one(
    administrator: Client, model: type[Model], registry: Registry
) -> None:
    address, known, turns = changelist(model), offered(registry), cycle(LOOKUPS)
    for path in paths(model, depth=0):
        # In turns: the test above has asked for every lookup, and a page takes its time.
        lookup = "__startswith" if path in known else next(turns)
        answers = [administrator.get(address, {f"{path}{lookup}": condition}) for condition in LOOKUPS[lookup]]
        assert [answer.status_code for answer in answers] == [400, 400], f"{path}{lookup}"


@EACH
def test_nothing_secret_is_offered_shown_sorted_or_searched(model: type[Model], registry: Registry) -> None:
    request = RequestFactory().get("/")
    request.user = User(sphere=Sphere.SYSTEM_ADMIN, login="sysadmin")
    searched = {field.lstrip("^=@") for field in registry.get_search_fields(request)}
    ordered = set()
    for column in registry.get_list_display(request):
        of_registry = getattr(registry, column, None) if isinstance(column, str) else column
        ordered.add(str(getattr(of_registry, "admin_order_field", "") or column).lstrip("-"))
    shown = {name for name in registry.get_fields(request, model()) if isinstance(name, str)}
    for name in offered(registry) | searched | ordered | shown:
        if name.startswith(("masked_", "is_")) or name in ("key_id", "public_key", "key", "fingerprint", "sha256"):
            continue  # made unreadable, or public by their nature
        if model is ImportRun and name in REASONS:
            continue
        parts = name.split("__")
        assert not any(SECRET.search(part) for part in parts), name
        try:
            field = model._meta.get_field(parts[0])
        except Exception:  # noqa: S112  a column that the registry works out
            continue
        assert not (isinstance(field, Field) and isinstance(field, EncryptedTextField)), name


@pytest.mark.usefixtures("rows")
def test_hash_of_a_password_cannot_be_guessed_character_by_character(administrator: Client) -> None:
    address = changelist(User)
    for path in ("password__startswith", "password__regex", "second_factor__secret__startswith", "password"):
        for value in ("argon2", "md5", "~"):
            assert administrator.get(address, {path: value}).status_code == 400
    for column in range(-12, 12):
        page = administrator.get(address, {"o": str(column)})
        assert sorted(rows_of(page)) == sorted(rows_of(administrator.get(address)))


@pytest.mark.usefixtures("rows")
@pytest.mark.parametrize("name", ["_to_field", "_popup", "all"])
def test_second_windows_are_refused(administrator: Client, name: str) -> None:
    row = User.objects.get(sphere=Sphere.STAFF)
    for address in (changelist(User), f"{changelist(User)}{row.pk}/change/", f"{changelist(User)}add/"):
        for value in ("password", "id", "1"):
            assert administrator.get(address, {name: value}).status_code == 400
            assert administrator.post(address, {name: value}).status_code == 400


def test_completion_and_jumps_do_not_exist(administrator: Client) -> None:
    for page in ("autocomplete/", "jsi18n/", "r/1/1/"):
        address = f"/office/registry/{page}"
        answer = administrator.get(address, {"app_label": "accounts", "model_name": "user", "field_name": "office"})
        assert answer.status_code == 404


@pytest.mark.usefixtures("rows")
def test_what_is_offered_still_narrows(administrator: Client) -> None:
    address = changelist(User)
    assert len(rows_of(administrator.get(address))) == 2
    assert len(rows_of(administrator.get(address, {"sphere__exact": "staff"}))) == 1
    assert len(rows_of(administrator.get(address, {"is_active__exact": "0"}))) == 0
    assert len(rows_of(administrator.get(address, {"q": "sysadmin"}))) == 1


@EACH
def test_a_null_character_is_refused(administrator: Client, model: type[Model], registry: Registry) -> None:
    for name in [*offered(registry), "q", "o", "p"]:
        assert administrator.get(changelist(model), {name: "\0"}).status_code in (200, 302, 400)


def test_every_registry_is_closed_this_way() -> None:
    for model, registry in REGISTRIES:
        assert isinstance(registry, Registry), model
        for name in ("lookup_allowed", "to_field_allowed", "changelist_view", "changeform_view", "delete_view"):
            # Changes of routing and of the calendar ask first; they go through the closed way of all registries.
            closed = (getattr(Registry, name), getattr(RoutingRegistry, name), getattr(CalendarDayAdmin, name))
            assert getattr(type(registry), name) in closed, f"{model._meta.label}.{name}"
        assert registry.actions is None
        assert not registry.get_autocomplete_fields(RequestFactory().get("/"))
