"""Lists the addresses of check-in: at the door by a link, and on the organiser's exam day."""

from django.urls import path

from . import views, views_door

urlpatterns = [
    path("checkin/worker.js", views_door.worker, name="check_in_worker"),
    path("checkin/<str:token>/", views_door.door, name="check_in"),
    path("checkin/<str:token>/list/", views_door.room_list, name="check_in_list"),
    path("checkin/<str:token>/merge/", views_door.merge, name="check_in_merge"),
    path("checkin/<str:token>/photos/<int:seat>/", views_door.photo, name="check_in_photo"),
    path("office/exams/<int:pk>/day/", views.day, name="day"),
    path("office/exams/<int:pk>/day/<int:room>/", views.link, name="check_in_link"),
]
