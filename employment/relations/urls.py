"""Lists the addresses of the employees of an enterprise and of a person's own employments."""

from django.urls import path

from . import views_enterprise, views_person

urlpatterns = [
    path("enterprise/employment/", views_enterprise.staff, name="enterprise"),
    path("enterprise/employment/export/", views_enterprise.export, name="export"),
    path("enterprise/employment/<int:pk>/end/", views_enterprise.end, name="end"),
    path("person/employment/", views_person.mine, name="mine"),
]
