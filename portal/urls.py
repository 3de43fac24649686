"""Lists the addresses of the portal."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from .home import views
from .home.beforehand import views as beforehand
from .home.manual import views as manual
from .statistics import views as statistics

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.home, name="home"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("privacy/", views.privacy, name="privacy"),
    path("robots.txt", views.robots, name="robots"),
    path("favicon.ico", views.favicon, name="favicon"),
    path(".well-known/security.txt", views.security_text, name="security_text"),
    path("beforehand/", beforehand.choose, name="beforehand"),
    path("beforehand/<slug:kind>/", beforehand.ask, name="beforehand_kind"),
    path("manual/", manual.contents, name="manual"),
    path("manual/whole/<slug:reader>/", manual.whole, name="manual_whole"),
    path("manual/<str:code>/", manual.chapter, name="manual_chapter"),
    path("statistics/", statistics.open_statistics, name="statistics"),
    path("statistics/<slug:form>/", statistics.open_file, name="statistics_file"),
    path("office/statistics/", statistics.office_statistics, name="office_statistics"),
    path("office/statistics/refresh/", statistics.refresh, name="statistics_refresh"),
    path("office/statistics/file/<slug:form>/", statistics.office_file, name="office_statistics_file"),
    path("", include("portal.home.feedback.urls")),
    path("", include("portal.notices.urls")),
    path("", include("portal.outbox.urls")),
    path("", include("portal.contacts.urls")),
    path("", include("portal.own_calendar.urls")),
    path("", include("portal.deadlines.urls")),
    path("", include("portal.operator_activity.urls")),
    path("", include("portal.staff_changes.urls")),
    path("office/registry/", admin.site.urls),
    path("office/jobs/", include("portal.jobs.urls")),
    path("office/audit/", include("portal.audit.urls")),
    path("office/imports/", include("portal.imports.urls")),
    path("office/parameters/", include("portal.parameters.urls")),
]
