"""Production refuses to start half configured. Each case runs in a process of its own: settings are read once."""

from __future__ import annotations

import base64
import json
import re
import secrets

import pytest

from .environment import ROOT, complete, start

NEEDED = [
    *[
        "SECRET_KEY",
        "FIELD_ENCRYPTION_KEYS",
        "BLIND_INDEX_KEY",
        "DATABASE_URL",
        "ALLOWED_HOSTS",
        "CSRF_TRUSTED_ORIGINS",
    ],
    *["PUBLIC_BASE_URL", "ECERT_SIGNER_KEY", "ECERT_SIGNER_CERT", "ECERT_CHAIN", "ECERT_ROOT", "ECERT_CRLS"],
    *["ECERT_SEAL", "ECERT_ISSUER_NAME", "ECERT_ISSUER_USCC", "CAKEY_TRUST_ROOTS", "CAKEY_CRLS", "CAKEY_ORIGIN"],
    "FACE_PROVIDER",
    *["REGISTRY_URL", "REGISTRY_KEY"],
]


LOAD = "from django.conf import settings; settings.DEBUG"


def test_nothing_configured_names_everything_at_once() -> None:
    answer = start({}, LOAD)
    assert answer.returncode != 0
    named = set(re.findall(r"^  ([A-Z_]+) is not set$", answer.stderr, re.MULTILINE))
    assert named == set(NEEDED)


@pytest.mark.parametrize("name", NEEDED)
def test_each_missing_setting_is_refused(name: str) -> None:
    environment = complete()
    del environment[name]
    answer = start(environment, LOAD)
    assert answer.returncode != 0
    assert f"  {name} is not set" in answer.stderr
    assert answer.stderr.count(" is not set") == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "changeme"),
        ("SECRET_KEY", "x" * 60),
        ("SECRET_KEY", "for tests only; " * 4),
        ("FIELD_ENCRYPTION_KEYS", "c2hvcnQ="),
        ("FIELD_ENCRYPTION_KEYS", base64.urlsafe_b64encode(bytes(32)).decode()),
        ("BLIND_INDEX_KEY", base64.urlsafe_b64encode(bytes(range(32))).decode()),
        ("BLIND_INDEX_KEY", "不是密钥"),
        ("PUBLIC_BASE_URL", "http://portal.example"),
        ("REGISTRY_URL", "http://registry.example"),
        ("ECERT_SIGNER_KEY", "/nowhere/signer.key"),
        ("CAKEY_CRLS", "/nowhere/a.crl"),
        ("FACE_PROVIDER", "console"),
    ],
)
def test_a_weak_or_wrong_value_is_refused_and_not_repeated(name: str, value: str) -> None:
    answer = start(complete() | {name: value}, LOAD)
    assert answer.returncode != 0
    complaints = [line for line in answer.stderr.splitlines() if line.startswith("  ") and name in line]
    assert any(name in line for line in complaints)
    assert not any(value in line for line in complaints)


def test_a_complete_configuration_starts_and_passes_the_deployment_checks() -> None:
    program = """
import json, sys, django
from django.core.management import call_command
django.setup()
call_command("check", deploy=True, fail_level="WARNING", stdout=sys.stderr)
from django.conf import settings as s
print(json.dumps([s.DEBUG, s.SESSION_COOKIE_SECURE, s.SECURE_HSTS_SECONDS > 0, s.TRUSTED_PROXIES, s.LOGGING["handlers"]
["stderr"]["formatter"]]))
"""
    answer = start(complete(), program)
    assert answer.returncode == 0, answer.stderr
    assert json.loads(answer.stdout) == [False, True, True, 1, "json"]


def test_a_face_service_needs_its_address_and_secret() -> None:
    answer = start(complete() | {"FACE_PROVIDER": "http"}, LOAD)
    assert answer.returncode != 0
    assert "FACE_PROVIDER_URL is not set" in answer.stderr
    assert "FACE_PROVIDER_SECRET is not set" in answer.stderr
    reached = {"FACE_PROVIDER_URL": "http://face.example/", "FACE_PROVIDER_SECRET": "x" * 60}
    answer = start(complete() | {"FACE_PROVIDER": "page"} | reached, LOAD)
    assert "FACE_PROVIDER_URL must begin with https://" in answer.stderr
    assert "FACE_PROVIDER_SECRET is too easy to guess" in answer.stderr


