"""Lists the addresses of admit cards and of the papers of a room."""

from django.urls import path

from . import views, views_export

urlpatterns = [
    path("person/exams/<int:pk>/admit-card/", views.admit_card, name="admit_card"),
    path("person/exams/<int:pk>/admit-card/file/", views.admit_card_file, name="admit_card_file"),
    path("enterprise/exams/admit-cards/", views.enterprise_cards, name="admit_cards"),
    path("enterprise/exams/<int:pk>/admit-cards/", views.enterprise_cards_file, name="admit_cards_file"),
    path("office/exams/<int:pk>/papers/", views.papers, name="papers"),
    path("office/exams/<int:pk>/papers/file/", views.papers_file, name="papers_file"),
    path("office/exams/<int:pk>/export/", views_export.export, name="export"),
    path("office/exams/rooms/<int:pk>/papers/<str:kind>/", views.room_paper, name="room_paper"),
]
