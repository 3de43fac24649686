from django.urls import path

from .views import counter, login, office, office_login, person, photo, public, security

app_name = "accounts"
urlpatterns = [
    path("login/", login.login, name="login"),
    path("logout/", login.logout, name="logout"),
    path("password/", login.password, name="password"),
    path("resume/", login.resume_form, name="resume"),
    path("office/login/", login.office_login, name="office_login"),
    path("office/login/code/", office_login.office_code, name="office_code"),
    path("office/login/enrol/", office_login.office_enrol, name="office_enrol"),
    path("m/login/", login.mobile_login, name="mobile_login"),
    path("m/verify/", login.mobile_verify, name="mobile_verify"),
    path("person/", person.person_home, name="person_home"),
    path("person/profile/", person.profile, name="profile"),
    path("person/security/", security.person_security, name="person_security"),
    path("office/security/", security.office_security, name="office_security"),
    path("security/totp/", security.enrol, name="totp"),
    path("security/totp/codes/", security.new_codes, name="totp_codes"),
    path("security/totp/remove/", security.remove, name="totp_remove"),
    path("person/photo/", photo.photo, name="photo"),
    path("person/photo/crop/", photo.photo_crop, name="photo_crop"),
    path("person/photo/pending/", photo.photo_pending, name="photo_pending"),
    path("person/photo/image/", photo.photo_image, name="photo_image"),
    path("person/photo/image/small/", photo.photo_image, {"size": "small"}, name="photo_small"),
    path("person/registration-points/", public.registration_points, name="registration_points"),
    path("office/counter/", counter.counter, name="counter"),
    path("office/counter/register/", counter.counter_register, name="counter_register"),
    path("office/counter/<int:pk>/", counter.counter_person, name="counter_person"),
    path("office/counter/<int:pk>/update/", counter.counter_update, name="counter_update"),
    path("office/counter/<int:pk>/password/", counter.counter_reset, name="counter_reset"),
    path("office/counter/<int:pk>/receipt/", counter.counter_receipt, name="counter_receipt"),
    path("office/counter/<int:pk>/name/", counter.counter_name, name="counter_name"),
    path("office/counter/<int:pk>/portrait/", counter.counter_portrait, name="counter_portrait"),
    path("office/persons/<int:pk>/photo/", office.person_photo, name="office_photo"),
    path("office/persons/<int:pk>/portrait/", office.person_portrait, name="office_portrait"),
]
