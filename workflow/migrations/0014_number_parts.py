"""Indexes what is searched by a part of a number."""

from django.db import migrations

from common.database.name_search import index_of_trigrams


class Migration(migrations.Migration):
    dependencies = [("workflow", "0013_stuck_codes")]

    operations = [
        index_of_trigrams("workflow_application", "number", name="application_number_parts"),
    ]
