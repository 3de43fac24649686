"""Collects the addresses of all apps."""

from django.urls import URLPattern, URLResolver, include, path

from common.operation import health

handler500 = "common.web.errors.server_error"

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    # Addresses are tried in this order: strangers ask for the QR page and the lookup most of all.
    path("", include("certificates.urls")),
    path("", include("accounts.urls")),
    path("", include("enterprises.urls")),
    path("", include("workflow.urls")),
    path("", include("training.urls")),
    path("", include("employment.urls")),
    path("", include("exams.urls")),
    path("", include("portal.urls")),
]
