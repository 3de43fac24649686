from django.db import migrations


class Migration(migrations.Migration):
    """In a transaction of its own: PostgreSQL changes no table that has just been written to."""

    dependencies = [("workflow", "0006_sealed_payload")]

    operations = [
        migrations.RemoveField("application", "payload"),
        migrations.RenameField("application", "sealed", "payload"),
    ]
