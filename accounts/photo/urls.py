"""Lists the addresses of the ID photo."""

from django.urls import path

from . import views

urlpatterns = [
    path("person/photo/", views.photo, name="photo"),
    path("person/photo/crop/", views.photo_crop, name="photo_crop"),
    path("person/photo/pending/", views.photo_pending, name="photo_pending"),
    path("person/photo/source/", views.photo_pending, {"part": "whole"}, name="photo_source"),
    path("person/photo/sample/", views.photo_on_certificate, name="photo_sample"),
    path("person/photo/pending/sample/", views.photo_on_certificate, {"part": "cut"}, name="photo_pending_sample"),
    path("person/photo/image/", views.photo_image, name="photo_image"),
    path("person/photo/image/small/", views.photo_image, {"size": "small"}, name="photo_small"),
]
