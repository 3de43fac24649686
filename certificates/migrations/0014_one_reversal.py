"""Moves what was taken back of old records to where all imports have it, and keeps the ids, which jobs carry."""

from django.db import migrations


def move(apps, schema_editor):
    old = apps.get_model("certificates", "LegacyReversal")
    new = apps.get_model("administration", "ImportReversal")
    new.objects.bulk_create(
        new(
            id=one.pk,
            run_id=one.run_id,
            reason=one.reason,
            by=one.by.name,
            user_id=one.by_id,
            at=one.at,
            finished_at=one.finished_at,
            last_row=one.last_record,
            taken=one.taken,
            kept=one.kept,
        )
        for one in old.objects.select_related("by").order_by("pk")
    )
    schema_editor.execute(
        "SELECT setval(pg_get_serial_sequence('administration_importreversal', 'id'),"
        " (SELECT coalesce(max(id), 0) + 1 FROM administration_importreversal), false)"
    )


class Migration(migrations.Migration):
    dependencies = [
        ("administration", "0014_import_reversals"),
        ("certificates", "0013_order_of_transfer_proofs"),
    ]

    operations = [
        migrations.RunPython(move, migrations.RunPython.noop),
        migrations.DeleteModel(name="LegacyReversal"),
    ]
