"""Lists the addresses of the audit."""

from django.urls import path

from . import views

app_name = "audit"
urlpatterns = [
    path("", views.audit_list, name="list"),
    path("export/", views.audit_export, name="export"),
    path("person/", views.audit_of_person, name="of_person"),
    path("person/<int:pk>/", views.audit_person, name="person"),
]
