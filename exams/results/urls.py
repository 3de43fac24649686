"""Lists the address on which a result is recorded."""

from django.urls import path

from . import views

urlpatterns = [
    path("office/exams/entries/<int:pk>/result/", views.result, name="result"),
]
