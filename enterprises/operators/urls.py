"""Lists the addresses on which an enterprise manages its operators."""

from django.urls import path

from . import views

urlpatterns = [
    path("enterprise/keys/<int:pk>/role/", views.role, name="operator_role"),
    path("enterprise/keys/<int:pk>/delegate/", views.delegate, name="operator_delegate"),
    path("enterprise/keys/delegations/<int:pk>/end/", views.end_delegation, name="delegation_end"),
]
