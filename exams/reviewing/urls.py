"""Lists the address of the review of entries."""

from django.urls import path

from . import views

urlpatterns = [
    path("office/exams/review/", views.review, name="review"),
    path("office/exams/entries/<int:pk>/withdraw/", views.withdraw, name="withdraw_by_office"),
]
