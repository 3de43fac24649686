"""Checks are only read by their code and by the time of their request."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('enterprises', '0011_code_change_requests'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='registrycheck',
            name='check_asked',
        ),
    ]
