"""Lists the addresses on which an enterprise takes over its entry in the business registry."""

from django.urls import path

from . import views

urlpatterns = [
    path("enterprise/profile/sync/", views.start, name="sync"),
    path("enterprise/profile/sync/<int:pk>/", views.review, name="sync_review"),
]
