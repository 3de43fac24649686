#!/usr/bin/env python
"""Django's command line; development starts its own database server for it."""

import contextlib
import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jxcloud.settings.development")
    # The time limit of statements is for pages; migrations, imports and workers take the time they need, and go past
    # the pooler (jxcloud/settings/databases.py).
    os.environ["JXCLOUD_COMMAND"] = "1"
    # Both need the variables above.
    from django.conf import settings  # noqa: PLC0415  settings first
    from django.core.management import execute_from_command_line  # noqa: PLC0415  settings first

    # Development and tests bring their own server; production's settings know no such thing.
    cluster = getattr(settings, "CLUSTER", None)
    with cluster.session("jxcloud") if cluster is not None else contextlib.nullcontext():
        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
