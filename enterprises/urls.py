from django.urls import path

from .views import keys, login, pages, sync

app_name = "enterprises"
urlpatterns = [
    path("enterprise/", pages.home_page, name="home"),
    path("enterprise/login/", login.login, name="login"),
    path("enterprise/login/challenge/", login.new_challenge, name="challenge"),
    path("enterprise/login/challenge.txt", login.challenge_file, name="challenge_file"),
    path("enterprise/login/certificate/start/", login.entrance_start, name="entrance_start"),
    path("enterprise/login/certificate/", login.entrance_page, name="entrance"),
    path("enterprise/login/certificate/done/", login.entrance_done, name="entrance_done"),
    path("enterprise/login/operator/", login.operator, name="operator"),
    path("enterprise/profile/", pages.profile, name="profile"),
    path("enterprise/profile/sync/", sync.start, name="sync"),
    path("enterprise/profile/sync/<int:pk>/", sync.review, name="sync_review"),
    path("enterprise/keys/", keys.key_list, name="keys"),
    path("enterprise/keys/<int:pk>/", keys.key_detail, name="key"),
    path("enterprise/keys/<int:pk>/block/", keys.key_block, name="key_block"),
]
