"""Lists the addresses of policy parameters."""

from django.urls import path

from . import views, views_holidays

app_name = "parameters"
urlpatterns = [
    path("", views.parameter_list, name="list"),
    path("holidays/", views_holidays.holidays, name="holidays"),
    path("holidays/template/", views_holidays.holidays_template, name="holidays_template"),
    path("<slug:key>/", views.parameter_detail, name="detail"),
    path("<slug:key>/new/", views.parameter_new, name="new"),
    path("<slug:key>/<int:pk>/withdraw/", views.parameter_withdraw, name="withdraw"),
]
