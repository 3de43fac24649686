"""Lists the addresses on which enterprises sign people up, and people see their exams."""

from django.urls import path

from . import views, views_person

urlpatterns = [
    path("enterprise/exams/", views.batch_list, name="enterprise"),
    path("enterprise/exams/entries/", views.entries, name="entries"),
    path("enterprise/exams/entries/<int:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("enterprise/exams/<int:pk>/", views.sign_up_page, name="sign_up"),
    path("person/exams/", views_person.mine, name="mine"),
    path("person/exams/<int:pk>/withdraw/", views_person.withdraw, name="withdraw_own"),
]
