from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

SENTENCES = {
    "系统没有办成这一件": "workflow.failed",
    "没有设置“原件核验”的办理部门": "workflow.no_office.counter",
    "没有设置“地市受理”的办理部门": "workflow.no_office.municipal",
    "没有设置“省厅审核”的办理部门": "workflow.no_office.provincial",
}


def tell_codes(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Until now the sentence was all that was stored."""
    rows = apps.get_model("workflow", "Application").objects.filter(is_open=True).exclude(stuck="")
    for row in rows.order_by("pk").only("pk", "stuck").iterator():
        row.stuck_codes = [code for sentence, code in SENTENCES.items() if sentence in row.stuck]
        row.save(update_fields=["stuck_codes"])


class Migration(migrations.Migration):
    dependencies = [("workflow", "0012_merging_and_deaths")]

    operations = [
        migrations.AddField(
            model_name="application",
            name="stuck_codes",
            field=models.JSONField(blank=True, default=list, editable=False),
        ),
        migrations.RunPython(tell_codes, migrations.RunPython.noop),
    ]
