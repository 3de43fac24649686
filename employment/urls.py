from django.urls import path

from .views import enterprise, office, person, proposing

app_name = "employment"
urlpatterns = [
    path("enterprise/employment/", enterprise.staff, name="enterprise"),
    path("enterprise/employment/<int:pk>/end/", enterprise.end, name="end"),
    path("enterprise/employment/new/", proposing.search, name="propose"),
    path("enterprise/employment/new/<str:token>/", proposing.terms, name="propose_terms"),
    path("office/employment/", office.search, name="office"),
    path("office/employment/<int:pk>/end/", office.end, name="office_end"),
    path("person/employment/", person.mine, name="mine"),
]
