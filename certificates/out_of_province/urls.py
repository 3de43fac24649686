"""Lists the addresses of certificates of other provinces."""

from django.urls import path

from . import views

urlpatterns = [
    path("person/certificates/elsewhere/", views.declarations, name="elsewhere"),
    path("person/certificates/elsewhere/new/", views.declaration_new, name="elsewhere_new"),
    path("person/certificates/elsewhere/<int:pk>/", views.declaration_edit, name="elsewhere_edit"),
    path("person/certificates/elsewhere/<int:pk>/end/", views.declaration_end, name="elsewhere_end"),
    path("person/certificates/elsewhere/<int:pk>/scan/", views.declaration_scan, name="elsewhere_scan"),
    path(
        "office/certificates/elsewhere/<int:pk>/scan/",
        views.office_declaration_scan,
        name="office_elsewhere_scan",
    ),
]
