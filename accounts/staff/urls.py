"""Lists the addresses of the register of staff logins."""

from django.urls import path

from . import views

urlpatterns = [
    path("office/users/", views.staff_users, name="staff_users"),
    path("office/users/<int:pk>/", views.staff_user, name="staff_user"),
    path("office/users/<int:pk>/duties/", views.duties, name="staff_user_duties"),
    path("office/users/<int:pk>/unlock/", views.unlock, name="staff_user_unlock"),
    path("office/users/<int:pk>/reset/", views.reset_factor, name="staff_user_reset"),
]
