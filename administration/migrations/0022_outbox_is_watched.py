"""Lets the readiness probe ask what has failed lately and what is tried often by an index each."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("administration", "0021_outbox")]

    operations = [
        AddIndexConcurrently(
            'delivery',
            models.Index(condition=models.Q(('state', 'failed')), fields=['created_at'], name='delivery_failed_lately'),
        ),
        AddIndexConcurrently(
            'delivery',
            models.Index(condition=models.Q(('attempts__gte', 4), ('state', 'waiting')), fields=['id'], name='delivery_tried_often'),
        ),
    ]
