"""Lists the addresses on which a list of people to employ is given and sent."""

from django.urls import path

from . import views

urlpatterns = [
    path("enterprise/employment/list/", views.by_list, name="propose_list"),
    path("enterprise/employment/list/send/", views.send, name="propose_list_send"),
    path("enterprise/employment/list/report/", views.report, name="propose_list_report"),
    path("enterprise/employment/list/template/", views.template, name="propose_list_template"),
]
