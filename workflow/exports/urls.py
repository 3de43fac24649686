"""Lists the addresses of unmasked exports."""

from django.urls import path

from . import views, views_requests

export_urls = [
    path("office/exports/", views_requests.exports, name="exports"),
    path("office/exports/new/<slug:key>/", views_requests.export_new, name="export_new"),
    path("office/exports/requests/", views_requests.export_requests, name="export_requests"),
    path("office/exports/requests/<int:pk>/", views_requests.export_decide, name="export_decide"),
    path("office/exports/lists/<slug:key>/<slug:form>/", views.list_export, name="list_export"),
    path("office/exports/<int:pk>/take/", views_requests.export_take, name="export_take"),
]
