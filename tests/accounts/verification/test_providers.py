"""Services outside, against a real server on this machine: whatever is doubtful is never a yes."""

from __future__ import annotations

import base64
import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.test import Client

from accounts.models import FaceCheck, Person
from accounts.verification.http import SIGNATURE, TIMESTAMP, HttpVerifier, exchange, sign
from accounts.verification.verdicts import Frame, ProviderFailed, Step
from tests.face_pictures import FacePictures

from .world import make_faced, send

pytestmark = pytest.mark.django_db
SECRET = "between portal and provider " * 3


class Provider(HTTPServer):
    """Checks our signature, then answers as the test says."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[dict[str, Any]] = []
        self.answer: Callable[[dict[str, Any]], dict[str, Any]] = accepted
        self.status, self.wait, self.broken = 200, 0.0, b""
        self.signs, self.shift = True, 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/verify"


class Handler(BaseHTTPRequestHandler):
    server: Provider

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        assert self.headers[SIGNATURE] == sign(self.headers[TIMESTAMP].encode() + b"." + body)
        assert abs(time.time() - int(self.headers[TIMESTAMP])) < 60
        question = json.loads(body)
        self.server.asked.append(question)
        time.sleep(self.server.wait)
        answer = self.server.broken or json.dumps(self.server.answer(question)).encode()
        timestamp = str(int(time.time()) + self.server.shift)
        self.send_response(self.server.status)
        self.send_header(TIMESTAMP, timestamp)
        signature = sign(timestamp.encode() + b"." + answer)
        self.send_header(SIGNATURE, signature if self.server.signs else "0" * 64)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        """Silent."""


def accepted(question: dict[str, Any]) -> dict[str, Any]:
    return {"nonce": question["nonce"], "score": 0.93, "live": True, "problems": [], "model": "demo 1.0"}


@pytest.fixture
def provider(settings: Any) -> Iterator[Provider]:
    server = Provider()
    settings.FACE_PROVIDER, settings.FACE_PROVIDER_URL = "http", server.url
    settings.FACE_PROVIDER_SECRET, settings.FACE_PROVIDER_TIMEOUT = SECRET, 60
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def person(face_pictures: FacePictures, client: Client) -> Person:
    made = make_faced(face_pictures.one[0])
    client.force_login(made.user)
    return made


def ask() -> object:
    return HttpVerifier().verify(nonce="n", portrait=b"p", frames=[Frame(b"f", Step.FRONT)], steps=[Step.FRONT])


def test_the_provider_gets_portrait_and_frames_and_its_yes_counts(
    client: Client, person: Person, provider: Provider, face_pictures: FacePictures
) -> None:
    assert send(client, face_pictures, next="/m/").url == "/m/"
    (question,) = provider.asked
    assert base64.b64decode(question["portrait"]) == face_pictures.one[0]
    sent = [base64.b64decode(frame["jpeg"]) for frame in question["frames"]]
    assert sent == [frame for taken in face_pictures.live().values() for frame in taken]
    check = FaceCheck.objects.get()
    assert (check.provider, check.score, check.models_used) == ("http", 0.93, {"provider": "demo 1.0"})


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"score": 0.1}, "面部与登记的人像不符"),
        ({"live": False}, "没有确认是本人在现场操作"),
        ({"problems": ["turn_left:not_turned"]}, "没有看到“向左转头”的动作"),
        ({"problems": ["something of its own"]}, "没有确认是本人在现场操作"),
        ({"score": None, "problems": ["front:no_face"]}, "没有看到面部"),
    ],
)
def test_its_no_is_told_in_our_words(
    client: Client,
    person: Person,
    provider: Provider,
    face_pictures: FacePictures,
    change: dict[str, Any],
    sentence: str,
) -> None:
    provider.answer = lambda question: accepted(question) | change
    assert sentence in send(client, face_pictures).text
    assert "verified_at" not in client.session


@pytest.mark.parametrize(
    "change",
    [
        {"nonce": "another"},
        {"score": 1.5},
        {"score": -0.1},
        {"score": True},
        {"score": "0.99"},
        {"score": float("nan")},
        {"live": "yes"},
        {"live": None},
        {"problems": "none"},
        {"problems": ["x"] * 50},
    ],
)
def test_an_unclear_answer_is_a_failure(provider: Provider, change: dict[str, Any]) -> None:
    provider.answer = lambda question: accepted(question) | change
    with pytest.raises(ProviderFailed):
        ask()


@pytest.mark.parametrize(
    "trouble",
    [
        {"signs": False},
        {"shift": -300},
        {"shift": 300},
        {"status": 500},
        {"status": 302},
        {"broken": b"not json"},
        {"broken": b"[1]"},
        {"broken": b"{" + b" " * 70_000 + b"}"},
        {"wait": 1.0},
    ],
)
def test_an_answer_that_cannot_be_trusted_is_a_failure(
    provider: Provider, settings: Any, trouble: dict[str, Any]
) -> None:
    if "wait" in trouble:
        settings.FACE_PROVIDER_TIMEOUT = 0.5
    for name, value in trouble.items():
        setattr(provider, name, value)
    with pytest.raises(ProviderFailed):
        ask()


def test_nobody_at_the_address_is_a_failure(provider: Provider, settings: Any) -> None:
    settings.FACE_PROVIDER_URL = "http://127.0.0.1:9/verify"
    with pytest.raises(ProviderFailed):
        exchange({"nonce": "n"})


def test_a_failing_provider_costs_no_try_and_verifies_nobody(
    client: Client, person: Person, provider: Provider, face_pictures: FacePictures
) -> None:
    provider.signs = False
    answer = send(client, face_pictures)
    assert "人脸核验服务暂时无法使用" in answer.text
    assert "今天还可以失败 3 次" in answer.text
    assert FaceCheck.objects.get().result == "unavailable"
    assert "verified_at" not in client.session


# --- a page of its own ---


@pytest.fixture
def page(provider: Provider, settings: Any) -> Provider:
    settings.FACE_PROVIDER = "page"
    provider.answer = lambda question: {"nonce": question["nonce"], "page": f"{provider.url}/{question['nonce']}"}
    return provider


def returned(question: dict[str, Any], **changes: Any) -> str:
    """The address with which the provider sends the person back."""
    body = json.dumps(accepted(question) | changes.pop("content", {})).encode()
    timestamp = str(int(time.time()))
    query = {
        "nonce": question["nonce"],
        "result": base64.urlsafe_b64encode(body).decode(),
        "timestamp": timestamp,
        "signature": sign(timestamp.encode() + b"." + body),
    }
    return f"{urlsplit(question['return_url']).path}?{urlencode(query | changes)}"


def test_a_person_goes_to_the_page_and_comes_back_verified(
    client: Client, person: Person, page: Provider, face_pictures: FacePictures
) -> None:
    assert client.get("/m/verify/face/?next=/m/").url == "/m/verify/page/?next=%2Fm%2F"
    answer = client.get("/m/verify/page/?next=/m/x/")
    (question,) = page.asked
    assert f'href="{page.url}/{question["nonce"]}"' in answer.text
    assert (question["name"], question["id_number"]) == (person.name, person.id_number)
    back = returned(question)
    assert parse_qs(urlsplit(back).query)["nonce"] == [question["nonce"]]
    assert client.get(back).url == "/m/x/"
    assert "verified_at" in client.session
    assert FaceCheck.objects.get().capture == "provider"
    assert "已经提交过或已失效" in client.get(back).text


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"signature": "0" * 64}, "人脸核验服务暂时无法使用"),
        ({"timestamp": "1"}, "人脸核验服务暂时无法使用"),
        ({"result": "%%%"}, "人脸核验服务暂时无法使用"),
        ({"content": {"nonce": "another"}}, "人脸核验服务暂时无法使用"),
        ({"nonce": "another"}, "已经提交过或已失效"),
        ({"content": {"score": 0.1}}, "面部与登记的人像不符"),
    ],
)
def test_a_forged_or_negative_return_verifies_nobody(
    client: Client, person: Person, page: Provider, changes: dict[str, Any], sentence: str
) -> None:
    client.get("/m/verify/page/")
    answer = client.get(returned(page.asked[0], **changes))
    assert answer.status_code == 400
    assert sentence in answer.text
    assert "verified_at" not in client.session


def test_another_person_cannot_use_the_return(
    client: Client, person: Person, page: Provider, face_pictures: FacePictures
) -> None:
    client.get("/m/verify/page/")
    other = Client()
    other.force_login(make_faced(face_pictures.other).user)
    assert "已失效" in other.get(returned(page.asked[0])).text


def test_a_page_elsewhere_is_not_followed(client: Client, person: Person, page: Provider) -> None:
    page.answer = lambda question: {"nonce": question["nonce"], "page": "https://elsewhere.example/"}
    answer = client.get("/m/verify/page/")
    assert "elsewhere.example" not in answer.text
    assert "人脸核验服务暂时无法使用" in answer.text


def test_login_by_face_is_not_offered_with_a_page(client: Client, page: Provider) -> None:
    answer = client.get("/m/login/face/")
    assert "请用密码登录" in answer.text
    assert "打开摄像头" not in answer.text
