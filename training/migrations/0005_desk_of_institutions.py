"""Finds the records of an institution, the newest first, and those of a name by any part of it."""

import django.db.models.deletion
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

from common.database.name_search import index_of_parts


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ('administration', '0019_fewer_indexes'),
        ('training', '0004_names_of_institutions'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='trainingrecord',
            index=models.Index(fields=['institution', '-id'], name='training_institution'),
        ),
        migrations.AlterField(
            model_name='trainingrecord',
            name='institution',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, to='administration.office', verbose_name='培训机构'),
        ),
        index_of_parts("training_trainingrecord", "name", name="training_name_parts"),
    ]
