"""Lists the address of the calendar file."""

from django.urls import path

from . import views

urlpatterns = [path("person/calendar.ics", views.calendar, name="calendar")]
