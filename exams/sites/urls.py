"""Lists the addresses of the pages of sites and rooms."""

from django.urls import path

from . import views

urlpatterns = [
    path("office/exam-sites/", views.site_list, name="sites"),
    path("office/exam-sites/new/", views.site_new, name="site_new"),
    path("office/exam-sites/<int:pk>/", views.site, name="site"),
    path("office/exam-sites/<int:pk>/change/", views.site_change, name="site_change"),
    path("office/exam-sites/rooms/<int:room>/", views.room_change, name="room_change"),
]
