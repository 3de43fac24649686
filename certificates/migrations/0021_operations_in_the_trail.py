"""Lets the trail of certificates be filtered by operation by an index."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("certificates", "0020_certificate_archives")]

    operations = [
        AddIndexConcurrently(
            'certificateevent',
            models.Index(fields=['operation', '-id'], name='certificate_operations'),
        ),
    ]
