"""The addresses of this room, below those of the app."""

from django.urls import path

from . import views

urlpatterns = [
    path("person/registration-points/", views.registration_points, name="registration_points"),
]
