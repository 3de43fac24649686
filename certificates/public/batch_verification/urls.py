"""Lists the addresses of batch verification."""

from django.urls import path

from . import views, views_api, views_keys

urlpatterns = [
    path("verify/list/", views.verify_list, name="verify_list"),
    path("verify/list/template/", views.list_template, name="verify_list_template"),
    path("verify/interface/", views_api.guide, name="verification_guide"),
    path("api/verification/", views_api.verifications, name="verification_api"),
    path("api/verification/openapi.json", views_api.description, name="verification_openapi"),
    path("office/verification-keys/", views_keys.keys, name="verification_keys"),
    path("office/verification-keys/new/", views_keys.key_new, name="verification_key_new"),
    path("office/verification-keys/<int:pk>/revoke/", views_keys.key_revoke, name="verification_key_revoke"),
]
