"""Lists the addresses of the list of contract ends."""

from django.urls import path

from . import views

urlpatterns = [
    path("enterprise/employment/contracts/", views.contract_ends, name="contract_ends"),
    path("enterprise/employment/contracts/renew/", views.renew_many, name="renew_many"),
    path("enterprise/employment/contracts/export/", views.export, name="contract_ends_export"),
]
