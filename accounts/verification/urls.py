"""Lists the addresses of the second verification and its reviews."""

from django.urls import path

from . import views, views_frames, views_passkeys, views_reviews

urlpatterns = [
    path("m/face/challenge/", views_frames.face_challenge, name="face_challenge"),
    path("m/verify/", views.mobile_verify, name="mobile_verify"),
    path("m/verify/approved/", views.verify_approved, name="verify_approved"),
    path("m/verify/face/", views.verify_face, name="verify_face"),
    path("m/verify/passkey/", views_passkeys.verify_passkey, name="verify_passkey"),
    path("m/verify/passkey/challenge/", views_passkeys.challenge, name="verify_passkey_challenge"),
    path("m/verify/photo/", views.verify_photo, name="verify_photo"),
    path("m/verify/consent/", views.face_consent, name="face_consent"),
    path("m/verify/page/", views.verify_page, name="verify_page"),
    path("m/verify/return/", views.verify_return, name="verify_return"),
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
