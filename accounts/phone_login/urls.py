"""Lists the addresses of the login on the phone."""

from django.urls import path

from . import views, views_face

urlpatterns = [
    path("m/login/qr/<str:token>/", views.qr_login, name="qr_login"),
    path("m/login/face/", views_face.face_login, name="face_login"),
    path("m/reset/", views_face.face_reset, name="face_reset"),
    path("person/phone/", views.phone_code, name="phone_code"),
]
