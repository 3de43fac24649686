"""Lists the addresses on which an enterprise takes all its e-certificates."""

from django.urls import path

from . import views

urlpatterns = [
    path("enterprise/staff/archive/", views.archive, name="archive"),
    path("enterprise/staff/archive/order/", views.order, name="archive_order"),
    path("enterprise/staff/archive/take/", views.take, name="archive_take"),
]
