"""Lists the addresses on which a person keeps scans for exams, and an office opens one."""

from django.urls import path

from . import views

urlpatterns = [
    path("person/exams/evidence/", views.evidence, name="evidence"),
    path("person/exams/evidence/<int:pk>/", views.own_file, name="evidence_file"),
    path("person/exams/evidence/<int:pk>/remove/", views.remove, name="evidence_remove"),
    path("office/exams/evidence/<int:pk>/", views.office_file, name="office_evidence"),
]
