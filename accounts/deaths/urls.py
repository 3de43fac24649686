"""Lists the addresses on which a death is recorded and taken back."""

from django.urls import path

from . import views

urlpatterns = [
    path("office/counter/<int:pk>/death/", views.death_ask, name="death_ask"),
    path("office/counter/<int:pk>/death/undo/", views.death_undo, name="death_undo"),
    path("office/deaths/", views.deaths, name="deaths"),
    path("office/deaths/<int:pk>/", views.death, name="death"),
    path("office/deaths/<int:pk>/evidence/", views.death_evidence, name="death_evidence"),
]
