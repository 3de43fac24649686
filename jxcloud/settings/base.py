"""Declares the settings that development, test and production share."""

from pathlib import Path
from typing import Any

import environ
from csp.constants import NONE, SELF

from common.operation.process_group import cores

from .databases import LIMITS, PAGE_LIMITS

env = environ.Env()
ROOT = Path(__file__).resolve().parent.parent.parent
VAR = Path(env.str("JXCLOUD_VAR", default=str(ROOT / "var")))
"""This program writes here only: private files, collected static files and, outside production, the database."""

DEBUG = False
IS_PRODUCTION = False
IS_DEMONSTRATION = False
"""Data are made up and everybody may know the logins; the login page says how to get a code without a telephone."""
ALLOWED_HOSTS: list[str] = []
SERVICE_HOTLINE = env.str("SERVICE_HOTLINE", default="12345")
FEEDBACK_OFFICE = env.str("FEEDBACK_OFFICE", default="")
SECURITY_CONTACT = env.str("SECURITY_CONTACT", default="")
PUBLIC_BASE_URL = env.str("PUBLIC_BASE_URL", default="http://localhost:8000").rstrip("/")
"""The public reaches the portal at this address, which the QR code of every certificate contains."""

INSTALLED_APPS = [
    "portal.apps.RegistryConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",
    "csp",
    "crispy_forms",
    "crispy_bootstrap5",
    "procrastinate.contrib.django",
    "common",
    "administration",
    "accounts",
    "enterprises",
    "workflow",
    "training",
    "employment",
    "certificates",
    "exams",
    "portal",
]

MIDDLEWARE = [
    "common.web.middleware.RequestIdMiddleware",
    "common.web.middleware.ClientAddressMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "common.web.middleware.ResponseHeadersMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    # These come after those that only write headers and before the first that asks for the host name.
    "common.web.middleware.ProbeMiddleware",
    "common.web.control_characters.ControlCharactersMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "common.web.methods.MethodPageMiddleware",
    "common.web.replica.OwnWritesMiddleware",
    "accounts.access.audit.RefusalMiddleware",
    "accounts.access.middleware.AccountsMiddleware",
    "common.web.middleware.LimitedWorkMiddleware",
    "common.web.middleware.UploadLimitMiddleware",
]

ROOT_URLCONF = "jxcloud.urls"
CSRF_FAILURE_VIEW = "accounts.access.csrf.csrf_failure"
WSGI_APPLICATION = "jxcloud.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    ["common.web.template_loader.Loader", "django.template.loaders.app_directories.Loader"],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.context_processors.navigation",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "enterprises.ca_login.backend.CaKeyBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Session end and log-in pages, for the decorators and redirects of Django.
LOGIN_URL = "/login/"
SESSION_COOKIE_AGE = 8 * 3600
"""The unit is seconds, one working day: no session lasts longer, however much it is used."""
SESSION_IDLE_MINUTES = {
    "staff": env.int("STAFF_IDLE_MINUTES", default=30),
    "others": env.int("IDLE_MINUTES", default=60),
}
"""The unit is minutes without a page being opened; staff includes the administrators."""
CSRF_COOKIE_HTTPONLY = True

DATABASE_LIMITS = LIMITS
DATABASE_PAGE_LIMITS = PAGE_LIMITS
DATABASE_ROUTERS = ["common.database.replica.ReplicaRouter"]
REPLICA_LAG_SECONDS = env.float("DATABASE_REPLICA_LAG_SECONDS", default=5.0)
"""The unit is seconds; nothing is read from a replica that is further behind."""
DATABASE_IS_POOLED = False
"""The pages reach the database by a pooler; `migrate` then gives the limits to the role (docs/production.md)."""

WORKER_PROCESSES = env.int("WORKER_PROCESSES", default=0) or cores()
PROCRASTINATE_WORKER_DEFAULTS = {
    "concurrency": env.int("WORKER_CONCURRENCY", default=2),
    "shutdown_graceful_timeout": 30,
}

