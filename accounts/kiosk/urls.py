"""Lists the addresses below /api/kiosk/, in the namespace of accounts."""

from django.urls import path

from . import views

urlpatterns = [
    path("openapi.json", views.description, name="kiosk_openapi"),
    path("ping/", views.ping, name="kiosk_ping"),
    path("registrations/", views.registrations, name="kiosk_registrations"),
    path("registrations/<uuid:request_id>/", views.registration, name="kiosk_registration"),
    path("registrations/<uuid:request_id>/receipt.pdf", views.receipt, name="kiosk_receipt"),
    path("registrations/<uuid:request_id>/printed/", views.printed, name="kiosk_printed"),
    path("<path:rest>", views.unknown_address, name="kiosk_unknown"),
]
