"""Takes everything for production from the environment; nothing secret has a default."""

from .base import *
from .base import CONTENT_SECURITY_POLICY, ROOT, VAR, env
from .databases import databases
from .required import Required

_required = Required()
SECRET_KEY = _required.secret("SECRET_KEY")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
FIELD_ENCRYPTION_KEYS = _required.keys("FIELD_ENCRYPTION_KEYS")
BLIND_INDEX_KEY = _required.key("BLIND_INDEX_KEY")
ALLOWED_HOSTS = _required.names("ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = _required.names("CSRF_TRUSTED_ORIGINS")
PUBLIC_BASE_URL = _required.https("PUBLIC_BASE_URL")
ECERT_ISSUER_NAME = _required.text("ECERT_ISSUER_NAME")
ECERT_ISSUER_USCC = _required.text("ECERT_ISSUER_USCC")
ECERT_SIGNER_KEY = _required.file("ECERT_SIGNER_KEY")
ECERT_SIGNER_CERT = _required.file("ECERT_SIGNER_CERT")
ECERT_CHAIN = _required.file("ECERT_CHAIN")
ECERT_ROOT = _required.file("ECERT_ROOT")
ECERT_CRLS = _required.files("ECERT_CRLS")
ECERT_SEAL = _required.file("ECERT_SEAL")
REGISTRY_URL = _required.https("REGISTRY_URL")
REGISTRY_KEY = _required.text("REGISTRY_KEY")
CAKEY_TRUST_ROOTS = _required.file("CAKEY_TRUST_ROOTS")
CAKEY_CRLS = _required.files("CAKEY_CRLS")
CAKEY_ORIGIN = _required.https("CAKEY_ORIGIN")
if env.str("CAKEY_TLS_URL", default=""):
    CAKEY_TLS_URL = _required.https("CAKEY_TLS_URL")
    CAKEY_PROXY_SECRET = _required.secret("CAKEY_PROXY_SECRET")
FACE_PROVIDER = _required.choice("FACE_PROVIDER", ("local", "http", "page"))
if FACE_PROVIDER in ("http", "page"):
    FACE_PROVIDER_URL = _required.https("FACE_PROVIDER_URL")
    FACE_PROVIDER_SECRET = _required.secret("FACE_PROVIDER_SECRET")
    FACE_PROVIDER_CERTIFICATE = _required.reference("FACE_PROVIDER_CERTIFICATE")
else:
    _required.absent("FACE_PROVIDER_CERTIFICATE", "goes with FACE_PROVIDER=http or page: embedded models have none")
SMS_PROVIDER = _required.choice_or_none("SMS_PROVIDER", ("http",))
if SMS_PROVIDER:
    SMS_URL = _required.https("SMS_URL")
    SMS_KEY = _required.text("SMS_KEY")
    SMS_SECRET = _required.secret("SMS_SECRET")
    SMS_SIGN = _required.text("SMS_SIGN")
EMAIL_PROVIDER = _required.choice_or_none("EMAIL_PROVIDER", ("smtp",))
if EMAIL_PROVIDER:
    EMAIL_FROM = _required.text("EMAIL_FROM")
    vars().update(env.email_url_config(_required.smtp("EMAIL_URL")))
_direct_url = _required.optional_database("DATABASE_DIRECT_URL")
_replica_url = _required.optional_database("DATABASE_REPLICA_URL", is_pooled=_direct_url is not None)
_database_url = _required.database("DATABASE_URL", is_pooled=_direct_url is not None)
_required.forbid_demonstration((ROOT / "var", VAR))
_required.check()

IS_PRODUCTION = True
DATABASES = databases(_database_url, _direct_url, _replica_url)
DATABASE_IS_POOLED = _direct_url is not None

# TLS ends at the reverse proxy, which sets both headers itself and drops what the client claims.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=1)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("HSTS_INCLUDE_SUBDOMAINS", default=False)
SECURE_HSTS_PRELOAD = env.bool("HSTS_PRELOAD", default=False)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
# The prefix makes browsers refuse a cookie planted from a neighbouring host name.
SESSION_COOKIE_NAME = "__Host-sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken"
CONTENT_SECURITY_POLICY = {"DIRECTIVES": {**CONTENT_SECURITY_POLICY["DIRECTIVES"], "upgrade-insecure-requests": True}}
# Both would also bind the other services of the province's domain: its administrators decide.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage",
        # The proxy reads them under an account of its own; the modes of uploads would keep it out.
        "OPTIONS": {"file_permissions_mode": 0o644, "directory_permissions_mode": 0o755},
    },
}
