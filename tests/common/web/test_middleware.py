from __future__ import annotations

import contextlib
import io
import json
import logging
from collections.abc import Iterator

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from pytest_django.fixtures import Settings

from common.operation.logging import JsonFormatter, PlainFormatter, request_id, without_id_numbers
from common.web import middleware
from common.web.middleware import ClientAddressMiddleware, UploadLimitMiddleware, client_address, upload_limit

ID_NUMBER = "110101199003078515"
OLD_ID_NUMBER = "110101900307851"


@pytest.fixture
def inside_a_request() -> Iterator[None]:
    token = request_id.set("request-7")
    yield
    request_id.reset(token)


class TestRequestId:
    def test_each_answer_has_its_own(self, client: Client) -> None:
        first, second = client.get("/healthz"), client.get("/healthz")
        assert len(first["X-Request-ID"]) == 32
        assert first["X-Request-ID"] != second["X-Request-ID"]

    def test_the_proxys_id_is_kept(self, client: Client) -> None:
        assert client.get("/healthz", headers={"X-Request-ID": "proxy-0042"})["X-Request-ID"] == "proxy-0042"

    @pytest.mark.parametrize("bad", ["short", "x" * 65, "with blank inside", 'quote"and{brace}'])
    def test_an_unfit_id_is_replaced(self, client: Client, bad: str) -> None:
        assert client.get("/healthz", headers={"X-Request-ID": bad})["X-Request-ID"] != bad

    def test_log_lines_carry_it(self, inside_a_request: None) -> None:
        record = logging.LogRecord("some.logger", logging.INFO, __file__, 1, "done %s", ("well",), None)
        line = json.loads(JsonFormatter().format(record))
        assert (line["request_id"], line["message"], line["level"]) == ("request-7", "done well", "INFO")


class TestLogLines:
    @pytest.mark.parametrize("number", [ID_NUMBER, OLD_ID_NUMBER, "11010119900307851X", "11010119900307851x"])
    def test_id_numbers_are_removed(self, number: str) -> None:
        assert without_id_numbers(f"no such person {number}。") == "no such person 110101************。"

    @pytest.mark.parametrize(
        "other", ["91360000MA35XXXX01", "1763891234567", "20251123000000000001", "赣建安A（2021）0001234"]
    )
    def test_other_numbers_stay(self, other: str) -> None:
        assert without_id_numbers(other) == other

    @pytest.mark.parametrize("formatter", [JsonFormatter(), PlainFormatter()])
    def test_an_exception_is_logged_without_them(self, formatter: logging.Formatter) -> None:
        stream = io.StringIO()
        handler = logging.StreamHandler(stream)
        handler.setFormatter(formatter)
        logger = logging.Logger("any")
        logger.addHandler(handler)
        try:
            raise ValueError(f"{ID_NUMBER} failed")
        except ValueError:
            logger.exception("broken")
        assert "ValueError: 110101************ failed" in stream.getvalue()
        assert ID_NUMBER not in stream.getvalue()


class TestClientAddress:
    @pytest.mark.parametrize(
        ("proxies", "forwarded", "expected"),
        [
            (0, "203.0.113.9", "127.0.0.1"),
            (1, "203.0.113.9", "203.0.113.9"),
            (1, "198.51.100.1, 203.0.113.9", "203.0.113.9"),
            (2, "198.51.100.1, 203.0.113.9, 10.0.0.1", "203.0.113.9"),
            (2, "203.0.113.9", "127.0.0.1"),
            (1, "", "127.0.0.1"),
            (1, "203.0.113.9:51234", "203.0.113.9"),
            (1, "[2001:db8::1]:443", "2001:db8::1"),
            (1, "[2001:db8::1]", "2001:db8::1"),
            (1, "unknown", "127.0.0.1"),
            (1, "203.0.113.9\0", "127.0.0.1"),
            (1, "203.0.113.999", "127.0.0.1"),
            (1, "203.0.113.9, _hidden", "127.0.0.1"),
        ],
    )
    def test_only_our_own_proxies_are_believed(
        self, settings: Settings, proxies: int, forwarded: str, expected: str
    ) -> None:
        settings.TRUSTED_PROXIES = proxies
        middleware = ClientAddressMiddleware(lambda request: HttpResponse(client_address(request)))
        request = RequestFactory().get("/", headers={"X-Forwarded-For": forwarded})
        assert middleware(request).content.decode() == expected


