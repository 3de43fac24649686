"""Lists the addresses of the lists and pages of certificates."""

from django.urls import path

from . import views_enterprise, views_office, views_person
from .archives import urls as archives
from .phone import urls as phone
from .staffing import urls as staffing

urlpatterns = [
    path("person/certificates/", views_person.mine, name="mine"),
    path("person/certificates/<int:pk>/", views_person.detail, name="detail"),
    path("person/certificates/<int:pk>/issue/", views_person.issue, name="issue"),
    path("enterprise/training/", views_enterprise.staff_training, name="staff_training"),
    path("office/certificates/", views_office.office, name="office"),
    path("office/certificates/export/<slug:form>/", views_office.office_export, name="office_export"),
    path("office/certificates/<int:pk>/", views_office.office_detail, name="office_detail"),
    path("office/certificates/<int:pk>/reveal/", views_office.office_reveal, name="office_reveal"),
    *archives.urlpatterns,
    *phone.urlpatterns,
    *staffing.urlpatterns,
]
