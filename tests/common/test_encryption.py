import base64

import pytest
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from common.encryption import (
    OVERHEAD,
    DecryptionError,
    blind_index,
    decrypt_bytes,
    decrypt_text,
    encrypt_bytes,
    encrypt_text,
)

OLD_KEY = base64.b64encode(b"o" * 32).decode()
NEW_KEY = base64.b64encode(b"n" * 32).decode()


@pytest.fixture(autouse=True)
def old_key(settings: Settings) -> None:
    settings.FIELD_ENCRYPTION_KEYS = [OLD_KEY]
    settings.BLIND_INDEX_KEY = base64.b64encode(b"i" * 32).decode()


@given(st.text())
def test_text_comes_back(text: str):
    token = encrypt_text(text)
    assert token.isascii()
    assert decrypt_text(token) == text


@given(st.binary(max_size=1000))
def test_bytes_come_back(content: bytes):
    stored = encrypt_bytes(content)
    assert len(stored) == len(content) + OVERHEAD
    assert decrypt_bytes(stored) == content


def test_equal_texts_are_stored_differently():
    assert encrypt_text("13812341234") != encrypt_text("13812341234")


def test_a_new_key_encrypts_and_the_old_one_still_decrypts(settings: Settings):
    before = encrypt_text("张三")
    settings.FIELD_ENCRYPTION_KEYS = [NEW_KEY, OLD_KEY]
    after = encrypt_text("张三")
    assert decrypt_text(before) == decrypt_text(after) == "张三"
    settings.FIELD_ENCRYPTION_KEYS = [NEW_KEY]
    assert decrypt_text(after) == "张三"
    with pytest.raises(DecryptionError, match="no key"):
        decrypt_text(before)


@pytest.mark.parametrize("position", [0, 5, 10, 25, -1])
def test_every_change_is_noticed(position: int):
    stored = bytearray(encrypt_bytes(b"content"))
    stored[position] ^= 1
    with pytest.raises(DecryptionError):
        decrypt_bytes(bytes(stored))


@pytest.mark.parametrize("token", ["", "plain text", "明文", "QUJD", "SlhFMQ=="])
def test_foreign_text_is_refused(token: str):
    with pytest.raises(DecryptionError):
        decrypt_text(token)


def test_blind_index_depends_on_value_purpose_and_key(settings: Settings):
    index = blind_index("360102199001011234", "id_number")
    assert index == blind_index("360102199001011234", "id_number")
    assert len(index) == 64
    assert index != blind_index("360102199001011235", "id_number")
    assert index != blind_index("360102199001011234", "phone")
    settings.BLIND_INDEX_KEY = base64.b64encode(b"j" * 32).decode()
    assert index != blind_index("360102199001011234", "id_number")


def test_both_alphabets_of_base64_are_keys(settings: Settings):
    key = b"\xfb\xff" * 16
    settings.FIELD_ENCRYPTION_KEYS = [base64.b64encode(key).decode()]
    token = encrypt_text("张三")
    settings.FIELD_ENCRYPTION_KEYS = [base64.urlsafe_b64encode(key).decode()]
    assert decrypt_text(token) == "张三"


@pytest.mark.parametrize("keys", [[], ["AAAA"], ["not base64!"]])
def test_wrong_keys_are_refused(settings: Settings, keys: list[str]):
    settings.FIELD_ENCRYPTION_KEYS = keys
    with pytest.raises(ImproperlyConfigured):
        encrypt_text("张三")


@pytest.mark.parametrize("key", ["", "AAAA", "不是"])
def test_wrong_index_keys_are_refused(settings: Settings, key: str):
    settings.BLIND_INDEX_KEY = key
    with pytest.raises(ImproperlyConfigured):
        blind_index("13812341234", "phone")
