"""Lists the addresses on which an enterprise proposes an employment."""

from django.urls import path

from . import views

urlpatterns = [
    path("enterprise/employment/new/", views.search, name="propose"),
    path("enterprise/employment/new/<str:token>/", views.terms, name="propose_terms"),
]
