"""Lists the addresses of the portal."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from .home import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.home, name="home"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("privacy/", views.privacy, name="privacy"),
    path("robots.txt", views.robots, name="robots"),
    path("favicon.ico", views.favicon, name="favicon"),
    path(".well-known/security.txt", views.security_text, name="security_text"),
    path("", include("portal.notices.urls")),
    path("", include("portal.outbox.urls")),
    path("", include("portal.contacts.urls")),
    path("", include("portal.own_calendar.urls")),
    path("", include("portal.deadlines.urls")),
    path("office/registry/", admin.site.urls),
    path("office/jobs/", include("portal.jobs.urls")),
    path("office/audit/", include("portal.audit.urls")),
    path("office/imports/", include("portal.imports.urls")),
    path("office/parameters/", include("portal.parameters.urls")),
]
