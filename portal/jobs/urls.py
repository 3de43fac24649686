"""Lists the addresses of nightly jobs."""

from django.urls import path

from . import views, views_failures

app_name = "jobs"
urlpatterns = [
    path("", views.job_list, name="list"),
    path("failures/", views_failures.failures, name="failures"),
    path("failures/documents/", views_failures.documents_again, name="documents_again"),
    path("failures/jobs/", views_failures.jobs_again, name="jobs_again"),
    path("<slug:name>/", views.history, name="history"),
    path("<slug:name>/run/", views.run_now, name="run"),
]
