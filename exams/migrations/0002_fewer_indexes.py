"""Drops indexes that no query needs: second ones of texts, and those of foreign keys with which another begins."""

from common.database.migration_helpers import drop_redundant_indexes
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [('exams', '0001_initial')]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[drop_redundant_indexes("exams_")],
            state_operations=[
                migrations.AlterField(
                    model_name='exambatch',
                    name='region',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='administration.region', verbose_name='考试地区'),
                ),
                migrations.AlterField(
                    model_name='examentry',
                    name='batch',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='exams.exambatch'),
                ),
                migrations.AlterField(
                    model_name='examentry',
                    name='enterprise',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='exam_entries', to='enterprises.enterprise'),
                ),
            ],
        ),
    ]
