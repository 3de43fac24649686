"""Writes down when the clocks of open cases began and how many working days they have, so that they can be counted again."""

from django.db import migrations
from django.utils.timezone import localdate

from administration.calendar.working_days import WorkingDays, years_known_from

CHUNK = 1000


def forward(apps, schema_editor):
    """Clocks of persons count calendar days."""
    calendar = dict(apps.get_model("administration", "CalendarDay").objects.values_list("day", "is_workday"))
    days = WorkingDays(calendar, years_known_from(calendar))
    model = apps.get_model("workflow", "Application")
    rows = model.objects.filter(status="in_review", due_on__isnull=False, clock_days__isnull=True).exclude(desk="person")
    changed = []
    for row in rows.order_by("pk").iterator(chunk_size=CHUNK):
        start = localdate(row.desk_entered_at)
        length = days.between(start, row.due_on)
        if length > 0 and days.is_workday(row.due_on):
            row.clock_from, row.clock_days = start, length
            changed.append(row)
    model.objects.bulk_update(changed, ["clock_from", "clock_days"], batch_size=CHUNK)


class Migration(migrations.Migration):
    dependencies = [("workflow", "0015_handing_over"), ("administration", "0012_import_previews")]
    operations = [migrations.RunPython(forward, migrations.RunPython.noop)]
