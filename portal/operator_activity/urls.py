"""Lists the address of the activity of an operator."""

from django.urls import path

from . import views

app_name = "operator_activity"
urlpatterns = [path("enterprise/keys/<int:pk>/activity/", views.activity, name="page")]
