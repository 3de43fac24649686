"""Lists the addresses of a certificate in the hand."""

from django.urls import path

from . import views, views_offline

urlpatterns = [
    path("m/certificates/<int:pk>/", views.in_hand, name="in_hand"),
    path("m/certificates/<int:pk>/kept/", views_offline.kept, name="kept"),
    path("m/certificates/<int:pk>/photo/", views.photo, name="in_hand_photo"),
    path("m/manifest.webmanifest", views_offline.manifest, name="manifest"),
    path("m/offline/", views_offline.offline, name="offline"),
    path("m/worker.js", views_offline.worker, name="phone_worker"),
]
