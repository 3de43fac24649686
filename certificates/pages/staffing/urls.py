"""Lists the addresses of the enterprise's board."""

from django.urls import path

from . import views

urlpatterns = [
    path("enterprise/staff/", views.staff, name="staff"),
    path("enterprise/staff/export/", views.export, name="staff_export"),
    path("enterprise/staff/roster/", views.roster, name="staff_roster"),
    path("enterprise/staff/remind/", views.remind, name="staff_remind"),
]
