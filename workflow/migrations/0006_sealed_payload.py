from collections.abc import Callable
from typing import Any

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from common.encryption import blind_index
from common.database.fields import EncryptedJSONField

CHUNK = 1000


def _each(apps: Apps, fields: list[str], change: Callable[[Any], None]) -> None:
    model = apps.get_model("workflow", "Application")
    chunk: list[Any] = []
    for row in model.objects.only("pk", "payload", "sealed", "payload_digest").iterator(CHUNK):
        change(row)
        chunk.append(row)
        if len(chunk) == CHUNK:
            model.objects.bulk_update(chunk, fields)
            chunk = []
    model.objects.bulk_update(chunk, fields)


def _seal(row: Any) -> None:
    row.sealed = row.payload
    if row.payload_digest:
        row.payload_digest = blind_index(row.payload_digest, "application content")


def _open(row: Any) -> None:
    row.payload = row.sealed


def seal(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Moves what was typed out of the clear column and makes the digests keyed ones, so that unchanged content still compares equal."""
    _each(apps, ["sealed", "payload_digest"], _seal)


def unseal(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """The former digests cannot be had back: the employer is asked again where a case is returned."""
    _each(apps, ["payload"], _open)


class Migration(migrations.Migration):
    dependencies = [("workflow", "0005_archive_number")]

    operations = [
        migrations.AddField("application", "sealed", EncryptedJSONField(default=dict)),
        migrations.RunPython(seal, unseal),
    ]
