"""Gives institutions that are no registered office the one spelling by which an import finds their records again."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from common.text.organisations import normalise_organisation_name

KEY = ("id_number_index", "course", "starts_on", "ends_on", "category")


def respell(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """A record that is there in both spellings stays as it is: a clerk withdraws one of the two."""
    records = apps.get_model("training", "TrainingRecord").objects.filter(institution__isnull=True)
    for name in list(records.order_by("institution_name").values_list("institution_name", flat=True).distinct()):
        spelling = normalise_organisation_name(name)
        if spelling in ("", name) or len(spelling) > 100:
            continue
        there = set(records.filter(institution_name=spelling, withdrawn_at__isnull=True).values_list(*KEY))
        rows = list(records.filter(institution_name=name).order_by("pk"))
        free = [row.pk for row in rows if row.withdrawn_at or tuple(getattr(row, part) for part in KEY) not in there]
        records.filter(pk__in=free).update(institution_name=spelling)


class Migration(migrations.Migration):

    dependencies = [
        ("training", "0003_whole_reason"),
    ]

    operations = [migrations.RunPython(respell, migrations.RunPython.noop)]
