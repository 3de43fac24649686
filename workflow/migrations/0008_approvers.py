import django.contrib.postgres.fields
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def remember(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Fills in the approvers of the cases under way from their record."""
    offices = ["counter", "municipal", "organiser", "provincial"]
    approvals = apps.get_model("workflow", "Event").objects.filter(
        application__is_open=True, action="approve", desk__in=offices, actor__isnull=False
    )
    marks: dict[int, list[str]] = {}
    for pk, desk, user, identity in approvals.values_list(
        "application_id", "desk", "actor_id", "actor__identity_index"
    ).iterator():
        marks.setdefault(pk, []).extend(f"{desk}:{token}" for token in (user, identity) if token)
    for pk, found in marks.items():
        apps.get_model("workflow", "Application").objects.filter(pk=pk).update(approvers=sorted(set(found)))


class Migration(migrations.Migration):
    dependencies = [("workflow", "0007_payload_is_encrypted")]

    operations = [
        migrations.AddField(
            "application",
            "approvers",
            django.contrib.postgres.fields.ArrayField(models.CharField(max_length=90), default=list, size=None),
        ),
        migrations.RunPython(remember, migrations.RunPython.noop),
    ]
