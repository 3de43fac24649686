"""Sets up tests. Nothing of the developer's environment counts except TEST_DATABASE_… and JXCLOUD_VAR."""

import base64
import os
import tempfile
from pathlib import Path

from devtools.demo_keys.pki import DemoPki
from devtools.postgres import Cluster

from .base import *
from .base import INSTALLED_APPS as PRODUCT_APPS
from .base import LOGGING, VAR, env
from .databases import databases

INSTALLED_APPS = [*PRODUCT_APPS, "devtools"]
SECRET_KEY = "for tests only; " * 4
FIELD_ENCRYPTION_KEYS = [base64.urlsafe_b64encode(bytes(range(32))).decode()]
BLIND_INDEX_KEY = base64.urlsafe_b64encode(bytes(range(32, 64))).decode()
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
PUBLIC_BASE_URL = "http://testserver"
CAKEY_ORIGIN = PUBLIC_BASE_URL

# 300 sessions: tests with 50 actors at once, in several test processes.
CLUSTER = None if "TEST_DATABASE_URL" in env.ENVIRON else Cluster(VAR / "pg-test", durable=False, max_connections=300)
_direct_url = env.str("TEST_DATABASE_DIRECT_URL", default=None)
DATABASES = databases(CLUSTER.url("jxcloud") if CLUSTER else env.str("TEST_DATABASE_URL"), _direct_url)
DATABASE_IS_POOLED = _direct_url is not None

# One round suffices, because a test that logs in does not test the hasher.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

REGISTRY_URL = ""
WORKER_PROCESSES = 1

ECERT_ISSUER_USCC = "11360000MB00000011"
DEMO_PKI = VAR / "test-keys"
_pki = DemoPki(DEMO_PKI)
ECERT_SIGNER_KEY = str(_pki.signer_key)
ECERT_SIGNER_CERT = str(_pki.signer_certificate)
ECERT_CHAIN = str(_pki.chain)
ECERT_ROOT = str(_pki.root)
ECERT_CRLS = [str(path) for path in _pki.crls]
CAKEY_TRUST_ROOTS = str(_pki.cakey_roots)
CAKEY_CRLS = [str(path) for path in _pki.cakey_crls]

# One folder for the whole run; made by the first file, removed by conftest.py.
os.environ.setdefault("JXCLOUD_TEST_FILES", str(Path(tempfile.gettempdir()) / f"jxcloud-test-{os.getpid()}"))
# Each process of tests, and the servers that it starts, have a store of their own, so that tests count their own files.
PRIVATE_ROOT = Path(os.environ["JXCLOUD_TEST_FILES"]) / f"private-{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
# A machine that also runs other tests gives a child its second of computing time late: to be nice it stands back.
LIMITED_WORK_SECONDS = 40.0
LIMITED_WORK_SECONDS_OUTSIDE = 120.0
# Each process has its own folder, so that tests do not count each other's work.
SLOTS_ROOT = Path(os.environ["JXCLOUD_TEST_FILES"]) / f"slots-{os.getpid()}"
# Decisions take effect at once; tests/workflow/test_undo.py sets the minute.
UNDO_SECONDS = 0
STATIC_ROOT = VAR / "test-static"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
SMS_PROVIDER = EMAIL_PROVIDER = SMS_URL = SMS_SECRET = ""
EMAIL_FROM = "jxcloud@portal.example"
LOGGING["root"]["level"] = "WARNING"

FACE_PROVIDER = "local"
# The stories of the manual enter by face alone; tests of what production does with these models override it.
FACE_ALONE_IN_DEMONSTRATION = True