def test_what_carries_messages_needs_its_addresses_and_secrets() -> None:
    answer = start(complete() | {"SMS_PROVIDER": "http", "EMAIL_PROVIDER": "smtp"}, LOAD)
    for name in ("SMS_URL", "SMS_KEY", "SMS_SECRET", "SMS_SIGN", "EMAIL_URL", "EMAIL_FROM"):
        assert f"{name} is not set" in answer.stderr
    wrong = {
        "SMS_PROVIDER": "console",
        "EMAIL_PROVIDER": "smtp",
        "EMAIL_URL": "smtp://user:geheim@mail.example:25",
        "EMAIL_FROM": "jxcloud@portal.example",
    }
    answer = start(complete() | wrong, LOAD)
    assert "SMS_PROVIDER must be one of http" in answer.stderr
    assert "EMAIL_URL must begin with smtp+tls:// or smtp+ssl://" in answer.stderr
    assert "geheim" not in answer.stderr


def test_what_carries_messages_is_configured_by_the_environment() -> None:
    service = {"SMS_PROVIDER": "http", "SMS_URL": "https://sms.example/", "SMS_KEY": "portal", "SMS_SIGN": "江西住建"}
    mail = {"EMAIL_PROVIDER": "smtp", "EMAIL_URL": "smtp+ssl://u:p%40ss@mail.example:465", "EMAIL_FROM": "a@b.example"}
    said = "from django.conf import settings as s; print(s.SMS_URL, s.EMAIL_HOST, s.EMAIL_PORT, s.EMAIL_USE_SSL, s.EMAIL_FROM)"
    answer = start(complete() | service | mail | {"SMS_SECRET": secrets.token_urlsafe(60)}, said)
    assert answer.stdout.strip() == "https://sms.example mail.example 465 True a@b.example", answer.stderr


SERVICE = {"FACE_PROVIDER": "http", "FACE_PROVIDER_URL": "https://face.example/"}


def face_alone(environment: dict[str, str]) -> str:
    """What a face opens by itself under these settings."""
    program = """
import django
django.setup()
from django.conf import settings
from accounts.verification.assurance import face_suffices
print(face_suffices(), settings.IS_DEMONSTRATION, settings.FACE_ALONE_IN_DEMONSTRATION)
"""
    answer = start(environment, program)
    assert answer.returncode == 0, answer.stderr
    return answer.stdout.strip()


def test_a_face_alone_suffices_only_with_a_certificate() -> None:
    service = complete() | SERVICE | {"FACE_PROVIDER_SECRET": secrets.token_urlsafe(60)}
    assert face_alone(complete()) == "False False False"
    switched = {"FACE_ALONE_IN_DEMONSTRATION": "true", "IS_DEMONSTRATION": "true"}
    assert face_alone(complete() | switched) == "False False False", "no switch turns production into a demonstration"
    assert face_alone(service | {"FACE_PROVIDER_CERTIFICATE": "none"}) == "False False False"
    assert face_alone(service | {"FACE_PROVIDER_CERTIFICATE": "GA-2026-0001"}) == "True False False"


@pytest.mark.parametrize(
    ("more", "complaint"),
    [
        (SERVICE, "FACE_PROVIDER_CERTIFICATE is not set"),
        (SERVICE | {"FACE_PROVIDER_CERTIFICATE": "true"}, "FACE_PROVIDER_CERTIFICATE must be the number of a document"),
        (
            SERVICE | {"FACE_PROVIDER_CERTIFICATE": "certified"},
            "FACE_PROVIDER_CERTIFICATE must be the number of a document",
        ),
        (
            {"FACE_PROVIDER_CERTIFICATE": "GA-2026-0001"},
            "FACE_PROVIDER_CERTIFICATE goes with FACE_PROVIDER=http or page",
        ),
    ],
)
def test_what_a_face_proves_is_never_left_open(more: dict[str, str], complaint: str) -> None:
    answer = start(complete() | more | {"SECRET_KEY": "changeme"}, LOAD)
    assert answer.returncode != 0
    assert complaint in answer.stderr
    assert "SECRET_KEY is too easy to guess" in answer.stderr, "all at once"


def test_env_example_documents_every_needed_setting() -> None:
    documented = set(re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    assert set(NEEDED) <= documented
