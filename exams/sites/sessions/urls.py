"""Lists the addresses of the pages of a batch's sessions."""

from django.urls import path

from . import views

urlpatterns = [
    path("office/exams/<int:pk>/sessions/new/", views.session_new, name="session_new"),
    path("office/exams/<int:pk>/sessions/<int:session>/", views.session_change, name="session_change"),
    path("office/exams/<int:pk>/sessions/<int:session>/remove/", views.session_remove, name="session_remove"),
]
