"""Lists the addresses of login and security pages."""

from django.urls import path

from . import views, views_office, views_passkeys, views_person_code, views_security

urlpatterns = [
    path("login/", views.login, name="login"),
    path("login/code/", views_person_code.person_code, name="person_code"),
    path("logout/", views.logout, name="logout"),
    path("password/", views.password, name="password"),
    path("resume/", views.resume_form, name="resume"),
    path("office/login/", views.office_login, name="office_login"),
    path("office/login/code/", views_office.office_code, name="office_code"),
    path("office/login/enrol/", views_office.office_enrol, name="office_enrol"),
    path("m/login/", views.mobile_login, name="mobile_login"),
    path("m/login/code/", views_person_code.person_code, name="mobile_code"),
    path("person/security/", views_security.person_security, name="person_security"),
    path("office/security/", views_security.office_security, name="office_security"),
    path("enterprise/security/", views_security.enterprise_security, name="enterprise_security"),
    path("session/", views_security.session, name="session"),
    path("security/sessions/end/", views_security.end_others, name="end_sessions"),
    path("security/totp/", views_security.enrol, name="totp"),
    path("security/totp/codes/", views_security.new_codes, name="totp_codes"),
    path("security/totp/remove/", views_security.remove, name="totp_remove"),
    path("security/passkeys/add/", views_passkeys.add, name="passkey_add"),
    path("security/passkeys/challenge/", views_passkeys.challenge, name="passkey_challenge"),
    path("security/passkeys/<int:pk>/remove/", views_passkeys.remove, name="passkey_remove"),
]
