"""Lists the addresses of the calendar of deadlines."""

from django.urls import path

from . import views

app_name = "deadlines"
urlpatterns = [
    path("enterprise/deadlines/", views.page, name="page"),
    path("enterprise/deadlines/calendar.ics", views.calendar, name="calendar"),
    path("enterprise/deadlines/export/", views.export, name="export"),
]
