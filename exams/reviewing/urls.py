"""Lists the addresses of the review of entries, at the office and at whoever cures a returned one."""

from django.urls import path

from . import views, views_entry, views_resubmit

urlpatterns = [
    path("office/exams/review/", views.review, name="review"),
    path("office/exams/entries/<int:pk>/", views_entry.entry, name="entry"),
    path("office/exams/entries/<int:pk>/photo/", views_entry.photo, name="entry_photo"),
    path("office/exams/entries/<int:pk>/photo/small/", views_entry.photo, {"size": "small"}, name="entry_photo_small"),
    path("office/exams/entries/<int:pk>/portrait/", views_entry.portrait, name="entry_portrait"),
    path("office/exams/entries/<int:pk>/withdraw/", views.withdraw, name="withdraw_by_office"),
    path("enterprise/exams/entries/<int:pk>/resubmit/", views_resubmit.by_enterprise, name="resubmit"),
    path("person/exams/<int:pk>/resubmit/", views_resubmit.by_person, name="resubmit_own"),
]
