"""In production the embedded models, and any service without a certificate, are one factor: never alone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client, override_settings
from django.utils import timezone

from accounts.access import known_browsers
from accounts.credentials import totp
from accounts.models import FaceCheck, Person, SecondFactor
from accounts.verification.assurance import face_suffices
from administration.models import AuditEntry
from administration.throttle import Limit
from tests.clock import later
from tests.face_pictures import FacePictures, small
from tests.factories import PASSWORD, enrol_totp, make_counter_code, make_id_number, make_person, next_code

from .test_face_login import FAILED, NEW, enter
from .world import frames, make_faced, send

pytestmark = pytest.mark.django_db
CERTIFICATE = "GA-2026-0001"


@pytest.fixture
def production(settings: Any) -> None:
    settings.FACE_ALONE_IN_DEMONSTRATION = False


@pytest.fixture
def person(production: None, face_pictures: FacePictures) -> Person:
    return make_faced(face_pictures.one[0])


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


@pytest.mark.parametrize(
    ("provider", "certificate", "demonstration", "suffices"),
    [
        ("local", "", False, False),
        ("local", CERTIFICATE, False, False),
        ("local", "", True, True),
        ("http", "", False, False),
        ("http", CERTIFICATE, False, True),
        ("page", CERTIFICATE, False, True),
    ],
)
def test_only_a_certified_service_or_the_demonstration_lets_a_face_suffice(
    provider: str, certificate: str, demonstration: bool, suffices: bool
) -> None:
    with override_settings(
        FACE_PROVIDER=provider, FACE_PROVIDER_CERTIFICATE=certificate, FACE_ALONE_IN_DEMONSTRATION=demonstration
    ):
        assert face_suffices() is suffices


def test_number_and_face_open_nothing(client: Client, person: Person, face_pictures: FacePictures) -> None:
    answer = enter(client, face_pictures, person.id_number)
    assert answer.status_code == 400
    assert "请填写密码" in answer.text
    assert not is_in(client)
    assert not FaceCheck.objects.exists(), "no face is compared before the password is right"


def test_password_and_face_open_the_phone_pages_and_verify(
    client: Client, person: Person, face_pictures: FacePictures
) -> None:
    assert enter(client, face_pictures, person.id_number, password=PASSWORD).url == "/m/"
    assert "verified_at" in client.session
    assert AuditEntry.objects.get(action="login").detail == {"method": "password+face"}


def test_the_password_is_judged_first_and_counts_as_at_any_login(
    client: Client, person: Person, face_pictures: FacePictures
) -> None:
    for _ in range(4):
        assert "身份证号码或密码不正确" in enter(client, face_pictures, person.id_number, password="Falsch-2026").text
    locked = enter(client, face_pictures, person.id_number, password="Falsch-2026")
    assert locked.status_code == 429
    assert "这里暂时不能登录这个账号" in locked.text
    assert not FaceCheck.objects.exists()


def test_the_right_password_with_another_face_stays_outside(
    client: Client, production: None, face_pictures: FacePictures
) -> None:
    person = make_faced(face_pictures.other)
    assert FAILED in enter(client, face_pictures, person.id_number, password=PASSWORD).text
    assert not is_in(client)


def test_an_authenticator_is_asked_for_after_both(client: Client, person: Person, face_pictures: FacePictures) -> None:
    enrol_totp(person.user)
    assert enter(client, face_pictures, person.id_number, password=PASSWORD).url == "/m/login/code/"
    assert not is_in(client)
    assert client.post("/m/login/code/", {"code": next_code(person.user)}).url == "/m/"


def test_a_face_alone_resets_no_password(client: Client, person: Person, face_pictures: FacePictures) -> None:
    assert enter(client, face_pictures, person.id_number, "/m/reset/").url == "/m/login/code/"
    assert not is_in(client)
    person.user.refresh_from_db()
    assert person.user.reset_at is None
    assert not person.user.must_change_password
    assert client.get("/password/").status_code == 302
    page = client.get("/m/login/code/")
    assert "窗口核验码" in page.text
    assert "身份验证器" not in page.text, "nobody is asked for what they do not have"
    assert client.post("/m/login/code/", {"code": "123456"}).status_code == 400


def test_a_face_and_a_code_from_the_counter_reset_the_password(
    client: Client, person: Person, face_pictures: FacePictures
) -> None:
    enter(client, face_pictures, person.id_number, "/m/reset/")
    assert client.post("/m/login/code/", {"counter-code": "00000000"}).status_code == 400
    assert client.post("/m/login/code/", {"counter-code": make_counter_code(person)}).url == "/password/"
    assert client.post("/password/", {"new_password": NEW, "repeated_password": NEW}).status_code == 302
    person.user.refresh_from_db()
    assert person.user.check_password(NEW)


def test_a_face_and_a_proven_authenticator_reset_the_password(
    client: Client, person: Person, face_pictures: FacePictures
) -> None:
    owner = Client()
    owner.force_login(person.user)
    owner.post("/m/verify/", {"code": make_counter_code(person)})
    enrol_totp(person.user)
    SecondFactor.objects.update(enrolled_at=timezone.now())
    enter(client, face_pictures, person.id_number, "/m/reset/")
    assert client.post("/m/login/code/", {"code": next_code(person.user)}).url == "/password/"


def test_an_authenticator_added_with_the_password_alone_does_not_help_a_face(
    client: Client, person: Person, face_pictures: FacePictures
) -> None:
    enrol_totp(person.user)
    enter(client, face_pictures, person.id_number, "/m/reset/")
    assert client.post("/m/login/code/", {"code": next_code(person.user)}).status_code == 400
    assert not is_in(client)


def enrol(client: Client, person: Person, **more: str) -> Any:
    page = client.get("/security/totp/")
    secret = page.context["enrolment"].secret
    return client.post("/security/totp/", {"code": totp.code_at(secret, timezone.now()), **more})


def test_a_face_enrols_no_authenticator_without_the_password(
    client: Client, person: Person, face_pictures: FacePictures
) -> None:
    client.force_login(person.user)
    send(client, face_pictures)
    assert "登录密码" in client.get("/security/totp/").text
    assert enrol(client, person).status_code == 400
    assert "身份证号码或密码不正确" in enrol(client, person, password="Falsch-2026").text
    assert not SecondFactor.objects.exists()
    assert "恢复码" in enrol(client, person, password=PASSWORD).text
    assert SecondFactor.objects.get().user == person.user


def test_a_code_from_the_counter_enrols_without_more(client: Client, person: Person) -> None:
    client.force_login(person.user)
    client.post("/m/verify/", {"code": make_counter_code(person)})
    assert enrol(client, person).status_code == 200
    assert SecondFactor.objects.exists()


def test_a_session_that_a_face_alone_opened_is_not_verified_by_the_face_again(
    client: Client, face_pictures: FacePictures, settings: Any
) -> None:
    """The certificate of a service may be withdrawn while such sessions run."""
    person = make_faced(face_pictures.one[0])
    enter(client, face_pictures, person.id_number)
    settings.FACE_ALONE_IN_DEMONSTRATION = False
    assert client.get("/m/verify/face/").url == "/m/verify/"
    assert send(client, face_pictures).url == "/m/verify/"
    assert "verified_at" not in client.session
    page = client.get("/m/verify/").text
    assert "不能再用人脸作第二次验证" in page
    assert "窗口核验码" in page


def test_the_pages_say_what_is_needed_and_what_else_there_is(client: Client, production: None) -> None:
    login = client.get("/m/login/face/").text
    assert "输入身份证号码和密码，再用摄像头识别面部" in login
    assert "演示环境" not in login
    reset = client.get("/m/reset/").text
    for words in ("动态口令", "窗口核验码", "由窗口重置密码", "/person/registration-points/"):
        assert words in reset
    assert "输入身份证号码和密码，对着手机摄像头" in client.get("/m/login/").text
    assert "人脸识别加动态口令或窗口核验码" in client.get("/login/").text


def test_the_demonstration_says_that_this_is_its_own_way(client: Client) -> None:
    for page in ("/m/login/face/", "/m/reset/"):
        text = client.get(page).text
        assert "演示环境：凭身份证号码和面部就可以" in text
        assert 'name="password"' not in text


@override_settings(FACE_PROVIDER="http", FACE_PROVIDER_CERTIFICATE=CERTIFICATE, FACE_ALONE_IN_DEMONSTRATION=False)
def test_with_a_certified_service_the_pages_are_those_of_the_manual(client: Client) -> None:
    text = client.get("/m/login/face/").text
    assert "演示环境" not in text
    assert 'name="password"' not in text


# --- tries: whose are used up ---


def strange(address: str) -> Client:
    return Client(REMOTE_ADDR=address)


def guess(client: Client, pictures: FacePictures, id_number: str) -> int:
    """With a face that is not the person's."""
    poses = {step: small(pictures.other, brighter=at) for at, step in enumerate(pictures.poses)}
    return int(enter(client, pictures, id_number, **frames(poses)).status_code)


