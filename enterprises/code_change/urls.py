"""Lists the addresses on which a registry clerk changes the code of an enterprise."""

from django.urls import path

from . import views, views_requests

urlpatterns = [
    path("office/enterprises/code/", views.search, name="code_search"),
    path("office/enterprises/<int:pk>/code/", views.change, name="change_code"),
    path("office/enterprises/code-changes/<int:pk>/evidence/", views.evidence, name="code_evidence"),
    path("office/enterprises/code-requests/<int:pk>/", views_requests.code_request, name="code_request"),
    path(
        "office/enterprises/code-requests/<int:pk>/evidence/",
        views_requests.request_evidence,
        name="code_request_evidence",
    ),
]
