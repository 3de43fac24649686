"""Lists the address of the registration points."""

from django.urls import path

from . import views

urlpatterns = [
    path("person/registration-points/", views.registration_points, name="registration_points"),
]
