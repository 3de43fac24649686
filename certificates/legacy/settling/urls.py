"""Lists the addresses where old records are settled."""

from django.urls import path

from . import views

urlpatterns = [
    path("office/settling/", views.settling, name="settling"),
    path("office/settling/<int:pk>/", views.settle_record, name="settle"),
]
