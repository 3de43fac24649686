"""Lists the addresses of the home page and the profile of an enterprise."""

from django.urls import path

from . import views

urlpatterns = [
    path("enterprise/", views.home_page, name="home"),
    path("enterprise/profile/", views.profile, name="profile"),
]
