"""What people write into an application is personal: no column of the database holds it in clear."""

from __future__ import annotations

import importlib
from dataclasses import replace

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client

from accounts.models import User
from administration.models import AuditEntry
from common.encryption import blind_index, decrypt_text
from tests.clock import Clock
from tests.worlds import WORLDS
from tests.worlds.base import NOW, World
from workflow.business import business_of, businesses
from workflow.enums import Action
from workflow.models import Application
from workflow.private import PrivateCharField
from workflow.services.acting import act
from workflow.services.filing import create_draft, save_draft

pytestmark = pytest.mark.django_db
PHONE, OTHER_PHONE = "13912345678", "15887654321"
migration = importlib.import_module("workflow.migrations.0006_sealed_payload")


@pytest.fixture(autouse=True)
def today(clock: Clock) -> None:
    clock.stop_at(NOW)


def telling(kind: str) -> World:
    """A world whose applicant writes recognisable telephones."""
    world = WORLDS[kind]()
    case = world.case()
    typed = {"phone": PHONE, "note": f"白天请打我爱人的电话{OTHER_PHONE}"}
    payload = {**case.payload, **{name: text for name, text in typed.items() if name in case.payload}}
    world.case = lambda: replace(case, payload=payload)  # type: ignore[method-assign]
    return world


def tables_with(words: str) -> list[str]:
    """Every table of this database, each row as one text."""
    with connection.cursor() as cursor:
        found = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(
                # The name is the catalogue's own.
                f"SELECT 1 FROM {connection.ops.quote_name(table)} AS row WHERE row::text LIKE %s",  # noqa: S608
                [f"%{words}%"],
            )
            found += [table] if cursor.fetchone() else []
    return found


def test_the_search_finds_what_lies_in_clear() -> None:
    assert tables_with("江西省住房和城乡建设厅") or tables_with("南昌")


@pytest.mark.parametrize("kind", [business.kind for business in businesses()])
def test_no_table_holds_a_telephone_or_an_id_number_in_clear(kind: str) -> None:
    world = telling(kind)
    draft = create_draft(case=world.case(), actor=world.filer, now=NOW)
    save_draft(draft.pk, payload={"unfinished": {"phone": PHONE, "note": OTHER_PHONE}}, actor=world.filer)
    draft.delete()
    application = world.file()
    while application.is_open:
        act(
            application.pk,
            action=Action.APPROVE,
            actor=world.holder(application),
            detail=world.originals(application),
            now=NOW,
        )
        application.refresh_from_db()
    for words in (PHONE, OTHER_PHONE, str(world.person.id_number)):
        assert tables_with(words) == []
    if "phone" in application.payload:
        assert application.payload["phone"] == PHONE


def test_a_draft_that_is_not_finished_yet_is_sealed_too() -> None:
    world = WORLDS["extension"]()
    draft = create_draft(case=world.case(), actor=world.filer, now=NOW)
    typed = {"unfinished": {"phone": PHONE, "note": OTHER_PHONE}}
    save_draft(draft.pk, payload=typed, actor=world.filer)
    assert tables_with(PHONE) == tables_with(OTHER_PHONE) == []
    assert Application.objects.get(pk=draft.pk).payload == typed


def test_rows_from_before_are_sealed_and_their_digests_still_compare_equal() -> None:
    class Row:
        payload: object = {"phone": PHONE}
        sealed: object = {}
        payload_digest = "a" * 64

    row = Row()
    migration._seal(row)
    assert row.sealed == {"phone": PHONE}
    assert row.payload_digest == blind_index("a" * 64, "application content")
    row.payload = {}
    migration._open(row)
    assert row.payload == {"phone": PHONE}


def test_the_stored_text_is_the_portals_own_cipher() -> None:
    application = telling("extension").file()
    with connection.cursor() as cursor:
        cursor.execute("SELECT payload FROM workflow_application WHERE id = %s", [application.pk])
        (stored,) = cursor.fetchone()
    assert PHONE in decrypt_text(stored)
    assert apps.get_model("workflow", "Application")._meta.get_field("payload").db_type(connection) == "text"


def page(user: User | None, address: str) -> str:
    assert user is not None
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.text


def test_only_the_filer_reads_his_telephone_others_read_it_masked() -> None:
    world = telling("extension")
    application = world.file()
    assert PHONE in page(world.person_user, f"/applications/{application.number}/")
    for address in (f"/applications/{application.number}/", f"/enterprise/confirmations/{application.number}/"):
        seen = page(world.operator, address)
        assert PHONE not in seen
        assert "139****5678" in seen
    act(application.pk, action=Action.APPROVE, actor=world.holder(application), now=NOW)
    for address in (
        f"/office/applications/{application.number}/",
        f"/applications/{application.number}/",
        f"/applications/{application.number}/print/",
        f"/office/applications/{application.number}/contact/",
    ):
        seen = page(world.province.reviewer, address)
        assert PHONE not in seen, address
        assert "139****5678" in seen, address
    assert not AuditEntry.objects.filter(action="reveal_contact").exists()


def test_an_office_reads_it_in_full_by_a_press_that_is_noted() -> None:
    world = telling("extension")
    application = world.file()
    act(application.pk, action=Action.APPROVE, actor=world.holder(application), now=NOW)
    address = f"/office/applications/{application.number}/contact/"
    client = Client()
    client.force_login(world.province.reviewer, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.post(address)
    assert PHONE in answer.text
    assert "no-store" in answer["Cache-Control"]
    entry = AuditEntry.objects.get(action="reveal_contact")
    assert (entry.actor_id, entry.object_id) == (world.province.reviewer.pk, str(application.pk))
    stranger = Client()
    stranger.force_login(world.province.stranger, backend="django.contrib.auth.backends.ModelBackend")
    assert stranger.post(address).status_code == 404
    assert AuditEntry.objects.filter(action="reveal_contact").count() == 1


@pytest.mark.parametrize("kind", [business.kind for business in businesses()])
def test_every_field_for_a_telephone_is_declared_private(kind: str) -> None:
    for name, field in business_of(kind).form_class.base_fields.items():
        looks_private = "phone" in name or any(
            word in str(field.label) for word in ("电话", "手机", "邮箱", "身份证号")
        )
        assert not looks_private or isinstance(field, PrivateCharField), (kind, name)