class TestResponseHeaders:
    def test_every_answer_carries_the_policies(self, client: Client) -> None:
        answer = client.get("/healthz")
        policy = answer["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert answer["X-Frame-Options"] == "DENY"
        assert answer["Referrer-Policy"] == "same-origin"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Permissions-Policy"].startswith("camera=(self)")

    @pytest.mark.django_db
    def test_a_page_shown_within_a_session_is_not_kept(self, client: Client) -> None:
        assert "Cache-Control" not in client.get("/no-such-page/")
        client.cookies["sessionid"] = "0" * 32
        assert client.get("/no-such-page/")["Cache-Control"] == "private, no-store"


class TestUploadLimit:
    @pytest.mark.django_db
    def test_a_body_above_the_limit_gets_a_page(self, client: Client, settings: Settings) -> None:
        settings.UPLOAD_LIMITS = {"/": 1000}
        answer = client.post("/", {"scan": io.BytesIO(b"x" * 2000)})
        assert answer.status_code == 413
        assert "上传的文件太大" in answer.content.decode()

    @pytest.mark.django_db
    def test_the_body_is_read_away_in_small_pieces(self, settings: Settings) -> None:
        """A browser that cannot finish sending shows a broken connection instead of the page."""
        settings.UPLOAD_LIMITS = {"/": 100_000}
        request = RequestFactory().post("/", b"x" * 500_000, content_type="application/octet-stream")
        assert UploadLimitMiddleware(_never)(request).status_code == 413
        assert request.read(1) == b""

    def test_the_longest_beginning_counts(self, settings: Settings) -> None:
        settings.UPLOAD_LIMITS = {"/": 10, "/office/": 20, "/office/imports/": 30}
        paths = ["/", "/person/photo/", "/office/", "/office/imports/new/"]
        assert [upload_limit(path) for path in paths] == [10, 10, 20, 30]

    def test_a_body_within_the_limit_reaches_the_view(self, settings: Settings) -> None:
        settings.UPLOAD_LIMITS = {"/": 1000}
        request = RequestFactory().post("/", b"x" * 1000, content_type="application/octet-stream")
        assert UploadLimitMiddleware(lambda got: HttpResponse(got.body))(request).content == b"x" * 1000


def _never(request: HttpRequest) -> HttpResponse:
    raise AssertionError("the view was reached")


class TestBodies:
    """Threads that read what comes slowly are few, so that the others go on answering."""

    def test_what_finds_no_thread_is_refused_unread(self, settings: Settings) -> None:
        settings.BODIES_AT_ONCE, settings.BODIES_OF_ONE_ADDRESS = 2, 1
        assert self.statuses("198.51.100.1", "198.51.100.1") == [429]
        assert self.statuses("198.51.100.1", "198.51.100.2", "198.51.100.3") == [503]

    def test_two_addresses_of_one_household_count_together(self, settings: Settings) -> None:
        settings.BODIES_OF_ONE_ADDRESS = 1
        assert self.statuses("2001:db8::1", "2001:db8::2") == [429]

    def test_a_page_without_a_body_needs_no_such_thread(self, settings: Settings) -> None:
        settings.BODIES_AT_ONCE = 0
        assert UploadLimitMiddleware(lambda got: HttpResponse("page"))(RequestFactory().get("/")).status_code == 200

    def statuses(self, *addresses: str) -> list[int]:
        """Of the last one, while the bodies of the others are still coming."""
        with contextlib.ExitStack() as others:
            for address in addresses[:-1]:
                others.enter_context(middleware._bodies.reading(middleware.networks_of(address)[0]))
            request = RequestFactory().post("/", b"x" * 10, content_type="text/plain", REMOTE_ADDR=addresses[-1])
            refused = UploadLimitMiddleware(_never)(request)
            assert refused["Connection"] == "close"
            assert "再试一次" in refused.text
        after = UploadLimitMiddleware(lambda got: HttpResponse(got.body))(request)
        assert after.content == b"x" * 10
        return [refused.status_code]

    def test_a_body_of_unknown_length_is_refused(self) -> None:
        request = RequestFactory().post("/", b"x", content_type="text/plain", headers={"Transfer-Encoding": "chunked"})
        answer = UploadLimitMiddleware(_never)(request)
        assert answer.status_code == 411
        assert "内容的长度" in answer.text

    def test_a_large_body_reaches_the_view_whole(self, client: Client) -> None:
        body = b"x" * 3_000_000
        request = RequestFactory().post("/", body, content_type="application/octet-stream")
        assert UploadLimitMiddleware(lambda got: HttpResponse(got.read()))(request).content == body
