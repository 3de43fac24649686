"""Drops indexes that no query needs: second ones of texts, and those of foreign keys with which another begins."""

from common.database.migration_helpers import drop_redundant_indexes
from django.contrib.postgres.operations import RemoveIndexConcurrently
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [('certificates', '0017_whole_reasons')]

    operations = [
        RemoveIndexConcurrently(
            model_name='certificate',
            name='certificate_number_prefix',
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[drop_redundant_indexes("certificates_")],
            state_operations=[
                migrations.AlterField(
                    model_name='certificate',
                    name='enterprise',
                    field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='certificates', to='enterprises.enterprise', verbose_name='企业'),
                ),
                migrations.AlterField(
                    model_name='certificate',
                    name='person',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='certificates', to='accounts.person', verbose_name='姓名'),
                ),
                migrations.AlterField(
                    model_name='certificateevent',
                    name='certificate',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='events', to='certificates.certificate', verbose_name='证书'),
                ),
                migrations.AlterField(
                    model_name='certificateevent',
                    name='undoes',
                    field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='certificates.certificateevent', verbose_name='所撤回的事件'),
                ),
                migrations.AlterField(
                    model_name='certificateitem',
                    name='application',
                    field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='%(class)ss', to='workflow.application'),
                ),
                migrations.AlterField(
                    model_name='certificateitem',
                    name='certificate',
                    field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='items', to='certificates.certificate'),
                ),
                migrations.AlterField(
                    model_name='certificateversion',
                    name='certificate',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='certificates.certificate', verbose_name='证书'),
                ),
                migrations.AlterField(
                    model_name='legacycertificate',
                    name='import_run',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='administration.importrun', verbose_name='导入批次'),
                ),
                migrations.AlterField(
                    model_name='legacysettlement',
                    name='record',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='settlements', to='certificates.legacycertificate', verbose_name='历史证书数据'),
                ),
                migrations.AlterField(
                    model_name='policybatchrow',
                    name='batch',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='rows', to='certificates.policybatch'),
                ),
                migrations.AlterField(
                    model_name='renamerow',
                    name='batch',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='rows', to='certificates.renamebatch'),
                ),
            ],
        ),
    ]
