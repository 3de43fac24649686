from django.urls import path

from .business_registry import views as business_registry_views
from .ca_login import views as ca_login_views
from .ca_login import views_keys
from .profile import views as profile_views

app_name = "enterprises"
urlpatterns = [
    path("enterprise/", profile_views.home_page, name="home"),
    path("enterprise/login/", ca_login_views.login, name="login"),
    path("enterprise/login/challenge/", ca_login_views.new_challenge, name="challenge"),
    path("enterprise/login/challenge.txt", ca_login_views.challenge_file, name="challenge_file"),
    path("enterprise/login/certificate/start/", ca_login_views.entrance_start, name="entrance_start"),
    path("enterprise/login/certificate/", ca_login_views.entrance_page, name="entrance"),
    path("enterprise/login/certificate/done/", ca_login_views.entrance_done, name="entrance_done"),
    path("enterprise/login/operator/", ca_login_views.operator, name="operator"),
    path("enterprise/profile/", profile_views.profile, name="profile"),
    path("enterprise/profile/sync/", business_registry_views.start, name="sync"),
    path("enterprise/profile/sync/<int:pk>/", business_registry_views.review, name="sync_review"),
    path("enterprise/keys/", views_keys.key_list, name="keys"),
    path("enterprise/keys/<int:pk>/", views_keys.key_detail, name="key"),
    path("enterprise/keys/<int:pk>/block/", views_keys.key_block, name="key_block"),
]
