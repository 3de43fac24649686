"""Lists the addresses on which unusual lookups are reviewed."""

from django.urls import path

from . import views

urlpatterns = [
    path("office/lookups/", views.lookup_alarms, name="lookup_alarms"),
    path("office/lookups/<int:pk>/", views.lookup_alarm, name="lookup_alarm"),
    path("office/lookups/<int:pk>/seen/", views.lookup_alarm_seen, name="lookup_alarm_seen"),
    path("office/lookups/<int:pk>/login/", views.lookup_alarm_login, name="lookup_alarm_login"),
]
