"""The tests' own tool: after a test that has committed, every table holds what the migrations and the seed data made."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.db import connection

from administration.audit.services import record_audit
from administration.models import AuditEntry, Parameter, RegionAlias
from tests import emptying
from tests.emptying import Emptying
from tests.factories import Province, make_person

pytestmark = pytest.mark.django_db(transaction=True)


def rows(*given_anew: str) -> dict[str, list[str]]:
    """All rows without the columns `given_anew`."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.django_table_names(only_existing=True, include_views=False):
            cursor.execute(f'SELECT (to_jsonb(one) - %s::text[])::text FROM "{table}" one', [list(given_anew)])  # noqa: S608
            found[table] = sorted(text for (text,) in cursor.fetchall())
    return found


def spoil() -> None:
    """Adds, changes and deletes, also where triggers refuse it to the portal."""
    Province()
    make_person()
    record_audit(action="login", actor_id=None)
    Permission.objects.filter(codename__startswith="add_").delete()
    RegionAlias.objects.all().delete()
    Parameter.objects.update(note="changed")


@pytest.mark.parametrize("how", ["truncated", "deleted"])
def test_it_leaves_what_django_s_flush_leaves(how: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if how == "truncated":
        monkeypatch.setattr(emptying, "MOST_BYTES", 0)
    fresh, empty = rows(), Emptying()
    spoil()
    assert AuditEntry.objects.exists()
    assert sum(fresh[table] != found for table, found in rows().items()) > 6
    empty()
    assert rows() == fresh
    call_command("flush", verbosity=0, interactive=False, reset_sequences=False, inhibit_post_migrate=False)
    # Flush seeds the same rows with new ids.
    new = ("id", "content_type_id", "created_at")
    seeded = rows(*new)
    empty()
    assert rows(*new) == seeded
    assert rows() == fresh
