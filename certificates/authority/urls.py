"""Lists the addresses where the authority decides on a certificate."""

from django.urls import path

from . import views

urlpatterns = [
    path("office/certificates/<int:pk>/actions/<str:action>/", views.office_action, name="office_action"),
    path(
        "office/certificates/<int:pk>/actions/overturn/<int:event>/",
        views.office_overturn,
        name="office_overturn",
    ),
]
