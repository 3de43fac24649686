"""Lists the addresses on which a registry clerk restores employments."""

from django.urls import path

from . import views

urlpatterns = [
    path("office/employment/restore/", views.overview, name="restore_list"),
    path("office/employment/restore/<int:pk>/", views.restore, name="restore"),
]
