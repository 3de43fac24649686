"""The entrance of the web server."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jxcloud.settings.production")
application = get_wsgi_application()

# After the settings: the process that starts children for strangers' bytes is ready before the first of them.
from common import limited  # noqa: E402

limited.prestart()
