"""Lists the addresses of share links."""

from django.urls import path

from . import views, views_public

urlpatterns = [
    path("person/certificates/<int:pk>/share/", views.share, name="share"),
    path("person/certificates/<int:pk>/share/<int:link>/revoke/", views.share_revoke, name="share_revoke"),
    path("s/<str:token>/", views_public.shared, name="shared"),
    path("s/<str:token>/document/", views_public.shared_document, name="shared_document"),
    path("s/<str:token>/image/", views_public.shared_image, name="shared_image"),
]
