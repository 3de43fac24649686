from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('administration', '0004_noticeline'),
    ]

    operations = [
        migrations.CreateModel(
            name='RequestCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('scope', models.CharField(max_length=30)),
                ('source', models.CharField(max_length=64)),
                ('since', models.DateTimeField()),
                ('times', models.PositiveIntegerField(default=0)),
            ],
            options={
                'verbose_name': '访问次数',
                'verbose_name_plural': '访问次数',
                'ordering': ['id'],
                'indexes': [models.Index(fields=['since'], name='request_count_since')],
                'constraints': [models.UniqueConstraint(fields=('scope', 'source', 'since'), name='one_count_per_window')],
            },
        ),
        # Counts may be lost in a crash; without a log entry each a lookup costs no write to disk.
        migrations.RunSQL(
            "ALTER TABLE administration_requestcount SET UNLOGGED", "ALTER TABLE administration_requestcount SET LOGGED"
        ),
    ]
