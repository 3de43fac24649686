"""Lets the registries of cases and of their course be filtered by an index each."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("workflow", "0025_desk_figures")]

    operations = [
        AddIndexConcurrently(
            'application',
            models.Index(fields=['kind', '-id'], name='application_kind'),
        ),
        AddIndexConcurrently(
            'application',
            models.Index(fields=['status', '-id'], name='application_status'),
        ),
        AddIndexConcurrently(
            'event',
            models.Index(fields=['action', 'id'], name='event_action'),
        ),
    ]
