"""Lists the addresses of 意见反馈."""

from django.urls import path

from . import views, views_office

urlpatterns = [
    path("feedback/", views.feedback, name="feedback"),
    path("office/feedback/", views_office.feedback_list, name="feedback_list"),
    path("office/feedback/<int:pk>/", views_office.feedback_one, name="feedback_one"),
]
