"""Lists the addresses of policy parameters."""

from django.urls import path

from . import views

app_name = "parameters"
urlpatterns = [
    path("", views.parameter_list, name="list"),
    path("<slug:key>/", views.parameter_detail, name="detail"),
    path("<slug:key>/new/", views.parameter_new, name="new"),
    path("<slug:key>/<int:pk>/withdraw/", views.parameter_withdraw, name="withdraw"),
]
