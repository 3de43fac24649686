from django.urls import path

from . import views

app_name = "training"
urlpatterns = [path("person/training/", views.mine, name="mine")]
