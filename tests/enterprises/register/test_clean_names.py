"""Names that were stored with stray signs are listed, and cleaned when asked."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command

from accounts.models import HeldCard, Person, User
from administration.models import AuditEntry
from certificates.models import Certificate
from certificates.state.snapshots import refresh_for_people
from enterprises.models import Enterprise, EnterpriseName
from tests.factories import make_certificate, make_employment, make_enterprise, make_person

pytestmark = pytest.mark.django_db
DIRTY, CLEAN = "新余赣江机电安装 有限公\u200b司", "新余赣江机电安装有限公司"


def run(*options: str) -> str:
    out = StringIO()
    call_command("clean_names", *options, stdout=out)
    return out.getvalue()


def test_reading_m5_stored_names_are_listed_and_nothing_is_changed_without_apply() -> None:
    Enterprise.objects.filter(pk=make_enterprise(CLEAN).pk).update(name=DIRTY)
    Person.objects.filter(pk=make_person("王小明").pk).update(name="王⼩明")
    said = run()
    assert "U+200B" in said
    assert "U+2F29" in said
    assert "王*明" in said
    assert "王小明" not in said
    assert (Enterprise.objects.get().name, Person.objects.get().name) == (DIRTY, "王⼩明")
    assert not AuditEntry.objects.filter(action="clean_name").exists()


def test_reading_m7_stored_names_are_cleaned_with_their_logins_once() -> None:
    person = make_person("王小明")
    Person.objects.filter(pk=person.pk).update(name="王⼩明", alias_names=["王晓\ufe0f明"])
    User.objects.filter(person=person).update(name="王⼩明")
    make_person("李䶮𬭎𠮷")
    assert "person: 1 found, 1 cleaned" in run("--apply")
    person.refresh_from_db()
    assert (person.name, person.alias_names) == ("王小明", ["王晓明"])
    assert User.objects.get(person=person).name == "王小明"
    assert AuditEntry.objects.filter(action="clean_name", object_id=str(person.pk)).count() == 1
    assert "person: 0 found, 0 cleaned" in run("--apply")
    assert HeldCard.objects.count() == 0


def test_reading_m5_a_cleaned_enterprise_keeps_its_certificates_in_order() -> None:
    enterprise, person = make_enterprise(CLEAN), make_person(user=False)
    Enterprise.objects.filter(pk=enterprise.pk).update(name=DIRTY)
    EnterpriseName.objects.create(enterprise=enterprise, name=f"{CLEAN}\ufeff")
    EnterpriseName.objects.create(enterprise=enterprise, name="新余旧名 有限公司")
    make_employment(person, enterprise)
    certificate = make_certificate(person, enterprise)
    Certificate.objects.filter(pk=certificate.pk).update(enterprise_name=DIRTY)
    run("--apply")
    refresh_for_people({person.pk})
    enterprise.refresh_from_db()
    certificate.refresh_from_db()
    assert enterprise.name == CLEAN
    assert "enterprise.renamed" not in certificate.display_codes
    assert list(enterprise.names.values_list("name", flat=True)) == ["新余旧名有限公司"]


def test_reading_m5_a_name_of_nothing_but_signs_is_left_for_a_clerk() -> None:
    Enterprise.objects.filter(pk=make_enterprise().pk).update(name="_x000D_")
    assert "a clerk has to look" in run("--apply")
    assert Enterprise.objects.get().name == "_x000D_"