# Uploads. A whole request above the limit is answered by a page that says so (413).
UPLOAD_LIMITS = {
    "/": 25 * 1024 * 1024,
    "/verify/": 6 * 1024 * 1024,
    "/login/": 64 * 1024,
    "/lookup/": 64 * 1024,
    "/office/imports/": 105 * 1024 * 1024,
    "/api/kiosk/": 6 * 1024 * 1024,
    "/api/sms/": 64 * 1024,
    "/api/verification/": 256 * 1024,
}
"""The unit is bytes of a request's body by the beginning of its address; the longest matching beginning counts."""
BODIES_AT_ONCE = 4
"""The unit is threads of one web process that may read bodies at once, of the eight that it has (jxcloud/server.py)."""
BODIES_OF_ONE_ADDRESS = 3
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
UPLOAD_FILES_AT_ONCE = 20
"""Files of one request that are taken. Of more, the page that was filled in says which were not."""
DATA_UPLOAD_MAX_NUMBER_FILES = 1000
"""A request with more files than this is no form of a person, and is refused whole."""
FILE_UPLOAD_HANDLERS = [
    "common.web.upload_handlers.CountedFiles",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700

# Strangers' bytes are read by children with limits (docs/adr/0016).
LIMITED_WORK = (
    "common.files.picture_work",
    "common.files.pdf_scan",
    "common.files.pdf_pages",
    "certificates.ecert.verify_child",
)
LIMITED_WORK_SECONDS = 1.5
"""The unit is seconds for all children of one request; with the time for reporting their end no request waits more
than 2 s.
"""
LIMITED_WORK_SECONDS_OUTSIDE = 10.0
"""The unit is seconds for one child outside of requests, where no reader waits."""
SLOTS_ROOT = VAR / "slots"

TRUSTED_PROXIES = 0
"""The unit is reverse proxies in front; the client's address is the entry of X-Forwarded-For that the outermost
wrote.
"""

CONTENT_SECURITY_POLICY: dict[str, dict[str, Any]] = {
    "DIRECTIVES": {
        "default-src": [SELF],
        # blob: and data: for the preview of a photo that has not been uploaded yet.
        "img-src": [SELF, "data:", "blob:"],
        "media-src": [SELF, "blob:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
PERMISSIONS_POLICY = "camera=(self), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()"

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {"()": "common.operation.logging.JsonFormatter"},
        "plain": {"()": "common.operation.logging.PlainFormatter"},
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", default="INFO")},
    # Django attaches handlers of its own to these; everything uses one handler instead.
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        "django.server": {"handlers": [], "propagate": True},
        "procrastinate": {"level": "WARNING"},
        "fontTools": {"level": "WARNING"},
        "pyhanko": {"level": "WARNING"},
        "pyhanko_certvalidator": {"level": "WARNING"},
    },
}

STATIC_URL = "static/"
WHITENOISE_ALLOW_ALL_ORIGINS = False
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [ROOT / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "portal.home.manual.finder.BookletFinder",
]
PRIVATE_ROOT = VAR / "private"
"""The folder is never below a web root; portraits and scans are encrypted."""

# What signs e-certificates, and what enterprises log in with: paths of PEM files. Without them nothing is signed.
ECERT_ISSUER_NAME = env.str("ECERT_ISSUER_NAME", default="江西省住房和城乡建设厅")
ECERT_ISSUER_USCC = env.str("ECERT_ISSUER_USCC", default="")
ECERT_SEAL = env.str("ECERT_SEAL", default="")
ECERT_TSA_URL = env.str("ECERT_TSA_URL", default="")
ECERT_SIGNER_KEY = env.str("ECERT_SIGNER_KEY", default="")
ECERT_SIGNER_CERT = env.str("ECERT_SIGNER_CERT", default="")
ECERT_CHAIN = env.str("ECERT_CHAIN", default="")
ECERT_ROOT = env.str("ECERT_ROOT", default="")
ECERT_CRLS = env.list("ECERT_CRLS", default=[])
# The business registry (docs/business-registry.md). Without an address enterprises read that none is connected.
REGISTRY_URL = env.str("REGISTRY_URL", default="")
REGISTRY_KEY = env.str("REGISTRY_KEY", default="")
REGISTRY_TIMEOUT_SECONDS = env.float("REGISTRY_TIMEOUT_SECONDS", default=8.0)
CAKEY_TRUST_ROOTS = env.str("CAKEY_TRUST_ROOTS", default="")
CAKEY_CRLS = env.list("CAKEY_CRLS", default=[])
CAKEY_ORIGIN = env.str("CAKEY_ORIGIN", default=PUBLIC_BASE_URL)
"""The CA key signs this scheme, host and port into its challenge."""
CAKEY_TLS_URL = env.str("CAKEY_TLS_URL", default="").rstrip("/")
"""The proxy's server at this address asks browsers for the certificate of a CA key (deploy/nginx); if it is empty,
only signed challenges are accepted.
"""
CAKEY_PROXY_SECRET = env.str("CAKEY_PROXY_SECRET", default="")
CAKEY_REVOCATION = env.str("CAKEY_REVOCATION", default="crl")
"""The value is crl, ocsp, either or both: `enterprises.ca_login.cakey.chain.Revocation`."""
CAKEY_OCSP_URL = env.str("CAKEY_OCSP_URL", default="")
CAKEY_CRL_URLS = env.list("CAKEY_CRL_URLS", default=[])
"""The lists of CAKEY_CRLS are fetched from here every hour, in the same order: http(s) addresses or files."""

# Who compares faces on the phone: "local" (embedded models), "http" (a service that gets the frames) or "page" (a
# service with a page of its own). docs/face-verification.md
FACE_PROVIDER = env.str("FACE_PROVIDER", default="local")
FACE_PROVIDER_URL = env.str("FACE_PROVIDER_URL", default="")
FACE_PROVIDER_SECRET = env.str("FACE_PROVIDER_SECRET", default="")
FACE_PROVIDER_TIMEOUT = env.float("FACE_PROVIDER_TIMEOUT", default=8)
"""The unit is seconds. It is below the time-out of a statement, since the person's turn is held meanwhile."""
FACE_PROVIDER_CERTIFICATE = ""
FACE_ALONE_IN_DEMONSTRATION = False

# What carries messages out of the portal (docs/messages.md); empty: nothing leaves it.
SMS_PROVIDER = env.str("SMS_PROVIDER", default="")
"""The value is http, or console in development."""
SMS_URL = env.str("SMS_URL", default="")
SMS_KEY = env.str("SMS_KEY", default="")
SMS_SECRET = env.str("SMS_SECRET", default="")
SMS_SIGN = env.str("SMS_SIGN", default="")
EMAIL_PROVIDER = env.str("EMAIL_PROVIDER", default="")
"""The value is smtp, or console in development."""
EMAIL_FROM = env.str("EMAIL_FROM", default="")

# For so long a decision of an office may be taken back, and nothing follows from it (docs/adr/0027). 0 lets it take effect at once.
UNDO_SECONDS = 60
