"""Lists the addresses on which enterprises and registry clerks ask the business registry."""

from django.urls import path

from . import views, views_login, views_office

urlpatterns = [
    path("enterprise/profile/sync/", views.start, name="sync"),
    path("enterprise/profile/sync/<int:pk>/", views.review, name="sync_review"),
    path("enterprise/login/registry/", views_login.ask, name="login_registry"),
    path("office/enterprises/registry/", views_office.overview, name="registry"),
    path("office/enterprises/<int:pk>/registry/", views_office.ask, name="registry_ask"),
    path("office/enterprises/registry/<int:pk>/", views_office.answer, name="registry_answer"),
]
