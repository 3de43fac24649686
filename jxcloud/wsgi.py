"""Declares the application that the web server calls."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jxcloud.settings.production")
application = get_wsgi_application()

# After the settings: the process that starts children for strangers' bytes is ready before the first of them.
from django.urls import get_resolver  # noqa: E402

from common.limited.client import prestart  # noqa: E402

prestart()

# Addresses with their views are imported here once, before the first visitor.
get_resolver().url_patterns  # noqa: B018
