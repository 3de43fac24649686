"""Lists the address of the page 联系方式."""

from django.urls import path

from . import views

app_name = "contacts"
urlpatterns = [path("messages/contact/", views.contact, name="contact")]
