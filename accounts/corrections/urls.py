"""Lists the addresses of corrections of the register of persons."""

from django.urls import path

from . import views

urlpatterns = [
    path("office/counter/<int:pk>/number/", views.correction_number, name="correction_number"),
    path("office/corrections/", views.corrections, name="corrections"),
    path("office/corrections/<int:pk>/", views.correction, name="correction"),
    path("office/corrections/<int:pk>/evidence/", views.correction_evidence, name="correction_evidence"),
]
