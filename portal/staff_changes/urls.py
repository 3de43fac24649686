"""Lists the addresses of what has changed lately."""

from django.urls import path

from . import views

app_name = "staff_changes"
urlpatterns = [
    path("enterprise/changes/", views.page, name="page"),
    path("enterprise/changes/export/", views.export, name="export"),
]
