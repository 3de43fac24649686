"""Lists the address of the calendar file."""

from django.urls import path

from . import views

app_name = "own_calendar"
urlpatterns = [path("person/calendar.ics", views.calendar, name="file")]
