"""Indexes what is searched by a part of a number."""

from django.db import migrations

from common.database.name_search import index_of_trigrams


class Migration(migrations.Migration):
    dependencies = [("enterprises", "0006_old_codes")]

    operations = [
        index_of_trigrams("enterprises_enterprise", "uscc", name="enterprise_code_parts"),
    ]
