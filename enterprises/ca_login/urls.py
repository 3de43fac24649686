"""Lists the addresses of the login by CA key and of the keys of an enterprise."""

from django.urls import path

from . import views, views_keys

urlpatterns = [
    path("enterprise/login/", views.login, name="login"),
    path("enterprise/login/challenge/", views.new_challenge, name="challenge"),
    path("enterprise/login/challenge.txt", views.challenge_file, name="challenge_file"),
    path("enterprise/login/certificate/start/", views.entrance_start, name="entrance_start"),
    path("enterprise/login/certificate/", views.entrance_page, name="entrance"),
    path("enterprise/login/certificate/done/", views.entrance_done, name="entrance_done"),
    path("enterprise/login/operator/", views.operator, name="operator"),
    path("enterprise/keys/", views_keys.key_list, name="keys"),
    path("enterprise/keys/<int:pk>/", views_keys.key_detail, name="key"),
    path("enterprise/keys/<int:pk>/block/", views_keys.key_block, name="key_block"),
]
