"""Names of persons are only searched by their parts: nothing reads by the beginning of a name."""

from django.contrib.postgres.operations import RemoveIndexConcurrently
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ('accounts', '0018_fewer_indexes'),
    ]

    operations = [
        RemoveIndexConcurrently(
            model_name='person',
            name='person_name',
        ),
    ]
