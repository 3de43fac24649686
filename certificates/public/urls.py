"""Lists the addresses that anybody may open."""

from django.urls import path

from . import views, views_verify

urlpatterns = [
    path("lookup/", views.lookup, name="lookup"),
    path("verify/", views_verify.verify, name="verify"),
    path("v/<str:token>/", views.version, name="version"),
]
