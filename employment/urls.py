from django.urls import path

from .ending import views as ending_views
from .proposing import views as proposing_views
from .relations import views_enterprise, views_person

app_name = "employment"
urlpatterns = [
    path("enterprise/employment/", views_enterprise.staff, name="enterprise"),
    path("enterprise/employment/<int:pk>/end/", views_enterprise.end, name="end"),
    path("enterprise/employment/new/", proposing_views.search, name="propose"),
    path("enterprise/employment/new/<str:token>/", proposing_views.terms, name="propose_terms"),
    path("office/employment/", ending_views.search, name="office"),
    path("office/employment/<int:pk>/end/", ending_views.end, name="office_end"),
    path("person/employment/", views_person.mine, name="mine"),
]
