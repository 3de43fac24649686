"""Lists the address of the first page of the phone."""

from django.urls import path

from . import views

urlpatterns = [path("m/", views.phone_home, name="phone_home")]
