from django.urls import path

from .batches import views as batches_views
from .sign_up import views as sign_up_views
from .sign_up import views_person

app_name = "exams"
urlpatterns = [
    path("enterprise/exams/", sign_up_views.batch_list, name="enterprise"),
    path("enterprise/exams/entries/", sign_up_views.entries, name="entries"),
    path("enterprise/exams/entries/<int:pk>/withdraw/", sign_up_views.withdraw, name="withdraw"),
    path("enterprise/exams/<int:pk>/", sign_up_views.sign_up_page, name="sign_up"),
    path("office/exams/", batches_views.batch_list, name="office"),
    path("office/exams/new/", batches_views.batch_new, name="batch_new"),
    path("office/exams/review/", batches_views.review, name="review"),
    path("office/exams/<int:pk>/", batches_views.batch, name="batch"),
    path("office/exams/<int:pk>/change/", batches_views.batch_change, name="batch_change"),
    path("office/exams/<int:pk>/announce/", batches_views.batch_announce, name="batch_announce"),
    path("office/exams/<int:pk>/call-off/", batches_views.batch_call_off, name="batch_call_off"),
    path("office/exams/entries/<int:pk>/result/", batches_views.result, name="result"),
    path("person/exams/", views_person.mine, name="mine"),
]
