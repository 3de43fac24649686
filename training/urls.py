"""Lists the addresses of continuing education: what a person sees, and the desk of an institution."""

from django.urls import path

from . import views
from .desk import views as desk

app_name = "training"
urlpatterns = [
    path("person/training/", views.mine, name="mine"),
    path("office/training/", desk.records, name="office"),
    path("office/training/new/", desk.new, name="new"),
    path("office/training/<int:pk>/", desk.record, name="record"),
    path("office/training/<int:pk>/correct/", desk.correct, name="correct"),
    path("office/training/<int:pk>/withdraw/", desk.withdraw, name="withdraw"),
]