@pytest.mark.usefixtures("fresh_windows")
def test_a_stranger_uses_up_nobodys_tries_but_their_own(face_pictures: FacePictures) -> None:
    person = make_faced(face_pictures.one[0])
    home = strange("192.0.2.1")
    assert enter(home, face_pictures, person.id_number).url == "/m/"
    home.post("/logout/")
    stranger = strange("198.51.100.7")
    assert [guess(stranger, face_pictures, person.id_number) for _ in range(4)] == [400, 400, 400, 429]
    assert guess(strange("198.51.100.7"), face_pictures, person.id_number) == 429, "another browser there shares them"
    assert enter(home, face_pictures, person.id_number, seed=1).url == "/m/", "at home nothing has happened"
    assert enter(strange("203.0.113.9"), face_pictures, person.id_number, seed=2).url == "/m/", "nor at a third place"


@pytest.mark.usefixtures("fresh_windows")
def test_a_known_browser_goes_in_from_the_very_network_of_the_stranger(face_pictures: FacePictures) -> None:
    person = make_faced(face_pictures.one[0])
    own, stranger = strange("192.0.2.1"), strange("192.0.2.1")
    own.post("/login/", {"id_number": person.id_number, "password": PASSWORD})
    own.post("/logout/")
    assert [guess(stranger, face_pictures, person.id_number) for _ in range(4)][-1] == 429
    assert enter(own, face_pictures, person.id_number).url == "/m/"


