from django.urls import include, path

from .login import views as login_views
from .login import views_office, views_person_code, views_security
from .lookups import views as lookups_views
from .people import views as people_views
from .phone_login import views as phone_login_views
from .phone_login import views_face
from .photo import views as photo_views
from .profile import views as profile_views
from .registration import views as registration_views
from .registration import views_counter_codes, views_photos
from .staff import views as staff_views
from .verification import views as verification_views
from .verification import views_frames, views_reviews

app_name = "accounts"
urlpatterns = [
    path("api/kiosk/", include("accounts.kiosk.urls")),
    path("login/", login_views.login, name="login"),
    path("login/code/", views_person_code.person_code, name="person_code"),
    path("logout/", login_views.logout, name="logout"),
    path("password/", login_views.password, name="password"),
    path("resume/", login_views.resume_form, name="resume"),
    path("office/login/", login_views.office_login, name="office_login"),
    path("office/login/code/", views_office.office_code, name="office_code"),
    path("office/login/enrol/", views_office.office_enrol, name="office_enrol"),
    path("m/login/", login_views.mobile_login, name="mobile_login"),
    path("m/login/code/", views_person_code.person_code, name="mobile_code"),
    path("m/login/qr/<str:token>/", phone_login_views.qr_login, name="qr_login"),
    path("m/login/face/", views_face.face_login, name="face_login"),
    path("m/reset/", views_face.face_reset, name="face_reset"),
    path("m/face/challenge/", views_frames.face_challenge, name="face_challenge"),
    path("m/verify/", verification_views.mobile_verify, name="mobile_verify"),
    path("m/verify/approved/", verification_views.verify_approved, name="verify_approved"),
    path("m/verify/face/", verification_views.verify_face, name="verify_face"),
    path("m/verify/photo/", verification_views.verify_photo, name="verify_photo"),
    path("m/verify/consent/", verification_views.face_consent, name="face_consent"),
    path("m/verify/page/", verification_views.verify_page, name="verify_page"),
    path("m/verify/return/", verification_views.verify_return, name="verify_return"),
    path("person/", profile_views.person_home, name="person_home"),
    path("person/profile/", profile_views.profile, name="profile"),
    path("person/security/", views_security.person_security, name="person_security"),
    path("office/users/", staff_views.staff_users, name="staff_users"),
    path("office/users/<int:pk>/", staff_views.staff_user, name="staff_user"),
    path("office/users/<int:pk>/duties/", staff_views.duties, name="staff_user_duties"),
    path("office/users/<int:pk>/unlock/", staff_views.unlock, name="staff_user_unlock"),
    path("office/users/<int:pk>/reset/", staff_views.reset_factor, name="staff_user_reset"),
    path("office/lookups/", lookups_views.lookup_alarms, name="lookup_alarms"),
    path("office/lookups/<int:pk>/", lookups_views.lookup_alarm, name="lookup_alarm"),
    path("office/lookups/<int:pk>/seen/", lookups_views.lookup_alarm_seen, name="lookup_alarm_seen"),
    path("office/lookups/<int:pk>/login/", lookups_views.lookup_alarm_login, name="lookup_alarm_login"),
    path("office/security/", views_security.office_security, name="office_security"),
    path("enterprise/security/", views_security.enterprise_security, name="enterprise_security"),
    path("session/", views_security.session, name="session"),
    path("security/sessions/end/", views_security.end_others, name="end_sessions"),
    path("security/totp/", views_security.enrol, name="totp"),
    path("security/totp/codes/", views_security.new_codes, name="totp_codes"),
    path("security/totp/remove/", views_security.remove, name="totp_remove"),
    path("person/phone/", phone_login_views.phone_code, name="phone_code"),
    path("person/photo/", photo_views.photo, name="photo"),
    path("person/photo/crop/", photo_views.photo_crop, name="photo_crop"),
    path("person/photo/pending/", photo_views.photo_pending, name="photo_pending"),
    path("person/photo/source/", photo_views.photo_pending, {"part": "whole"}, name="photo_source"),
    path("person/photo/sample/", photo_views.photo_on_certificate, name="photo_sample"),
    path(
        "person/photo/pending/sample/", photo_views.photo_on_certificate, {"part": "cut"}, name="photo_pending_sample"
    ),
    path("person/photo/image/", photo_views.photo_image, name="photo_image"),
    path("person/photo/image/small/", photo_views.photo_image, {"size": "small"}, name="photo_small"),
    path("person/registration-points/", people_views.registration_points, name="registration_points"),
    path("office/counter/", registration_views.counter, name="counter"),
    path("office/counter/register/", registration_views.counter_register, name="counter_register"),
    path("office/counter/<int:pk>/", registration_views.counter_person, name="counter_person"),
    path("office/counter/<int:pk>/update/", registration_views.counter_update, name="counter_update"),
    path("office/counter/<int:pk>/password/", registration_views.counter_reset, name="counter_reset"),
    path("office/counter/<int:pk>/receipt/", registration_views.counter_receipt, name="counter_receipt"),
    path("office/counter/<int:pk>/receipt.pdf", registration_views.counter_receipt_pdf, name="counter_receipt_pdf"),
    path(
        "office/counter/<int:pk>/held-portrait/", registration_views.counter_held_portrait, name="counter_held_portrait"
    ),
    path("office/counter/<int:pk>/name/", registration_views.counter_name, name="counter_name"),
    path("office/counter/<int:pk>/portrait/", registration_views.counter_portrait, name="counter_portrait"),
    path("office/counter/<int:pk>/photo/", views_photos.counter_photo, name="counter_photo"),
    path("office/counter/<int:pk>/photo/crop/", views_photos.counter_photo_crop, name="counter_photo_crop"),
    path("office/counter/<int:pk>/photo/pending/", views_photos.counter_photo_pending, name="counter_photo_pending"),
    path(
        "office/counter/<int:pk>/photo/source/",
        views_photos.counter_photo_pending,
        {"part": "whole"},
        name="counter_photo_source",
    ),
    path("office/counter/<int:pk>/photo/image/", views_photos.counter_photo_image, name="counter_photo_image"),
    path("office/counter/<int:pk>/code/", views_counter_codes.counter_code, name="counter_code"),
    path("office/face-reviews/", views_reviews.face_reviews, name="face_reviews"),
    path("office/face-reviews/<int:pk>/", views_reviews.face_review, name="face_review"),
    path(
        "office/face-reviews/<int:pk>/frame/",
        views_reviews.face_review_picture,
        {"which": "frame"},
        name="face_review_frame",
    ),
    path(
        "office/face-reviews/<int:pk>/portrait/",
        views_reviews.face_review_picture,
        {"which": "portrait"},
        name="face_review_portrait",
    ),
]
