from django.urls import path

from . import notices

app_name = "administration"

urlpatterns = [
    path("notices/", notices.notices, name="notices"),
    path("notices/<int:pk>/", notices.notice, name="notice"),
]
