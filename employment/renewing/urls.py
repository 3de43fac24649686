"""Lists the addresses on which an enterprise proposes other terms of an employment, and reminds people of proposals."""

from django.urls import path

from . import views, views_remind

urlpatterns = [
    path("enterprise/employment/<int:pk>/renew/", views.renew, name="renew"),
    path("enterprise/employment/remind/", views_remind.remind, name="remind"),
]
