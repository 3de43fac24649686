"""Sets up a developer's machine and the demonstration: everything that is needed is made below `var/`."""

from devtools.demo_keys.pki import DemoPki
from devtools.postgres import Cluster

from .base import *
from .base import INSTALLED_APPS as PRODUCT_APPS
from .base import LOGGING, STATIC_ROOT, VAR, env
from .databases import database
from .generated_secrets import kept_secrets

INSTALLED_APPS = [*PRODUCT_APPS, "devtools"]
DEBUG = env.bool("DEBUG", default=True)
IS_DEMONSTRATION = True
FACE_ALONE_IN_DEMONSTRATION = True
# A phone on the same network opens the portal by this machine's address.
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["*"])

CLUSTER = None if "DATABASE_URL" in env.ENVIRON else Cluster(VAR / "pg")
"""The embedded server is started by manage.py and the demonstration. It is None if DATABASE_URL names another one."""
DATABASES = {"default": database(CLUSTER.url("jxcloud") if CLUSTER else env.str("DATABASE_URL"))}

_secrets = kept_secrets(VAR / "dev-secrets.json")
SECRET_KEY = _secrets["SECRET_KEY"]
FIELD_ENCRYPTION_KEYS = _secrets["FIELD_ENCRYPTION_KEYS"]
BLIND_INDEX_KEY = _secrets["BLIND_INDEX_KEY"]

DEMO_PKI = VAR / "demo-pki"
_pki = DemoPki(DEMO_PKI)
ECERT_SIGNER_KEY = str(_pki.signer_key)
ECERT_SIGNER_CERT = str(_pki.signer_certificate)
ECERT_CHAIN = str(_pki.chain)
ECERT_ROOT = str(_pki.root)
ECERT_CRLS = [str(path) for path in _pki.crls]
CAKEY_TRUST_ROOTS = str(_pki.cakey_roots)
CAKEY_CRLS = [str(path) for path in _pki.cakey_crls]
ECERT_ISSUER_NAME = env.str("ECERT_ISSUER_NAME", default="江西省住房和城乡建设厅（演示）")
ECERT_ISSUER_USCC = env.str("ECERT_ISSUER_USCC", default="11360000MB00000011")  # made up, its check is right

STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # empty here, but WhiteNoise warns without it
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
SMS_PROVIDER = env.str("SMS_PROVIDER", default="console")
EMAIL_PROVIDER = env.str("EMAIL_PROVIDER", default="console")
LOGGING["handlers"]["stderr"]["formatter"] = "plain"
