"""Drops indexes that no query needs: second ones of texts, and those of foreign keys with which another begins."""

from common.database.migration_helpers import drop_redundant_indexes
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [('administration', '0018_notices_of_dissolutions')]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[drop_redundant_indexes("administration_", "auth_", "django_")],
            state_operations=[
                migrations.AlterField(
                    model_name='importrow',
                    name='run',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='administration.importrun'),
                ),
                migrations.AlterField(
                    model_name='message',
                    name='mailbox',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='messages', to='administration.mailbox'),
                ),
                migrations.AlterField(
                    model_name='officeroute',
                    name='region',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='administration.region', verbose_name='区划'),
                ),
            ],
        ),
    ]
