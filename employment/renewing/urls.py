"""Lists the address on which an enterprise proposes other terms of an employment."""

from django.urls import path

from . import views

urlpatterns = [path("enterprise/employment/<int:pk>/renew/", views.renew, name="renew")]