@pytest.mark.usefixtures("fresh_windows")
def test_many_addresses_only_delay_a_strange_browser(
    face_pictures: FacePictures, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("accounts.verification.face_tries.OF_NUMBER", Limit("face_login_number", 2, timedelta(hours=1)))
    person = make_faced(face_pictures.one[0])
    own = strange("192.0.2.1")
    own.post("/login/", {"id_number": person.id_number, "password": PASSWORD})
    own.post("/logout/")
    for number in (person.id_number, make_id_number()):
        answers = [guess(strange(f"198.51.100.{at}"), face_pictures, number) for at in range(3)]
        assert answers == [400, 400, 429]
    delayed = enter(strange("203.0.113.9"), face_pictures, person.id_number)
    assert "试得太频繁" in delayed.text
    assert "分钟后再试" in delayed.text
    assert enter(own, face_pictures, person.id_number).url == "/m/"
    with later(hours=1):
        assert enter(strange("203.0.113.9"), face_pictures, person.id_number, seed=1).url == "/m/"


@pytest.mark.usefixtures("fresh_windows")
def test_a_made_up_cookie_makes_no_known_browser(face_pictures: FacePictures) -> None:
    person = make_faced(face_pictures.one[0])
    stranger = strange("198.51.100.7")
    stranger.cookies[known_browsers.cookie_name()] = f'["x",[{person.user_id}]]'
    assert [guess(stranger, face_pictures, person.id_number) for _ in range(4)][-1] == 429
    other = make_person()
    stranger.post("/login/", {"id_number": other.id_number, "password": PASSWORD})
    stranger.post("/logout/")
    assert guess(stranger, face_pictures, person.id_number) == 429, "known to one person is not known to another"


def test_in_production_too_who_has_no_password_uses_nothing_up(
    person: Person, client: Client, face_pictures: FacePictures
) -> None:
    for _ in range(4):
        enter(strange("127.0.0.1"), face_pictures, person.id_number, password="Falsch-2026")
    assert enter(client, face_pictures, person.id_number, password=PASSWORD).url == "/m/"
