"""Lets the registry of employments be filtered by how they ended by an index each."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("employment", "0010_proposal_lists")]

    operations = [
        AddIndexConcurrently(
            'employment',
            models.Index(condition=models.Q(('ended_at__isnull', False)), fields=['-started_at', '-id'], name='employment_ended'),
        ),
        AddIndexConcurrently(
            'employment',
            models.Index(condition=models.Q(('end_reason', ''), _negated=True), fields=['end_reason', '-started_at', '-id'], name='employment_by_end'),
        ),
    ]
