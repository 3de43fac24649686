"""Lists the addresses of nightly jobs."""

from django.urls import path

from . import views

app_name = "jobs"
urlpatterns = [
    path("", views.job_list, name="list"),
    path("<slug:name>/run/", views.run_now, name="run"),
]
