"""Collects the addresses of all rooms. No pattern of one room matches an address of another, so their order is free."""

from django.urls import include, path

from .corrections.urls import urlpatterns as corrections_urls
from .deaths.urls import urlpatterns as deaths_urls
from .login.urls import urlpatterns as login_urls
from .lookups.urls import urlpatterns as lookups_urls
from .merging.urls import urlpatterns as merging_urls
from .people.urls import urlpatterns as people_urls
from .phone_login.urls import urlpatterns as phone_login_urls
from .photo.urls import urlpatterns as photo_urls
from .profile.urls import urlpatterns as profile_urls
from .registration.urls import urlpatterns as registration_urls
from .staff.urls import urlpatterns as staff_urls
from .verification.urls import urlpatterns as verification_urls

app_name = "accounts"
urlpatterns = [
    path("api/kiosk/", include("accounts.kiosk.urls")),
    *corrections_urls,
    *deaths_urls,
    *login_urls,
    *lookups_urls,
    *merging_urls,
    *people_urls,
    *phone_login_urls,
    *photo_urls,
    *profile_urls,
    *registration_urls,
    *staff_urls,
    *verification_urls,
]
