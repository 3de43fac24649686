"""Lists the addresses of the counter."""

from django.urls import path

from . import views, views_counter_codes, views_own, views_photos

urlpatterns = [
    path("office/counter/", views.counter, name="counter"),
    path("office/counter/register/", views.counter_register, name="counter_register"),
    path("office/counter/own/", views_own.counter_own, name="counter_own"),
    path("office/counter/<int:pk>/", views.counter_person, name="counter_person"),
    path("office/counter/<int:pk>/update/", views.counter_update, name="counter_update"),
    path("office/counter/<int:pk>/password/", views.counter_reset, name="counter_reset"),
    path("office/counter/<int:pk>/receipt/", views.counter_receipt, name="counter_receipt"),
    path("office/counter/<int:pk>/receipt.pdf", views.counter_receipt_pdf, name="counter_receipt_pdf"),
    path("office/counter/<int:pk>/held-portrait/", views.counter_held_portrait, name="counter_held_portrait"),
    path("office/counter/<int:pk>/name/", views.counter_name, name="counter_name"),
    path("office/counter/<int:pk>/portrait/", views.counter_portrait, name="counter_portrait"),
    path("office/counter/<int:pk>/photo/", views_photos.counter_photo, name="counter_photo"),
    path("office/counter/<int:pk>/photo/crop/", views_photos.counter_photo_crop, name="counter_photo_crop"),
    path("office/counter/<int:pk>/photo/pending/", views_photos.counter_photo_pending, name="counter_photo_pending"),
    path(
        "office/counter/<int:pk>/photo/source/",
        views_photos.counter_photo_pending,
        {"part": "whole"},
        name="counter_photo_source",
    ),
    path("office/counter/<int:pk>/photo/image/", views_photos.counter_photo_image, name="counter_photo_image"),
    path("office/counter/<int:pk>/code/", views_counter_codes.counter_code, name="counter_code"),
]
