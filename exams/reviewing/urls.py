"""Lists the address of the review of entries."""

from django.urls import path

from . import views

urlpatterns = [
    path("office/exams/review/", views.review, name="review"),
]
