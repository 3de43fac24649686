"""Lists the addresses of the figures of one exam."""

from django.urls import path

from . import views

urlpatterns = [
    path("office/exams/<int:pk>/statistics/", views.statistics, name="statistics"),
    path("office/exams/<int:pk>/statistics/file/", views.statistics_file, name="statistics_file"),
]
