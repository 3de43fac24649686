"""Indexes what is searched by a part of a number."""

from django.db import migrations

from common.database.name_search import index_of_trigrams


class Migration(migrations.Migration):
    dependencies = [("certificates", "0015_list_indexes")]

    operations = [
        index_of_trigrams("certificates_certificateevent", "document_number", name="certificate_event_document_parts"),
    ]
