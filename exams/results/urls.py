"""Lists the addresses on which a result is recorded, and the file of candidates is taken."""

from django.urls import path

from . import views, views_unsettled

urlpatterns = [
    path("office/exams/unsettled/", views_unsettled.unsettled, name="unsettled"),
    path("office/exams/entries/<int:pk>/result/", views.result, name="result"),
    path("office/exams/<int:pk>/candidates/", views.candidates, name="candidates"),
]
