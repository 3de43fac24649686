"""Lists the addresses of the office's pages of batches."""

from django.urls import path

from . import views

urlpatterns = [
    path("office/exams/", views.batch_list, name="office"),
    path("office/exams/new/", views.batch_new, name="batch_new"),
    path("office/exams/<int:pk>/", views.batch, name="batch"),
    path("office/exams/<int:pk>/change/", views.batch_change, name="batch_change"),
    path("office/exams/<int:pk>/delete/", views.batch_delete, name="batch_delete"),
    path("office/exams/<int:pk>/announce/", views.batch_announce, name="batch_announce"),
    path("office/exams/<int:pk>/call-off/", views.batch_call_off, name="batch_call_off"),
]
