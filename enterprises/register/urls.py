"""Lists the addresses of the register of enterprises."""

from django.urls import path

from . import views

urlpatterns = [path("office/enterprises/old-code/", views.old_code, name="old_code")]
