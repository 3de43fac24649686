"""Lists the addresses of home page and profile."""

from django.urls import path

from . import views

urlpatterns = [
    path("person/", views.person_home, name="person_home"),
    path("m/me/", views.phone_me, name="phone_me"),
    path("person/profile/", views.profile, name="profile"),
]
