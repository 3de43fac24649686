"""Lists the addresses on which an office ends an employment."""

from django.urls import path

from . import views

urlpatterns = [
    path("office/employment/", views.search, name="office"),
    path("office/employment/<int:pk>/end/", views.end, name="office_end"),
]
