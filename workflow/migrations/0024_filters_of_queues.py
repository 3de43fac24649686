"""Lets filters of a queue by region and by marks, and its order by arrival, read an index each."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("workflow", "0023_marks_and_views")]

    operations = [
        AddIndexConcurrently(
            "application",
            models.Index(
                condition=models.Q(("holder_office__isnull", False), ("is_open", True)),
                fields=["holder_office", "desk", "region", "due_sort", "id"],
                name="queue_region",
            ),
        ),
        AddIndexConcurrently(
            "application",
            models.Index(
                condition=models.Q(("holder_office__isnull", False), ("is_open", True)),
                fields=["holder_office", "desk", "desk_entered_at", "id"],
                name="queue_entered",
            ),
        ),
        AddIndexConcurrently(
            "application",
            models.Index(
                condition=models.Q(("holder_office__isnull", False), ("is_open", True), ("was_returned", True)),
                fields=["holder_office", "desk", "due_sort", "id"],
                name="queue_returned",
            ),
        ),
        AddIndexConcurrently(
            "application",
            models.Index(
                condition=models.Q(("holder_office__isnull", False), ("is_open", True), ("deemed_accepted", True)),
                fields=["holder_office", "desk", "due_sort", "id"],
                name="queue_deemed",
            ),
        ),
        AddIndexConcurrently(
            "application",
            models.Index(
                condition=models.Q(
                    ("holder_office__isnull", False), ("is_open", True), models.Q(("flags", []), _negated=True)
                ),
                fields=["holder_office", "desk", "due_sort", "id"],
                name="queue_flagged",
            ),
        ),
    ]
