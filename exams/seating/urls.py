"""Lists the addresses of the organiser's page of rooms and seats."""

from django.urls import path

from . import views

urlpatterns = [
    path("office/exams/<int:pk>/seats/", views.seats, name="seats"),
    path("office/exams/<int:pk>/seats/assign/", views.assign, name="assign_seats"),
]
