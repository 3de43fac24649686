"""Lists the addresses of offices and registration points."""

from django.urls import path

from . import views

urlpatterns = [
    path("offices/", views.offices, name="offices"),
    path("person/registration-points/", views.registration_points, name="registration_points"),
]
