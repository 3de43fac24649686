"""Lists the addresses where old records are settled and imports of them taken back."""

from django.urls import path

from . import views, views_reversal

urlpatterns = [
    path("office/settling/", views.settling, name="settling"),
    path("office/settling/<int:pk>/", views.settle_record, name="settle"),
    path("office/settling/imports/<int:run>/", views_reversal.reversal, name="reversal"),
]
