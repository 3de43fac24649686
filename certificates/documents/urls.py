"""Lists the addresses of the signed files."""

from django.urls import path

from . import views
from .in_hand import urls as in_hand

urlpatterns = [
    path("person/certificates/<int:pk>/document/", views.document, name="document"),
    path("person/certificates/<int:pk>/image/", views.image, name="image"),
    path("person/certificates/<int:pk>/proof/", views.proof, name="proof"),
    path("person/certificates/<int:pk>/print/", views.print_view, name="print"),
    path("enterprise/staff/<int:pk>/document/", views.staff_document, name="staff_document"),
    path("office/certificates/<int:pk>/document/", views.office_document, name="office_document"),
    *in_hand.urlpatterns,
]
