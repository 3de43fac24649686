"""Lists the addresses on which enterprises sign people up, and people see their exams."""

from django.urls import path

from . import views, views_candidates, views_list, views_person

urlpatterns = [
    path("enterprise/exams/", views.batch_list, name="enterprise"),
    path("enterprise/exams/entries/", views.entries, name="entries"),
    path("enterprise/exams/entries/export/", views.export, name="entries_export"),
    path("enterprise/exams/entries/<int:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("enterprise/exams/list/template/", views_list.list_template, name="list_template"),
    path("enterprise/exams/<int:pk>/", views_candidates.sign_up_page, name="sign_up"),
    path("enterprise/exams/<int:pk>/list/", views_list.check_list, name="check_list"),
    path("enterprise/exams/<int:pk>/list/report/", views_list.list_report, name="list_report"),
    path("person/exams/", views_person.mine, name="mine"),
    path("person/exams/<int:pk>/withdraw/", views_person.withdraw, name="withdraw_own"),
]
