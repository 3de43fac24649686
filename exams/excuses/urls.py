"""Lists the addresses on which an absence is explained, and decided on."""

from django.urls import path

from . import views, views_office

urlpatterns = [
    path("person/exams/<int:pk>/excuse/", views.own, name="excuse_own"),
    path("enterprise/exams/entries/<int:pk>/excuse/", views.of_enterprise, name="excuse_of_enterprise"),
    path("office/exams/excuses/", views_office.excuses, name="excuses"),
    path("office/exams/excuses/<int:pk>/", views_office.excuse, name="excuse"),
    path("office/exams/excuses/<int:pk>/file/", views_office.excuse_file, name="excuse_file"),
]
