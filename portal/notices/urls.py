"""Lists the addresses of the notice board."""

from django.urls import path

from . import views

app_name = "administration"

urlpatterns = [
    path("notices/", views.notices, name="notices"),
    path("notices/<int:pk>/", views.notice, name="notice"),
]
