from django.urls import path

from .views import enterprise, office, person

app_name = "exams"
urlpatterns = [
    path("enterprise/exams/", enterprise.batch_list, name="enterprise"),
    path("enterprise/exams/entries/", enterprise.entries, name="entries"),
    path("enterprise/exams/entries/<int:pk>/withdraw/", enterprise.withdraw, name="withdraw"),
    path("enterprise/exams/<int:pk>/", enterprise.sign_up_page, name="sign_up"),
    path("office/exams/", office.batch_list, name="office"),
    path("office/exams/new/", office.batch_new, name="batch_new"),
    path("office/exams/review/", office.review, name="review"),
    path("office/exams/<int:pk>/", office.batch, name="batch"),
    path("office/exams/<int:pk>/change/", office.batch_change, name="batch_change"),
    path("office/exams/<int:pk>/announce/", office.batch_announce, name="batch_announce"),
    path("office/exams/<int:pk>/call-off/", office.batch_call_off, name="batch_call_off"),
    path("office/exams/entries/<int:pk>/result/", office.result, name="result"),
    path("person/exams/", person.mine, name="mine"),
]
