from django.urls import path

from . import views

app_name = "enterprises"
urlpatterns = [
    path("enterprise/", views.home_page, name="home"),
    path("enterprise/login/", views.login, name="login"),
    path("enterprise/login/challenge/", views.new_challenge, name="challenge"),
    path("enterprise/login/challenge.txt", views.challenge_file, name="challenge_file"),
    path("enterprise/profile/", views.profile, name="profile"),
    path("enterprise/profile/keys/<int:pk>/block/", views.key_block, name="key_block"),
]
