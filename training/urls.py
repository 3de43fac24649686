"""Lists the address on which a person sees records of continuing education."""

from django.urls import path

from . import views

app_name = "training"
urlpatterns = [path("person/training/", views.mine, name="mine")]
